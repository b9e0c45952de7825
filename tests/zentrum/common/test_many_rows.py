"""Many rows at once are planned for as many: the plan of an earlier statement is not kept."""

from contextlib import closing

import pytest
from django.db import connection

from actors.models import Actor
from tests.factories.actors import ActorFactory
from zentrum.common.models import many_rows

MANY = 300
TELL_PLANS = """
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0;
    SET auto_explain.log_nested_statements = on;
    SET client_min_messages = log;
"""


@pytest.fixture
def plans():
    """What PostgreSQL says of its plans, on a connection that ends with the test."""
    heard = []
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(TELL_PLANS)
        connection.connection.add_notice_handler(lambda said: heard.append(said.message_primary))
        yield heard


def change(count):
    Actor.objects.filter(pk__in=Actor.objects.order_by("pk")[:count]).update(name="Laden")


def are_joined_at_once(plans):
    """How the trigger that keeps the history of actors joined old rows with new ones at last."""
    plan = next(text for text in reversed(plans) if "JOIN new_values" in text)
    return "Hash Join" in plan or "Merge Join" in plan


@pytest.mark.django_db(transaction=True)
def test_many_rows_after_one_are_not_compared_each_with_each(plans):
    ActorFactory.create_batch(MANY)
    change(1)
    assert not are_joined_at_once(plans)

    with many_rows():
        change(MANY)

    assert are_joined_at_once(plans)
