"""Many rows at once are planned for as many: the plan of an earlier statement is not kept."""

import pytest
from django.db import connection

from zentrum.common.models import many_rows


def mode():
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_statements_are_planned_anew_until_the_transaction_ends():
    with many_rows():
        assert mode() == "force_custom_plan"

    assert mode() == "auto"
