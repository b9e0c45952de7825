from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from actors.models import Occupancy, Unit
from actors.premises import services
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory
from tests.factories.premises import OccupancyFactory, UnitFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
State = Occupancy.State


def vacant(unit, day, **values):
    return Occupancy(unit=unit, state=State.VACANT, starts_on=day, **values)


def rows(unit):
    found = unit.occupancies.order_by("starts_on").values_list("state", "starts_on", "ends_on")
    return list(found)


def data(**changes):
    return {
        "state": "vacant",
        "starts_on": "2026-05-01",
        "confidence": "3",
        "source": "Rundgang",
        "ends_previous": "on",
    } | changes


def sent(client, unit, **changes):
    return client.post(reverse("actors:occupancy_create", args=[unit.pk]), data(**changes))


def errors(response):
    return [text for texts in response.context["form"].errors.values() for text in texts]


@pytest.fixture
def unit(sign_in):
    centre = CentreFactory()
    sign_in(Role.DESK, centre=centre)
    return UnitFactory(centre=centre)


def test_two_states_cannot_hold_on_the_same_day():
    unit = UnitFactory()
    OccupancyFactory(unit=unit, starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 30))

    with pytest.raises(IntegrityError), transaction.atomic():
        OccupancyFactory(unit=unit, starts_on=date(2024, 6, 30))

    OccupancyFactory(unit=unit, starts_on=date(2024, 7, 1))
    assert unit.occupancies.count() == 2


def test_what_stood_there_ends_the_day_before(client, unit):
    OccupancyFactory(unit=unit)

    response = sent(client, unit)

    assert response.url == unit.get_absolute_url()
    assert rows(unit) == [
        ("trading", date(2024, 1, 1), date(2026, 4, 30)),
        ("vacant", date(2026, 5, 1), None),
    ]


def test_overlap_is_said_in_words_and_the_input_kept(client, unit):
    OccupancyFactory(unit=unit)

    response = sent(client, unit, ends_previous="", source="Nachbarin")

    assert errors(response) == ["In dieser Zeit gilt schon ein anderer Zustand."]
    assert response.context["form"]["source"].value() == "Nachbarin"
    assert unit.occupancies.count() == 1


def test_refused_entry_does_not_end_what_stood_there(client, unit):
    OccupancyFactory(unit=unit)
    OccupancyFactory(unit=UnitFactory())
    services.add_occupancy(vacant(unit, date(2026, 9, 1)), ends_previous=True)

    response = sent(client, unit)

    assert response.status_code == 200
    assert [row[1:] for row in rows(unit)] == [
        (date(2024, 1, 1), date(2026, 8, 31)),
        (date(2026, 9, 1), None),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_on": "2026-04-01"}, "Das Ende liegt vor dem Beginn."),
        ({"shown_name": "Laden"}, "In einem leer stehenden Ladenlokal ist niemand tätig."),
        ({"starts_on": "0001-01-01"}, "größer oder gleich"),
        ({"starts_on": "9999-12-31"}, "kleiner oder gleich"),
        ({"state": "haunted"}, "haunted"),
        ({"confidence": "7"}, "7"),
        ({"note": "x" * 5001}, "5000"),
        ({"shown_name": "a\0b", "state": "trading"}, "Null"),
    ],
)
def test_bad_input_is_explained(client, unit, changes, message):
    response = sent(client, unit, **changes)

    assert len(errors(response)) == 1
    assert message in errors(response)[0]
    assert unit.occupancies.count() == 0


def test_button_pressed_twice_makes_one_entry(client, unit):
    OccupancyFactory(unit=unit)

    urls = [sent(client, unit).url for _ in range(2)]

    assert urls == [unit.get_absolute_url()] * 2
    assert len(rows(unit)) == 2


def test_entry_is_corrected_unless_somebody_did_so_meanwhile(client, unit):
    row = OccupancyFactory(unit=unit)
    url = reverse("actors:occupancy_update", args=[unit.pk, row.pk])
    seen_at = client.get(url).context["form"]["seen_at"].value()

    first = client.post(url, data(seen_at=seen_at, state="interim", shown_name="Atelier"))
    second = client.post(url, data(seen_at=seen_at, state="conversion"))

    assert first.url == unit.get_absolute_url()
    assert len(errors(second)) == 1
    assert unit.occupancies.get().state == "interim"


