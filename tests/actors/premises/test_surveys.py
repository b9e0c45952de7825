from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse

from actors.models import Occupancy, Walk
from actors.premises import services, surveying
from actors.premises.walk_comparing import compare, earlier_walks
from tests.concurrency import meet_before, run_at_once, wait_until_blocked_or_done
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory
from tests.factories.premises import OccupancyFactory, SightingFactory, UnitFactory, WalkFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
DAY, BEFORE = date(2026, 6, 1), date(2026, 5, 31)


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.DESK, centre=centre)
    return centre


def rows(unit):
    found = unit.occupancies.order_by("starts_on")
    return [(row.state, row.who, row.starts_on, row.ends_on) for row in found]


def see(client, walk, unit, **changes):
    url = reverse("actors:sighting_save", args=[walk.pk, unit.pk])
    return client.post(url, {"state": "vacant", "shown_name": ""} | changes)


def test_survey_of_a_street_shows_its_premises_only(client, centre):
    unit = UnitFactory(centre=centre, street="Turmstraße")
    UnitFactory(centre=centre, street="Waldstraße")
    UnitFactory(street="Turmstraße")

    answer = client.post(
        reverse("actors:walk_create"),
        {"centre": centre.pk, "street": "Turmstraße", "walked_on": "2026-06-01"},
    )

    page = client.get(answer.url)
    assert [card["unit"] for card in page.context["cards"]] == [unit]


def test_survey_of_all_streets_goes_street_by_street(client, centre):
    first = UnitFactory(centre=centre, street="Ackerstraße")
    second = UnitFactory(centre=centre, street="Waldstraße")
    walk = WalkFactory(centre=centre)

    see(client, walk, first)
    page = client.get(walk.get_absolute_url())

    assert page.context["street"] == "Waldstraße"  # the first with something left
    assert [card["unit"] for card in page.context["cards"]] == [second]
    assert (page.context["seen"], page.context["total"]) == (1, 2)


def test_second_survey_of_a_street_under_way_is_refused(client, centre):
    UnitFactory(centre=centre, street="Turmstraße")
    data = {"centre": centre.pk, "street": "Turmstraße", "walked_on": "2026-06-01"}

    client.post(reverse("actors:walk_create"), data)
    again = client.post(reverse("actors:walk_create"), data)

    assert (again.status_code, Walk.objects.count()) == (200, 1)
    assert again.context["form"].non_field_errors() == [
        "In dieser Straße ist schon eine Begehung im Gang."
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"walked_on": "2999-01-01"}, "walked_on"),
        ({"walked_on": "9999-12-31"}, "walked_on"),
        ({"street": "Nirgendwo"}, "street"),
        ({"centre": "0"}, "centre"),
    ],
)
def test_survey_that_cannot_be_is_refused(client, centre, changes, field):
    UnitFactory(centre=centre, street="Turmstraße")
    data = {"centre": centre.pk, "street": "Turmstraße", "walked_on": "2026-06-01"} | changes

    response = client.post(reverse("actors:walk_create"), data)

    assert list(response.context["form"].errors) == [field]


def test_same_tick_twice_is_one_and_the_last_word_counts(client, centre):
    unit, walk = UnitFactory(centre=centre), WalkFactory(centre=centre)

    for _ in range(2):
        see(client, walk, unit)
    see(client, walk, unit, state="trading", shown_name="  Blumen   Kühn ")

    assert list(walk.sightings.values_list("state", "shown_name")) == [("trading", "Blumen Kühn")]


def test_tick_answers_with_its_card_for_htmx(client, centre):
    unit, walk = UnitFactory(centre=centre), WalkFactory(centre=centre)
    url = reverse("actors:sighting_save", args=[walk.pk, unit.pk])

    response = client.post(url, {"state": "vacant"}, headers={"HX-Request": "true"})

    text = response.content.decode()
    assert f'id="unit-{unit.pk}"' in text
    assert "1 von 1 gesehen" in text


@pytest.mark.parametrize("changes", [{"state": "haunted"}, {"shown_name": "x" * 201}])
def test_senseless_tick_is_refused(client, centre, changes):
    unit, walk = UnitFactory(centre=centre), WalkFactory(centre=centre)

    response = see(client, walk, unit, **changes)

    assert (response.status_code, walk.sightings.count()) == (302, 0)


