from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from actors.models import Unit
from actors.premises import rating
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory, TownFactory
from tests.factories.premises import OccupancyFactory, SpaceRequestFactory, UnitFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = reverse("actors:unit_list")
POINTS = reverse("actors:unit_geojson")
EXPORT = reverse("actors:unit_export")
RATE = reverse("actors:vacancy_rate")
CREATE = reverse("actors:unit_create")


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


def shown(response):
    return [str(unit) for unit in response.context["object_list"]]


def exported(response):
    sheet = load_workbook(BytesIO(response.content)).active
    return [" ".join(row[:2]) for row in sheet.iter_rows(min_row=2, values_only=True)]


def data(place, **changes):
    given = {"centre": place.pk, "street": "Turmstraße", "number": "1", "version": "0"}
    return given | changes


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, count
):
    TownFactory()
    for _ in range(count):
        unit = UnitFactory(centre=centre, owner=ActorFactory(centre=centre))
        OccupancyFactory(unit=unit, actor=ActorFactory(centre=centre))

    with django_assert_num_queries(8):
        assert len(shown(client.get(LIST))) == count
    with django_assert_num_queries(6):
        assert len(client.get(POINTS).json()["features"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_history(
    client, centre, django_assert_num_queries, count
):
    unit = UnitFactory(centre=centre)
    for number in range(count):
        day = date(2024 + number, 1, 1)
        ends_on = day + timedelta(days=30) if number < count - 1 else None
        OccupancyFactory(unit=unit, state="vacant", starts_on=day, ends_on=ends_on)
        SpaceRequestFactory(centre=centre)

    with django_assert_num_queries(8):
        response = client.get(unit.get_absolute_url())

    assert len(response.context["occupancies"]) == count
    assert len(response.context["seekers"]) == count


def test_houses_are_sorted_as_people_count_them(client, centre):
    for street, number in (("Weg", "10"), ("Weg", "2"), ("Öderweg", "1"), ("Oedergasse", "9")):
        UnitFactory(centre=centre, street=street, number=number)

    assert shown(client.get(LIST)) == ["Oedergasse 9", "Öderweg 1", "Weg 2", "Weg 10"]


FILTERS = [
    ({"state": "vacant"}, ["A 1"]),
    ({"state": "trading"}, ["B 2"]),
    ({"state": "unknown"}, ["C 3"]),
    ({"state": "archived"}, ["D 4"]),
    ({"state": "vacant", "on": "2024-06-01"}, []),
    ({"state": "trading", "on": "2024-06-01"}, ["A 1", "B 2"]),
    ({"street": "A"}, ["A 1"]),
    ({"area_from": "60"}, ["B 2"]),
    ({"area_to": "60"}, ["A 1"]),
    ({"offered": "yes"}, ["A 1"]),
    ({"q": "muell"}, ["B 2"]),
    ({"q": "Tabak"}, ["A 1"]),
    ({"q": "c 3"}, ["C 3"]),
    ({"q": "x" * 300, "area_from": "viel", "on": "gestern", "state": "?"}, ["A 1", "B 2", "C 3"]),
    ({"on": "9999-12-31", "area_to": "99999999999"}, ["A 1", "B 2", "C 3"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[str(row[0])[:40] for row in FILTERS])
def test_list_map_and_workbook_show_exactly_what_is_filtered(client, centre, query, expected):
    a = UnitFactory(centre=centre, street="A", number="1", floor_area=50, is_offered=True)
    OccupancyFactory(unit=a, shown_name="Tabakladen", ends_on=date(2024, 12, 31))
    OccupancyFactory(unit=a, state="vacant", starts_on=date(2025, 1, 1))
    b = UnitFactory(centre=centre, street="B", number="2", floor_area=80)
    OccupancyFactory(unit=b, actor=ActorFactory(name="Müller", centre=centre))
    UnitFactory(centre=centre, street="C", number="3")
    UnitFactory(centre=centre, street="D", number="4", archived_at="2020-01-01T00:00Z")
    UnitFactory(street="E", number="5")

    features = client.get(POINTS, query).json()["features"]

    assert shown(client.get(LIST, query)) == expected
    assert [feature["properties"]["name"] for feature in features] == expected
    assert exported(client.get(EXPORT, query)) == expected


def test_workbook_is_for_those_who_may_export(client, sign_in):
    sign_in(Role.DESK)

    assert client.get(EXPORT).status_code == 403


def test_new_premises_lead_to_what_stands_there(client, centre):
    response = client.post(CREATE, data(centre, place_0="52.5", place_1="13.3", floor_area="80"))

    unit = Unit.objects.get()
    assert response.url == reverse("actors:occupancy_create", args=[unit.pk])
    assert (unit.latitude, unit.longitude, unit.floor_area) == (52.5, 13.3, 80)


def test_second_press_of_the_button_says_that_the_unit_is_there(client, centre):
    client.post(CREATE, data(centre))
    again = client.post(CREATE, data(centre))

    assert Unit.objects.count() == 1
    assert again.context["form"].non_field_errors() == ["Dieses Ladenlokal ist schon eingetragen."]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"street": "  "}, "street"),
        ({"street": "x" * 201}, "street"),
        ({"street": "a\0b"}, "street"),
        ({"floor_area": "0"}, "floor_area"),
        ({"floor_area": "-3"}, "floor_area"),
        ({"floor_area": "99999999999"}, "floor_area"),
        ({"rent": "-1"}, "rent"),
        ({"rent": "1" * 20}, "rent"),
        ({"place_0": "52.5"}, "place"),
        ({"place_0": "99", "place_1": "13"}, "place"),
        ({"centre": "0"}, "centre"),
        ({"owner": "Niemand dieses Namens"}, "owner"),
        ({"public_text": "x" * 5001}, "public_text"),
    ],
)
def test_bad_input_is_explained_at_its_field(client, centre, changes, field):
    response = client.post(CREATE, data(centre, **changes))

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Unit.objects.count() == 0