def test_entry_ends_today_but_not_before_it_began(client, unit):
    row = OccupancyFactory(unit=unit)
    url = reverse("actors:occupancy_end", args=[unit.pk, row.pk])

    client.post(url, {"on": "2023-12-31"})
    client.post(url, {"on": "nonsense"})
    row.refresh_from_db()
    assert row.ends_on is None

    client.post(url, {"on": "2026-05-31"})
    row.refresh_from_db()
    assert row.ends_on == date(2026, 5, 31)


def test_wrong_entry_is_removed(client, unit):
    row = OccupancyFactory(unit=unit)

    client.post(reverse("actors:occupancy_remove", args=[unit.pk, row.pk]))

    assert unit.occupancies.count() == 0


def test_entry_of_another_unit_is_not_found(client, unit):
    row = OccupancyFactory(unit=UnitFactory(centre=unit.centre))
    for name in ("occupancy_update", "occupancy_end", "occupancy_remove"):
        answer = client.post(reverse(f"actors:{name}", args=[unit.pk, row.pk]), data())
        assert answer.status_code == 404


def test_actor_of_a_foreign_centre_cannot_be_chosen(client, unit):
    actor = ActorFactory()

    response = sent(client, unit, state="trading", actor=str(actor), actor_id=actor.pk)

    assert len(errors(response)) == 1
    assert unit.occupancies.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_four_who_note_a_state_at_once_one_is_taken(monkeypatch):
    unit = UnitFactory()
    OccupancyFactory(unit=unit)
    days = iter([date(2026, 5, day) for day in (1, 2, 3, 4)])
    meet_before(monkeypatch, services, "end_before")

    results = run_at_once(
        lambda: services.add_occupancy(vacant(unit, next(days)), ends_previous=False)
    )

    assert [type(result) for result in results] == [ValidationError] * 4
    assert len(rows(unit)) == 1


@pytest.mark.django_db(transaction=True)
def test_one_entry_sent_four_times_at_once_is_there_once(monkeypatch):
    unit = UnitFactory()
    OccupancyFactory(unit=unit)
    meet_before(monkeypatch, services, "end_before")

    results = run_at_once(
        lambda: services.add_occupancy(vacant(unit, date(2026, 5, 1)), ends_previous=True).pk
    )

    assert results == [unit.occupancies.get(state="vacant").pk] * 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_an_entry_at_once_one_hears_of_the_other(monkeypatch):
    row = OccupancyFactory()
    seen_at = row.updated_at.isoformat()
    meet_before(monkeypatch, Occupancy, "save")

    def correct():
        mine = Occupancy.objects.select_related("unit").get(pk=row.pk)
        mine.note = "meins"
        services.correct_occupancy(mine, seen_at=seen_at)

    results = run_at_once(correct, times=2)

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "ValidationError"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_premises_at_once_one_hears_of_the_other(monkeypatch):
    unit = UnitFactory(number="1")
    meet_before(monkeypatch, Unit, "save")

    def save():
        mine = Unit.objects.get(pk=unit.pk)
        mine.note = "meins"
        services.update_unit(mine, version=0)

    results = run_at_once(save, times=2)

    unit.refresh_from_db()
    stale = [result for result in results if isinstance(result, ValidationError)]
    assert ([refusal.code for refusal in stale], unit.version) == (["stale"], 1)


@pytest.mark.django_db(transaction=True)
def test_archived_twice_at_once_is_written_once(monkeypatch):
    unit = UnitFactory()
    meet_before(monkeypatch, Unit, "save")

    run_at_once(lambda: services.archive_unit(Unit.objects.get(pk=unit.pk)), times=2)

    history = apps.get_model("actors.UnitEvent").objects.filter(pgh_label="update")
    assert list(history.values_list("version", flat=True)) == [1]