def test_unit_of_another_street_or_centre_cannot_be_ticked(client, centre):
    walk = WalkFactory(centre=centre, street="Turmstraße")
    for unit in (UnitFactory(centre=centre, street="Waldstraße"), UnitFactory()):
        assert see(client, walk, unit).status_code == 404


def test_foreign_survey_does_not_exist(client, centre):
    walk = WalkFactory()
    unit = UnitFactory(centre=walk.centre)

    assert client.get(walk.get_absolute_url()).status_code == 404
    assert see(client, walk, unit).status_code == 404
    assert client.post(reverse("actors:walk_finish", args=[walk.pk])).status_code == 404


def test_finishing_writes_what_changed_and_confirms_the_rest(client, centre):
    moved, same, renamed, new = (UnitFactory(centre=centre) for _ in range(4))
    shop = ActorFactory(name="Café Neu", centre=centre)
    for unit in (moved, same, renamed):
        OccupancyFactory(unit=unit, shown_name="Laden Alt")
    walk = WalkFactory(centre=centre, walked_on=DAY)
    SightingFactory(walk=walk, unit=moved, state="vacant")
    SightingFactory(walk=walk, unit=same, shown_name="laden  alt")
    SightingFactory(walk=walk, unit=renamed, shown_name="Cafe Neu")
    SightingFactory(walk=walk, unit=new, shown_name="Kiosk")
    url = reverse("actors:walk_finish", args=[walk.pk])

    assert [c.unit for c in client.get(url).context["changes"]] == [moved, renamed, new]
    assert client.post(url).url == walk.get_absolute_url()

    old = date(2024, 1, 1)
    assert rows(moved) == [("trading", "Laden Alt", old, BEFORE), ("vacant", "", DAY, None)]
    assert rows(same) == [("trading", "Laden Alt", old, None)]
    assert [row[:2] for row in rows(renamed)] == [("trading", "Laden Alt"), ("trading", "Café Neu")]
    assert rows(new) == [("trading", "Kiosk", DAY, None)]
    assert same.occupancies.get().confidence == Occupancy.Confidence.SEEN
    assert shop.occupancies.get().unit == renamed


def test_name_on_the_door_finds_the_actor_of_the_centre():
    actor = ActorFactory(name="Café Müller")
    walk = WalkFactory(centre=actor.centre, walked_on=DAY)
    unit = UnitFactory(centre=actor.centre)
    SightingFactory(walk=walk, unit=unit, shown_name="CAFÉ MUELLER")

    surveying.finish_walk(walk)

    row = unit.occupancies.get()
    assert (row.actor, row.shown_name, row.source) == (actor, "", "Begehung vom 01.06.2026")


def test_state_that_began_on_the_day_of_the_survey_is_corrected():
    unit = UnitFactory()
    OccupancyFactory(unit=unit, starts_on=DAY)
    walk = WalkFactory(centre=unit.centre, walked_on=DAY)
    SightingFactory(walk=walk, unit=unit, state="vacant")

    surveying.finish_walk(walk)

    assert rows(unit) == [("vacant", "", DAY, None)]


def test_what_is_known_of_later_days_stays():
    unit = UnitFactory()
    OccupancyFactory(unit=unit, ends_on=date(2026, 8, 31))
    OccupancyFactory(unit=unit, starts_on=date(2026, 9, 1), state="conversion")
    walk = WalkFactory(centre=unit.centre, walked_on=DAY)
    SightingFactory(walk=walk, unit=unit, state="vacant")

    surveying.finish_walk(walk)

    assert [(row[0], row[2], row[3]) for row in rows(unit)] == [
        ("trading", date(2024, 1, 1), BEFORE),
        ("vacant", DAY, date(2026, 8, 31)),
        ("conversion", date(2026, 9, 1), None),
    ]


def test_failed_finish_writes_nothing(monkeypatch):
    units = [UnitFactory(number=str(n)) for n in (1, 2)]
    walk = WalkFactory(centre=units[0].centre, walked_on=DAY)
    for unit in units:
        OccupancyFactory(unit=unit)
        SightingFactory(walk=walk, unit=unit, state="vacant")

    def fail(*args):
        raise ValidationError("x")

    monkeypatch.setattr(surveying, "_confirm", fail)
    with pytest.raises(ValidationError):
        surveying.finish_walk(walk)

    walk.refresh_from_db()
    assert (walk.finished_at, [len(rows(unit)) for unit in units]) == (None, [1, 1])


