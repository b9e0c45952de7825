from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from actors.models import Actor, Occupancy, Unit
from actors.premises import proposing
from actors.premises.proposing import split_address, units_from_actors
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory, AddressFactory, SectorFactory, SourceRecordFactory
from tests.factories.office import CentreFactory
from tests.factories.premises import OccupancyFactory, UnitFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
MOABIT = Path("../shared/data/osm_poi_moabit_2025-11.csv")
PAGE = reverse("actors:units_propose")


def shop(centre, street, *, name="Laden", **values):
    actor = ActorFactory(centre=centre, name=name, **values)
    AddressFactory(actor=actor, street=street, latitude=52.5, longitude=13.3)
    return actor


def counts(done):
    return len(done.units), done.known, len(done.undecided), done.without_place


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Turmstraße 21", ("Turmstraße", "21")),
        (" Alt-Moabit   101 a", ("Alt-Moabit", "101 a")),
        ("Alt-Moabit 73/73A", ("Alt-Moabit", "73/73A")),
        ("Arminiusstraße 2-4", ("Arminiusstraße", "2-4")),
        ("Levetzowstraße 10-10a", ("Levetzowstraße", "10-10a")),
        ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
        ("Straße des 17. Juni", ("Straße des 17. Juni", "")),
        ("Marktplatz, 5", ("Marktplatz", "5")),
        ("Marktplatz", ("Marktplatz", "")),
        ("5", ("5", "")),
        ("", ("", "")),
        ("Weg " + "1-" * 30, ("Weg " + "1-" * 30, "")),
    ],
)
def test_street_and_house_number_are_told_apart(text, parts):
    assert split_address(text) == parts


def test_address_that_would_keep_the_splitting_busy_is_done_at_once():
    text = "Weg " + "1 -" * 60 + "!"

    assert split_address(text[:200]) == (text[:200], "")


def test_shops_with_street_and_position_become_premises_once():
    centre = CentreFactory()
    cafe = shop(centre, "Turmstraße 21", name="Café")
    SourceRecordFactory(actor=cafe, source="osm")
    shop(centre, "Turmstraße 21", name="Kiosk")
    shop(centre, "")
    ActorFactory(centre=centre)
    shop(centre, "Weg 1", archived_at="2026-01-01T00:00Z")
    shop(centre, "Weg 2", kind=Actor.Kind.PERSON)
    shop(centre, "Weg 3").sectors.add(SectorFactory(slug="bus-stops"))
    shop(CentreFactory(), "Weg 4")

    first, second = units_from_actors(centre), units_from_actors(centre)

    assert (counts(first), counts(second)) == ((2, 0, 0, 2), (0, 2, 0, 2))
    assert [str(unit) for unit in Unit.objects.all()] == ["Turmstraße 21", "Turmstraße 21, Kiosk"]
    row = Occupancy.objects.get(actor=cafe)
    assert (row.state, row.confidence, row.source) == ("trading", 2, "Import „osm“")


def test_who_moved_out_is_not_put_back():
    centre = CentreFactory()
    actor = shop(centre, "Weg 1")
    unit = UnitFactory(centre=centre, street="weg", number="1")
    OccupancyFactory(unit=unit, actor=actor, ends_on="2025-01-01")
    OccupancyFactory(unit=unit, state="vacant", starts_on="2025-01-02")

    assert counts(units_from_actors(centre)) == (0, 1, 0, 0)


@pytest.mark.parametrize("state", ["vacant", None])
def test_house_with_free_premises_is_left_to_a_person(state):
    centre = CentreFactory()
    actor = shop(centre, "Weg 1")
    unit = UnitFactory(centre=centre, street="Weg", number="1")
    if state:
        OccupancyFactory(unit=unit, state=state)

    done = units_from_actors(centre)

    assert (counts(done), done.undecided) == ((0, 0, 1, 0), [actor])


def test_shops_of_one_name_in_one_house_are_told_apart():
    centre = CentreFactory()
    for _ in range(4):
        shop(centre, "Weg 1", name="Spätkauf")

    assert counts(units_from_actors(centre)) == (4, 0, 0, 0)
    assert Unit.objects.values("label").distinct().count() == 4


def test_page_shows_what_would_be_added_and_adds_it(client, sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    shop(centre, "Turmstraße 21")

    assert counts(client.get(PAGE).context["proposal"]) == (1, 0, 0, 0)
    assert Unit.objects.count() == 0
    for _ in range(2):
        assert client.post(PAGE, {"centre": centre.pk}).url == reverse("actors:unit_list")

    assert Unit.objects.count() == 1


def test_page_takes_no_foreign_centre_and_no_desk_staff(client, sign_in):
    foreign = CentreFactory()
    shop(foreign, "Weg 1")
    user = sign_in(Role.MANAGER, centre=CentreFactory())

    assert client.post(PAGE, {"centre": foreign.pk}).status_code == 200
    assert Unit.objects.count() == 0
    user.mandates.update(role=Role.DESK)
    assert client.get(PAGE).status_code == 403


def test_command_says_what_it_did():
    centre, out = CentreFactory(), StringIO()
    shop(centre, "Weg 1")

    call_command("units_from_actors", centre=centre.slug, stdout=out)

    assert out.getvalue().startswith("1 added, 0 known")
    with pytest.raises(CommandError):
        call_command("units_from_actors", centre="nowhere")


@pytest.mark.django_db(transaction=True)
def test_run_four_times_at_once_adds_everything_once(monkeypatch):
    centre = CentreFactory()
    shop(centre, "Weg 1")
    meet_before(monkeypatch, proposing, "propose")

    results = run_at_once(lambda: len(units_from_actors(centre).units))

    assert sorted(results) == [0, 0, 0, 1]


@pytest.mark.skipif(not MOABIT.exists(), reason="the data of Moabit is not on this machine")
def test_moabit_file_imports_as_organisations_and_premises():
    centre = CentreFactory()
    call_command("import_actors", MOABIT, source="osm", centre=centre.slug, stdout=StringIO())

    first, second = units_from_actors(centre), units_from_actors(centre)

    addressed = Actor.objects.filter(addresses__street__gt="").exclude(
        sectors__slug__in=proposing.OUTDOORS
    )
    assert len(first.units) == addressed.count() == Unit.objects.count()
    assert len(first.units) > 500
    assert (len(second.units), second.known) == (0, len(first.units))
    assert Unit.objects.filter(street="Arminiusstraße", number="2-4").count() > 1
    assert Unit.objects.filter(number="").count() == 0
    assert set(Occupancy.objects.values_list("state", "source", "confidence")) == {
        ("trading", "Import „osm“", Occupancy.Confidence.TOLD)
    }
