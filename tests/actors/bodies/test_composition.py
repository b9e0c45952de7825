"""Whether a body's rules of procedure can be kept with the seats of a day."""

from datetime import date

import pytest

from actors.bodies.composition import composition_on
from actors.bodies.models import Group, Quota
from tests.factories.actors import BodyFactory, SeatFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 15)


def fill(body, **members):
    for group, number in members.items():
        SeatFactory.create_batch(number, body=body, group=group)


def kept(body):
    return [rule.is_kept for rule in composition_on(body, DAY).rules]


def test_votes_are_counted_by_group_without_advice_and_without_vacant_seats():
    body = BodyFactory(seats_planned=8)
    fill(body, trade=3, administration=1)
    SeatFactory(body=body, group=Group.EXPERTS, is_voting=False)
    SeatFactory(body=body, group=Group.OWNERS, person=None)

    found = composition_on(body, DAY)

    assert (found.filled, found.voting, found.vacant, found.advisory) == (4, 8, 4, 1)
    assert [(share.group, share.seats, share.percent) for share in found.shares] == [
        ("trade", 3, 75),
        ("administration", 1, 25),
    ]


def test_only_seats_of_the_day_count():
    body = BodyFactory()
    SeatFactory(body=body, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 14))
    SeatFactory(body=body, starts_on=date(2026, 6, 15), ends_on=date(2026, 6, 15))
    SeatFactory(body=body, starts_on=date(2026, 6, 16))

    assert composition_on(body, DAY).filled == 1


@pytest.mark.parametrize(
    ("percent", "seats", "members", "reachable"),
    [(50, None, 4, True), (50, None, 3, False), (51, None, 4, False), (None, 5, 4, False),
     (None, 4, 4, True), (50, 5, 4, False), (None, None, 0, True)],
)  # fmt: skip
def test_quorum_is_the_stricter_of_share_and_number(percent, seats, members, reachable):
    body = BodyFactory(seats_planned=8, quorum_percent=percent, quorum_seats=seats)
    fill(body, trade=members)

    assert all(kept(body)) == reachable


def test_at_least_half_civil_society():
    body = BodyFactory()
    Quota.objects.create(body=body, group=Quota.Scope.CIVIL_SOCIETY, at_least_percent=50)
    fill(body, trade=1, residents=1, administration=2)
    assert kept(body) == [True]

    fill(body, politics=1)

    assert kept(body) == [False]


@pytest.mark.parametrize(("trade", "is_kept"), [(49, True), (50, False)])
def test_no_group_above_49_percent(trade, is_kept):
    body = BodyFactory()
    Quota.objects.create(body=body, group=Quota.Scope.EACH, at_most_percent=49)
    rest = 100 - trade
    fill(body, trade=trade, politics=rest // 2, residents=rest - rest // 2)

    rules = composition_on(body, DAY).rules

    assert [rule.is_kept for rule in rules if "Handel" in rule.text] == [is_kept]
    assert len(rules) == 3


def test_quota_of_one_group_holds_also_when_nobody_of_it_sits_there():
    body = BodyFactory()
    Quota.objects.create(body=body, group=Group.OWNERS, at_least_percent=10)
    fill(body, trade=3)

    assert kept(body) == [False]


def test_body_without_members_breaks_no_quota():
    body = BodyFactory()
    Quota.objects.create(body=body, group=Quota.Scope.CIVIL_SOCIETY, at_least_percent=50)

    assert kept(body) == [True]
