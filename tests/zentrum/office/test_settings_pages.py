from datetime import date, time

import pytest
from django.urls import reverse

from tests.factories.office import (
    CentreFactory,
    MandateFactory,
    OfficeHoursFactory,
    TownFactory,
    UserFactory,
)
from zentrum.accounts.roles import Role
from zentrum.office.models import Absence, Carrier, Centre, ClosingDay, Town

pytestmark = pytest.mark.django_db
PAGES = ("settings", "closingday_list", "absence_list", "carrier_list", "holiday_list")


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=None, carrier=centre.carrier)


@pytest.mark.parametrize("name", PAGES)
def test_managers_see_the_settings_and_others_do_not(client, sign_in, centre, name):
    url = reverse(f"office:{name}")
    sign_in(Role.DESK, centre=centre)
    assert client.get(url).status_code == 403
    sign_in(Role.DEPUTY, centre=centre)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", [*PAGES[:1], "town_update", "closingday_create"])
def test_an_empty_portal_has_no_broken_page(client, sign_in, name):
    sign_in(Role.MANAGER, centre=None, carrier=Carrier.objects.create(name="T", kind="contractor"))

    assert client.get(reverse(f"office:{name}")).status_code in {200, 404}


def town_values(**changes):
    values = {"name": "Musterstadt", "office_name": "Citymanagement", "land": "BE"}
    return values | {"promise_days": "4", "accent_colour": "#1b5e20", "imprint": "Wir"} | changes


def test_the_town_is_changed(client, manager):
    response = client.post(reverse("office:town_update"), town_values())

    assert response.url == reverse("office:settings")
    town = Town.objects.get()
    assert (town.office_name, town.promise_days) == ("Citymanagement", 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("promise_days", "0"),
        ("promise_days", "61"),
        ("promise_days", "99999999999"),
        ("accent_colour", "red;}"),
        ("land", "XX"),
        ("email", "kein"),
        ("imprint", "\x00"),
    ],
)
def test_a_wrong_value_of_the_town_is_explained(client, manager, field, value):
    response = client.post(reverse("office:town_update"), town_values(**{field: value}))

    assert list(response.context["form"].errors) == [field]
    assert Town.objects.get().office_name == "Zentrenmanagement"


def hours_values(*rows, initial=0):
    values = {"hours-TOTAL_FORMS": len(rows), "hours-INITIAL_FORMS": initial}
    values = {name.replace("hours", "office_hours"): value for name, value in values.items()}
    for number, (weekday, opens, closes, *rest) in enumerate(rows):
        prefix = f"office_hours-{number}-"
        values |= {f"{prefix}weekday": weekday, f"{prefix}opens_at": opens}
        values |= {f"{prefix}closes_at": closes, f"{prefix}id": rest[0] if rest else ""}
        if len(rest) > 1:
            values[f"{prefix}DELETE"] = "on"
    return values


def post_centre(client, centre, hours, **changes):
    values = {"name": "Altstadt", "carrier": centre.carrier.pk, "address": "Markt 1"}
    values |= {"place_0": "52.5", "place_1": "13.4"} | changes | hours
    return client.post(reverse("office:centre_update", args=[centre.pk]), values)


def test_a_centre_gets_its_hours_and_place(client, manager, centre):
    old = OfficeHoursFactory(centre=centre)
    hours = hours_values(
        (0, "09:00", "17:00", old.pk, "delete"),
        (1, "10:00", "12:00"),
        (1, "13:00", "18:00"),
        ("", "", ""),
        initial=1,
    )

    response = post_centre(client, centre, hours)

    assert response.url == reverse("office:settings")
    centre.refresh_from_db()
    assert (centre.name, centre.latitude, centre.longitude) == ("Altstadt", 52.5, 13.4)
    rows = centre.office_hours.values_list("weekday", "opens_at", "closes_at")
    assert list(rows) == [(1, time(10), time(12)), (1, time(13), time(18))]


@pytest.mark.parametrize(
    "rows",
    [
        [(1, "10:00", "12:00"), (1, "11:00", "14:00")],
        [(1, "10:00", "12:00"), (1, "10:00", "12:00")],
        [(1, "12:00", "10:00")],
        [(1, "10:00", "")],
        [(9, "10:00", "12:00")],
        [(1, "25:00", "26:00")],
    ],
)
def test_wrong_hours_are_explained_and_nothing_is_saved(client, manager, centre, rows):
    response = post_centre(client, centre, hours_values(*rows))

    assert response.status_code == 200
    assert not response.context["hours"].is_valid()
    assert Centre.objects.get().name == centre.name
    assert not centre.office_hours.exists()


