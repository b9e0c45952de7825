"""Who is working on a case at this moment, in the list and on the page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.cases import presence
from contacts.models import Presence
from tests.concurrency import run_at_once
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = reverse("contacts:case_list")


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)


@pytest.fixture
def case(centre, manager):
    return CaseFactory(centre=centre, carrier=centre.carrier, owner=manager)


def beat(client, case):
    return client.post(reverse("contacts:presence_beat", args=[case.pk]))


def working(case, name="Kim Berg", seconds=0):
    seen_at = timezone.now() - timedelta(seconds=seconds)
    return Presence.objects.create(user=UserFactory(name=name), case=case, seen_at=seen_at)


def test_a_colleague_is_named_to_an_open_page_and_in_the_list(client, case):
    working(case)

    answer = beat(client, case).content.decode()

    assert "Kim Berg" in answer
    assert client.get(LIST).context["present"] == {case.pk: ["Kim Berg"]}
    assert "Kim Berg" in client.get(LIST).content.decode()


def test_nobody_is_told_of_themselves(client, case):
    beat(client, case)

    assert beat(client, case).content.decode().strip() == ""
    assert client.get(LIST).context["present"] == {}
    assert Presence.objects.count() == 1


@pytest.mark.parametrize(("seconds", "names"), [(60, ["Kim Berg"]), (90, [])])
def test_who_gives_no_sign_any_more_is_gone_after_a_while(case, manager, seconds, names):
    working(case, seconds=seconds)

    assert presence.others_on([case], manager).get(case.pk, []) == names


def test_where_somebody_was_long_ago_is_forgotten(client, case, manager):
    old = CaseFactory()
    seen_at = timezone.now() - timedelta(hours=2)
    Presence.objects.create(user=manager, case=old, seen_at=seen_at)

    beat(client, case)

    assert [row.case for row in Presence.objects.all()] == [case]


def test_who_may_not_see_a_case_neither_learns_nor_leaves_a_trace(client, case, sign_in):
    other = CentreFactory()
    working(case)
    sign_in(Role.MANAGER, centre=other, carrier=other.carrier)

    assert beat(client, case).status_code == 404
    assert "Kim Berg" not in client.get(LIST).content.decode()
    assert Presence.objects.count() == 1


def test_city_administration_leaves_no_sign(client, case, centre, sign_in):
    sign_in(Role.CITY, centre=centre)

    assert beat(client, case).status_code == 403
    assert not Presence.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_sign_needs_the_same_queries_for_any_number(
    client, case, django_assert_num_queries, count
):
    for number in range(count):
        working(case, name=f"Kim {number}")
    beat(client, case)

    with django_assert_num_queries(7):
        assert beat(client, case).content.decode().count("Kim") == count


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_are_one_sign(case, manager):
    results = run_at_once(lambda: presence.beat(manager, case))

    assert results == [None] * 4
    assert Presence.objects.count() == 1