@pytest.mark.parametrize("text", ["1.310,50", "1310,50 €", "1310.5"])
def test_rent_is_read_as_people_write_it(client, centre, text):
    client.post(CREATE, data(centre, rent=text))
    unit = Unit.objects.get()

    page = client.get(reverse("actors:unit_update", args=[unit.pk])).content.decode()

    assert unit.rent == Decimal("1310.50")
    assert 'value="1310,50"' in page


def test_centre_of_others_cannot_be_chosen(client, centre):
    response = client.post(CREATE, data(CentreFactory()))

    assert list(response.context["form"].errors) == ["centre"]


def test_older_form_shows_both_versions_and_may_then_overwrite(client, centre):
    unit = UnitFactory(centre=centre, number="1", note="alt")
    url = reverse("actors:unit_update", args=[unit.pk])
    client.post(url, data(centre, note="von Jana"))

    stale = client.post(url, data(centre, note="von Nils"))

    assert stale.status_code == 409
    compared = [(row.mine, row.theirs) for row in stale.context["differences"]]
    assert compared == [("von Nils", "von Jana")]
    assert Unit.objects.get().note == "von Jana"
    again = client.post(url, data(centre, note="von Nils", version="1"))
    assert (again.url, Unit.objects.get().note) == (unit.get_absolute_url(), "von Nils")


def test_archived_premises_leave_the_lists_and_come_back(client, centre):
    unit = UnitFactory(centre=centre)

    client.post(reverse("actors:unit_archive", args=[unit.pk]))
    assert shown(client.get(LIST)) == []
    client.post(reverse("actors:unit_unarchive", args=[unit.pk]))

    assert shown(client.get(LIST)) == [str(unit)]


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_city_and_others_never_see_premises_and_owners(client, sign_in, role):
    centre = CentreFactory()
    sign_in(role, centre=centre)
    unit = UnitFactory(centre=centre, owner=ActorFactory(centre=centre))

    for url in (LIST, POINTS, EXPORT, RATE, unit.get_absolute_url()):
        assert client.get(url).status_code == 403