def test_forged_hours_change_no_other_centre(client, manager, centre):
    foreign = OfficeHoursFactory()

    post_centre(client, centre, hours_values((1, "10:00", "12:00", foreign.pk), initial=1))

    foreign.refresh_from_db()
    assert (foreign.weekday, foreign.opens_at) == (0, time(9))


def test_hours_without_their_frame_are_refused(client, manager, centre):
    response = post_centre(client, centre, {})

    assert response.status_code == 200
    assert not response.context["hours"].is_valid()


def test_a_manager_of_one_centre_changes_no_other(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    other = CentreFactory()

    assert client.get(reverse("office:centre_update", args=[centre.pk])).status_code == 200
    assert client.get(reverse("office:centre_update", args=[other.pk])).status_code == 404


def test_a_second_centre_of_a_like_name_gets_its_own_short_name(client, manager, centre):
    for name in ("Südstadt", "Südstadt!", "Südstadt"):
        values = {"name": name, "carrier": centre.carrier.pk}
        response = client.post(reverse("office:centre_create"), values)

    slugs = Centre.objects.filter(name__startswith="Süd").order_by("pk")
    assert list(slugs.values_list("slug", flat=True)) == ["sudstadt", "sudstadt-2"]
    assert len(response.context["form"].non_field_errors()) == 1


def test_a_closing_day_is_entered_and_removed(client, manager, centre):
    values = {"starts_on": "2026-12-24", "ends_on": "2026-12-31", "reason": "Betriebsruhe"}
    client.post(reverse("office:closingday_create"), values | {"centre": ""})
    day = ClosingDay.objects.get()
    assert (day.centre, day.starts_on, day.ends_on) == (
        None,
        date(2026, 12, 24),
        date(2026, 12, 31),
    )

    client.post(reverse("office:closingday_delete", args=[day.pk]))
    assert not ClosingDay.objects.exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [("2026-12-24", "2026-12-23"), ("2026-01-01", "2027-01-02"), ("0026-01-01", "0026-01-01")],
)
def test_a_span_that_cannot_be_meant_is_refused(client, manager, starts_on, ends_on):
    values = {"starts_on": starts_on, "ends_on": ends_on, "reason": "x"}

    response = client.post(reverse("office:closingday_create"), values)

    assert response.context["form"].errors
    assert not ClosingDay.objects.exists()


def test_an_absence_names_a_deputy_among_the_own_staff(client, manager, centre):
    desk = MandateFactory(centre=centre, role=Role.DESK).user
    stranger = UserFactory()
    url = reverse("office:absence_create")
    values = {"user": desk.pk, "starts_on": "2026-12-01", "ends_on": "2026-12-05"}

    assert client.post(url, values | {"deputy": stranger.pk}).context["form"].errors
    assert client.post(url, values | {"deputy": desk.pk}).context["form"].errors
    client.post(url, values | {"deputy": manager.pk})

    absence = Absence.objects.get()
    assert (absence.user, absence.deputy) == (desk, manager)
    assert list(client.get(reverse("office:absence_list")).context["object_list"]) == [absence]


def test_another_carriers_absences_are_not_there(client, manager):
    foreign = MandateFactory(role=Role.DESK)
    absence = Absence.objects.create(
        user=foreign.user, deputy=UserFactory(), starts_on="2026-12-01", ends_on="2026-12-05"
    )

    assert list(client.get(reverse("office:absence_list")).context["object_list"]) == []
    assert client.post(reverse("office:absence_delete", args=[absence.pk])).status_code == 404


@pytest.mark.parametrize(("land", "count"), [("BE", 10), ("BY", 12)])
def test_holidays_of_the_land_are_listed(client, sign_in, land, count):
    sign_in(Role.MANAGER, centre=CentreFactory(town=TownFactory(name=land, land=land)))

    response = client.get(reverse("office:holiday_year", args=[2026]))

    assert len(response.context["object_list"]) == count


@pytest.mark.parametrize(("year", "neighbours"), [(1991, [1992]), (2100, [2099])])
def test_holidays_end_with_the_years_that_are_known(client, manager, year, neighbours):
    page = client.get(reverse("office:holiday_year", args=[year]))

    assert page.context["neighbours"] == neighbours


@pytest.mark.parametrize("year", [0, 1990, 2101, 9999, 10**5, 2**63, 10**30])
def test_holidays_of_other_years_are_not_found(client, manager, year):
    response = client.get(reverse("office:holiday_year", args=[year]))

    assert response.status_code == 404
    assert "<h1" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_closing_days_need_the_same_queries_for_any_length(
    client, manager, django_assert_num_queries, count
):
    for number in range(count):
        day = date(2026, 1, 1 + number)
        ClosingDay.objects.create(starts_on=day, ends_on=day, reason="x")

    with django_assert_num_queries(6):
        response = client.get(reverse("office:closingday_list"))

    assert len(response.context["object_list"]) == count
