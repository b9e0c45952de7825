"""The possibly closed actors go into somebody's next round."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actors.exchange import visiting
from actors.models import Actor, Round, SourceRecord, Visit
from tests.factories.actors import ActorFactory, RoundFactory, SourceRecordFactory, VisitFactory
from tests.factories.office import CentreFactory, MandateFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
URL = reverse("actors:lost_list")
SINCE = "2026-01-01T00:00Z"


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def user(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def missing(centre, name="Kranz"):
    return SourceRecordFactory(actor=ActorFactory(centre=centre, name=name), missing_since=SINCE)


def days(number):
    return timezone.localdate() + timedelta(days=number)


def sent(user, *records, on=None, **more):
    return {"on": on or days(2), "user": user.pk, "records": [r.pk for r in records]} | more


def walked(row):
    return sorted(row.visits.values_list("actor__name", flat=True))


def test_ticked_ones_go_into_the_round_of_the_chosen_person_and_day(client, user, centre):
    kranz, _linde, moewe = (missing(centre, name) for name in ("Kranz", "Linde", "Möwe"))
    colleague = MandateFactory(role=Role.DESK, centre=centre).user

    answers = [client.post(URL, sent(colleague, kranz, moewe)) for _ in "12"]

    row = Round.objects.get()
    assert [answer.url for answer in answers] == [row.get_absolute_url()] * 2
    assert (row.user, row.on, row.centre) == (colleague, days(2), centre)
    assert walked(row) == ["Kranz", "Möwe"]
    assert not Actor.objects.filter(archived_at__isnull=False).exists()
    assert SourceRecord.objects.possibly_closed().count() == 3


def test_all_goes_over_the_pages_but_not_into_a_second_round(client, user, centre, monkeypatch):
    monkeypatch.setattr("actors.exchange.lost_views.LostListView.paginate_by", 1)
    records = [missing(centre, name) for name in ("Kranz", "Linde", "Möwe")]
    VisitFactory(actor=records[0].actor, round=RoundFactory(centre=centre, on=days(5)))

    for _ in "12":
        client.post(URL, sent(user, all="1"))

    assert walked(Round.objects.get(user=user)) == ["Linde", "Möwe"]


def test_list_shows_who_stands_in_a_coming_round(client, user, centre):
    planned, over, made, foreign = (missing(centre, name) for name in ("A", "B", "C", "D"))
    coming = VisitFactory(actor=planned.actor, round=RoundFactory(centre=centre, on=days(0)))
    VisitFactory(actor=over.actor, round=RoundFactory(centre=centre, on=days(-1)))
    VisitFactory(actor=made.actor, round=RoundFactory(centre=centre), visited_at=timezone.now())
    VisitFactory(actor=foreign.actor, round=RoundFactory(on=days(3)))

    response = client.get(URL)

    shown = {row.actor.name: row.actor.coming for row in response.context["object_list"]}
    assert shown == {"A": [coming], "B": [], "C": [], "D": []}
    assert response.content.decode().count(f'href="{coming.round.get_absolute_url()}"') == 1


def test_record_of_another_centre_and_one_that_came_back_are_left_out(client, user, centre):
    kranz, back, foreign = missing(centre), missing(centre, "Linde"), missing(CentreFactory())
    SourceRecord.objects.filter(pk=back.pk).update(missing_since=None)

    client.post(URL, sent(user, kranz, back, foreign))

    assert walked(Round.objects.get()) == ["Kranz"]


def past(user, centre):
    return {"on": days(-1)}, "on"


def stranger(user, centre):
    return {"user": MandateFactory(role=Role.DESK).user.pk}, "user"


def not_here_yet(user, centre):
    later = MandateFactory(role=Role.DESK, centre=centre, starts_on=days(9)).user
    return {"user": later.pk}, "user"


def nobody(user, centre):
    return {"records": []}, "__all__"


def no_number(user, centre):
    return {"records": ["x", "-1", "9" * 40]}, "__all__"


def long_round(user, centre):
    row = RoundFactory(user=user, centre=centre, on=days(2))
    for _number in range(visiting.MOST_STOPS):
        VisitFactory(actor=ActorFactory(centre=centre), round=row)
    return {}, "__all__"


def elsewhere(user, centre):
    RoundFactory(user=user, on=days(2))
    return {}, "__all__"


@pytest.mark.parametrize(
    "wrong", [past, stranger, not_here_yet, nobody, no_number, long_round, elsewhere]
)
def test_round_that_cannot_be_is_refused_and_the_ticks_stay(client, user, centre, wrong):
    record = missing(centre)
    other, field = wrong(user, centre)
    before = Visit.objects.count()

    response = client.post(URL, sent(user, record) | other)

    assert list(response.context["form"].errors) == [field]
    ticked = [str(pk) for pk in ({"records": [record.pk]} | other)["records"]]
    assert response.context["ticked"] == ticked
    assert Visit.objects.count() == before


def test_actors_of_two_offices_or_more_than_a_day_holds_make_no_round(user, centre):
    two = [missing(centre), missing(CentreFactory())]
    many = [missing(centre) for _ in range(visiting.MOST_STOPS + 1)]

    for records, code in ((two, "several_offices"), (many, "too_long")):
        with pytest.raises(ValidationError) as refusal:
            visiting.plan_visits(records, user=user, on=days(1))
        assert refusal.value.code == code
    assert not Round.objects.exists()


def test_actor_of_two_sources_is_one_stop(user, centre):
    record = missing(centre)
    twin = SourceRecordFactory(actor=record.actor, missing_since=SINCE)

    row = visiting.plan_visits([record, twin], user=user, on=days(1))

    assert walked(row) == ["Kranz"]