def test_foreign_premises_do_not_exist(client, centre):
    unit = UnitFactory()

    for name in ("unit_detail", "unit_place", "unit_update", "occupancy_create"):
        assert client.get(reverse(f"actors:{name}", args=[unit.pk])).status_code == 404


def test_actor_page_shows_where_it_trades_what_it_owns_and_seeks(client, centre):
    actor = ActorFactory(centre=centre)
    OccupancyFactory(unit=UnitFactory(centre=centre, street="Hier"), actor=actor)
    UnitFactory(centre=centre, street="Eigen", owner=actor)
    UnitFactory(street="Fremd", owner=actor)
    SpaceRequestFactory(centre=centre, actor=actor)

    text = client.get(actor.get_absolute_url()).content.decode()

    assert [word in text for word in ("Hier ", "Eigen ", "Fremd ")] == [True, True, False]
    assert reverse("actors:space_request_list") in text


# --- vacancy rate -------------------------------------------------------------------------------


def street_of(centre, street, *states, area=100):
    for state in states:
        unit = UnitFactory(centre=centre, street=street, floor_area=area)
        if state:
            OccupancyFactory(unit=unit, state=state)


def test_rate_counts_vacant_among_known_by_units_and_by_area(client, centre):
    street_of(centre, "Ackerstraße", "vacant", "trading", "interim", "conversion", None)
    street_of(centre, "Waldstraße", "trading", area=300)
    street_of(CentreFactory(), "Waldstraße", "vacant")

    by_units = client.get(RATE).context
    by_area = client.get(RATE, {"by": "area"}).context

    rows = [(row["rate"].label, row["percent_text"]) for row in by_units["streets"]]
    assert rows == [("Ackerstraße", "25,0 %"), ("Waldstraße", "0,0 %")]
    assert (by_units["whole"]["rate"].unknown, by_units["whole"]["percent"]) == (1, 20)
    assert by_area["whole"]["percent_text"] == "14,3 %"  # 100 of 700 m²


def test_rate_of_a_past_day_knows_what_was_archived_since(client, centre):
    unit = UnitFactory(centre=centre, archived_at="2025-07-01T12:00Z")
    OccupancyFactory(unit=unit, state="vacant")

    assert client.get(RATE, {"on": "2025-06-30"}).context["whole"]["rate"].vacant == 1
    assert client.get(RATE, {"on": "2025-07-01"}).context["whole"]["rate"].total == 0


def test_every_figure_opens_its_rows(client, centre):
    street_of(centre, "Ackerstraße", "vacant", "trading", "interim", None)
    whole = client.get(RATE, {"on": "2026-06-01"}).context["whole"]

    for name, number in (("url", 4), ("vacant_url", 1), ("interim_url", 1), ("unknown_url", 1)):
        assert len(shown(client.get(whole[name]))) == number


@pytest.mark.parametrize("count", [1, 3])
def test_rate_needs_the_same_queries_for_any_number_of_streets(
    client, centre, django_assert_num_queries, count
):
    for number in range(count):
        street_of(centre, f"Weg {number}", "vacant", "trading")

    with django_assert_num_queries(7):
        assert len(client.get(RATE).context["streets"]) == count


@pytest.mark.parametrize("on", ["1900-01-01", "2199-12-31", "0001-01-01", "morgen"])
def test_rate_of_odd_days_is_no_error(client, centre, on):
    street_of(centre, "Ackerstraße", "vacant")

    assert client.get(RATE, {"on": on, "by": "?"}).status_code == 200


def test_days_of_the_look_back_are_quarters():
    days = rating.quarter_days(date(2026, 5, 31), 3)

    assert days == [date(2025, 11, 28), date(2026, 2, 28), date(2026, 5, 28)]


# --- public list --------------------------------------------------------------------------------

PUBLIC = reverse("actors:vacancy_public")
PUBLIC_POINTS = reverse("actors:vacancy_public_points")