def test_finished_survey_takes_no_more_ticks(client, centre):
    unit, walk = UnitFactory(centre=centre), WalkFactory(centre=centre)
    surveying.finish_walk(walk)

    see(client, walk, unit)

    assert walk.sightings.count() == 0


@pytest.mark.django_db(transaction=True)
def test_survey_finished_four_times_at_once_writes_once(monkeypatch):
    unit = UnitFactory()
    OccupancyFactory(unit=unit)
    walk = WalkFactory(centre=unit.centre, walked_on=DAY)
    SightingFactory(walk=walk, unit=unit, state="vacant")
    meet_before(monkeypatch, surveying, "changes_of")

    results = run_at_once(lambda: surveying.finish_walk(Walk.objects.get(pk=walk.pk)))

    assert sorted(results) == [0, 0, 0, 1]
    assert len(rows(unit)) == 2


@pytest.mark.django_db(transaction=True)
def test_unit_ticked_four_times_at_once_is_one_sighting():
    unit = UnitFactory()
    walk = WalkFactory(centre=unit.centre)

    results = run_at_once(
        lambda: surveying.note_sighting(walk, unit, state="vacant", shown_name="").pk
    )

    assert results == [walk.sightings.get().pk] * 4


def finish_while(walk, act):
    """Finish a survey in another thread while `act` is done here and not committed yet."""

    def finish():
        try:
            return surveying.finish_walk(Walk.objects.get(pk=walk.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act()
            finishing = pool.submit(finish)
            wait_until_blocked_or_done(finishing)
        return finishing.result()


@pytest.mark.django_db(transaction=True)
def test_tick_on_its_way_belongs_to_the_survey_that_is_finished():
    unit = UnitFactory()
    walk = WalkFactory(centre=unit.centre, walked_on=DAY)

    changed = finish_while(
        walk, lambda: surveying.note_sighting(walk, unit, state="vacant", shown_name="")
    )

    assert (changed, len(rows(unit))) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_state_on_its_way_is_known_to_the_survey_that_is_finished():
    unit = UnitFactory()
    walk = WalkFactory(centre=unit.centre, walked_on=DAY)
    SightingFactory(walk=walk, unit=unit, state="vacant")
    same = Occupancy(unit=unit, state="vacant", starts_on=BEFORE)

    changed = finish_while(walk, lambda: services.add_occupancy(same, ends_previous=False))

    assert (changed, len(rows(unit))) == (0, 1)


def test_comparison_tells_what_changed_since_the_last_survey():
    earlier = WalkFactory(walked_on=date(2026, 3, 1), finished_at="2026-03-01T12:00Z")
    later = WalkFactory(centre=earlier.centre, walked_on=DAY, finished_at="2026-06-01T12:00Z")
    emptied, renamed, same, gone, new = (UnitFactory(number=str(n)) for n in range(1, 6))
    for unit, then, now in (
        (emptied, ("trading", "Alt"), ("vacant", "")),
        (renamed, ("trading", "Alt"), ("trading", "Neu")),
        (same, ("trading", "Müller"), ("trading", "MUELLER")),
        (gone, ("trading", "Alt"), None),
        (new, None, ("vacant", "")),
    ):
        for walk, seen in ((earlier, then), (later, now)):
            if seen:
                SightingFactory(walk=walk, unit=unit, state=seen[0], shown_name=seen[1])

    compared = {row.unit.number: (row.change, row.is_changed) for row in compare(earlier, later)}

    assert list(earlier_walks(later)) == [earlier]
    assert compared == {
        "1": ("vorher genutzt, jetzt Leerstand", True),
        "2": ("anderer Name an der Tür", True),
        "3": ("", False),
        "4": ("diesmal nicht gesehen", False),
        "5": ("zum ersten Mal gesehen", False),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_survey_pages_need_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, count
):
    walk = WalkFactory(centre=centre)
    for _ in range(count):
        OccupancyFactory(unit=UnitFactory(centre=centre), actor=ActorFactory(centre=centre))

    with django_assert_num_queries(8):
        assert len(client.get(walk.get_absolute_url()).context["cards"]) == count