def offered(state="vacant", *, ends_on=None, **values):
    unit = UnitFactory(is_offered=True, **values)
    OccupancyFactory(unit=unit, state=state, ends_on=ends_on)
    return unit


def places(response):
    return [offer.place for offer in response.context["offers"]]


def test_public_list_shows_only_what_is_free_and_agreed(client):
    today = timezone.localdate()
    offered(street="Frei", number="1")
    offered("trading", street="Heute", number="2", ends_on=today)
    offered("trading", street="Morgen", ends_on=today + timedelta(days=1))
    offered("interim", street="Zwischen")
    offered(street="Archiv", archived_at="2025-01-01T00:00Z")
    UnitFactory(street="Unbekannt", is_offered=True)
    OccupancyFactory(unit=UnitFactory(street="Ungefragt"), state="vacant")
    followed = offered("trading", street="Gefolgt", ends_on=today)
    OccupancyFactory(unit=followed, starts_on=today + timedelta(days=1))

    features = client.get(PUBLIC_POINTS).json()["features"]

    assert places(client.get(PUBLIC)) == ["Frei 1", "Heute 2"]
    assert [feature["properties"]["name"] for feature in features] == ["Frei 1", "Heute 2"]


def test_blurred_place_is_a_street_and_a_point_near_by(client):
    owner = ActorFactory(name="Geheimrat")
    unit = offered(
        street="Turmstraße", number="4711", label="Hof", owner=owner, is_blurred=True,
        note="intern", rent=999, latitude=52.5261, longitude=13.3413,
    )  # fmt: skip

    page, points = client.get(PUBLIC), client.get(PUBLIC_POINTS)

    text = page.content.decode() + points.content.decode()
    secrets = ("4711", "Hof", "Geheimrat", "intern", "999", "52.5261", "13.3413", f"/{unit.pk}")
    assert [word for word in secrets if word in text] == []
    longitude, latitude = points.json()["features"][0]["geometry"]["coordinates"]
    north = abs(latitude - 52.5261) * 111_320
    east = abs(longitude - 13.3413) * 111_320 * 0.608
    assert north <= 101
    assert east <= 101


def test_neighbours_within_a_field_of_the_grid_stand_on_one_point(client):
    for number in range(3):
        offered(is_blurred=True, latitude=52.52600 + number / 1e5, longitude=13.3410)

    features = client.get(PUBLIC_POINTS).json()["features"]

    assert len({tuple(feature["geometry"]["coordinates"]) for feature in features}) == 1


def test_public_list_is_filtered_by_street_and_area_never_by_house(client):
    offered(street="A", number="1", floor_area=50)
    offered(street="B", number="2", floor_area=90, is_blurred=True)

    assert places(client.get(PUBLIC, {"street": "B"})) == ["B"]
    assert places(client.get(PUBLIC, {"area_to": "60"})) == ["A 1"]
    assert places(client.get(PUBLIC, {"q": "2", "street": "?", "area_from": "-5"})) == ["A 1", "B"]


@pytest.mark.parametrize("count", [1, 3])
def test_public_list_needs_the_same_queries_for_any_length(
    client, django_assert_num_queries, count
):
    TownFactory()
    for _ in range(count):
        offered()

    with django_assert_num_queries(4):
        assert len(places(client.get(PUBLIC))) == count


def test_owner_who_was_archived_since_stays_when_the_premises_are_edited(client, centre):
    owner = ActorFactory(centre=centre, archived_at="2026-01-01T00:00Z")
    unit = UnitFactory(centre=centre, owner=owner)
    url = reverse("actors:unit_update", args=[unit.pk])
    words = {"centre": centre.pk, "street": "Weg", "number": "1", "version": unit.version}

    answer = client.post(url, words | {"owner": str(owner), "owner_id": owner.pk})

    unit.refresh_from_db()
    assert (answer.status_code, unit.street, unit.owner) == (302, "Weg", owner)
