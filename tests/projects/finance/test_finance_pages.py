import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from projects.models import Booking
from tests.factories.projects import BookingFactory, ProjectFactory
from tests.projects.bad_input import NUMBERS
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
OVERVIEW, ROWS = reverse("projects:finance_overview"), reverse("projects:booking_list")
WORKBOOK = reverse("projects:finance_workbook")


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, project, *more):
    return reverse(f"projects:{name}", args=[project.pk, *more])


def added_up(page):
    return [(str(figure.name), figure.amount) for figure in page.context["figures"]]


def form(**changes):
    words = {"kind": "committed", "source": "state", "amount": "1.234,50", "year": "2026"}
    return words | {"booked_on": "2026-11-20", "text": "", "submission": str(uuid4())} | changes


def test_amount_is_entered_and_every_sum_opens_its_rows(client, sign_in):
    project = ProjectFactory()
    sign_in(Role.MANAGER, centre=project.centre)

    answer = client.post(url("booking_create", project), form(text="Bescheid"))
    page = client.get(OVERVIEW)
    rows = client.get(ROWS, {"year": 2026, "source": "state", "kind": "committed"})

    assert answer.url == url("project_finance", project)
    assert Booking.objects.get().amount == Decimal("1234.50")
    assert page.text.count("1.234,50 €") == 11  # finding 1, years 4, sources 4, projects 2
    assert f"{ROWS}?since=2025&amp;year=2026&amp;kind=committed" in page.text
    assert [row.text for row in rows.context["object_list"]] == ["Bescheid"]
    assert added_up(rows) == [("gebunden", Decimal("1234.50"))]


NO_AMOUNTS = [text for text in NUMBERS if text != "1.5"]


@pytest.mark.parametrize("text", [*NO_AMOUNTS, "1,234", "-5", "0", "1.000.000.000", "\0"])
def test_amounts_that_are_none_are_refused_in_words(client, sign_in, text):
    project = ProjectFactory()
    sign_in(Role.MANAGER, centre=project.centre)

    page = client.post(url("booking_create", project), form(amount=text))

    assert (page.status_code, "amount" in page.context["form"].errors) == (200, True)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("year", ["2025", "26", "99999", "-1", "zweitausend"])
def test_year_before_the_start_or_of_no_calendar_is_refused(client, sign_in, year):
    project = ProjectFactory(starts_on=date(2026, 3, 2))
    sign_in(Role.MANAGER, centre=project.centre)

    page = client.post(url("booking_create", project), form(year=year))

    assert list(page.context["form"].errors) == ["year"]


def test_total_is_split_among_its_sources(client, sign_in):
    project = ProjectFactory()
    sign_in(Role.DEPUTY, centre=project.centre)
    shares = {"federal": "1", "state": "1", "town": "1", "private": "", "fund": "0"}

    answer = client.post(url("booking_split", project), form(total="100", **shares))
    refused = client.post(
        url("booking_split", project), form(total="100", **dict.fromkeys(shares, "0"))
    )

    assert answer.status_code == 302
    assert [str(row.amount) for row in Booking.objects.order_by("pk")] == [
        "33.34",
        "33.33",
        "33.33",
    ]
    assert list(refused.context["form"].errors) == ["federal"]


def test_correction_is_shown_beside_the_booking(client, sign_in):
    booking = BookingFactory(amount=Decimal("1243.00"), kind="paid")
    sign_in(Role.MANAGER, centre=booking.project.centre)
    address = url("booking_correct", booking.project, booking.pk)
    words = {"to": "1234", "text": "Zahlendreher", "submission": str(uuid4())}

    client.post(address, words)
    page = client.get(url("project_finance", booking.project))
    of_correction = client.get(
        url("booking_correct", booking.project, booking.corrections.get().pk)
    )

    assert "-9,00 €" in page.text
    assert "1.234,00 €" in page.text
    assert page.text.count("/finanzen/" + str(booking.pk)) == 1
    assert of_correction.status_code == 404


SEES = {Role.MANAGER: True, Role.DEPUTY: True, Role.CITY: True}
EDITS = {Role.MANAGER, Role.DEPUTY}


@pytest.mark.parametrize("role", Role.values)
def test_manager_and_deputy_edit_the_city_reads_nobody_else(client, sign_in, role):
    booking = BookingFactory()
    project = booking.project
    sign_in(role, centre=project.centre, carrier=project.carrier)
    reading = [OVERVIEW, ROWS, WORKBOOK, url("project_finance", project)]
    writing = [url("booking_create", project), url("booking_split", project)]
    writing.append(url("booking_correct", project, booking.pk))

    read = {client.get(address).status_code for address in reading}
    wrote = {client.get(address).status_code for address in writing}
    details = client.get(project.get_absolute_url()).text

    assert read == {200 if role in SEES else 403}
    assert wrote == {200 if role in EDITS else 403}
    assert (url("project_finance", project) in details) == (role in SEES)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CITY])
def test_desk_staff_with_another_role_elsewhere_see_the_money_there_only(client, sign_in, role):
    """Permission alone shows no row: the mandate must be one for this desk or centre."""
    theirs, mine = BookingFactory(amount=7), BookingFactory(amount=9)
    user = sign_in(Role.DESK, centre=theirs.project.centre, carrier=theirs.project.carrier)
    place = {"centre": mine.project.centre, "carrier": mine.project.carrier}
    user.mandates.create(role=role, starts_on=date(2026, 1, 1), **place)

    rows = client.get(ROWS)

    assert list(rows.context["object_list"]) == [mine]
    assert added_up(rows) == [("geplant", Decimal(9))]
    assert client.get(url("project_finance", theirs.project)).status_code == 404
    assert url("project_finance", theirs.project) not in (
        client.get(theirs.project.get_absolute_url()).text
    )


QUERIES = {"overview": 11, "rows": 9, "project": 8}


@pytest.mark.parametrize("count", [1, 3])
def test_pages_need_the_same_queries_for_any_length(
    client, sign_in, django_assert_max_num_queries, count
):
    project = ProjectFactory()
    sign_in(Role.MANAGER, centre=project.centre, carrier=project.carrier)
    place = {"centre": project.centre, "carrier": project.carrier}
    for number in range(count):
        BookingFactory(project=ProjectFactory(**place), year=2026 + number)
        BookingFactory(project=project, source=Booking.Source.values[number])

    with django_assert_max_num_queries(QUERIES["overview"]):
        assert len(client.get(OVERVIEW).context["by_project"]) == count + 1
    with django_assert_max_num_queries(QUERIES["rows"]):
        assert len(client.get(ROWS).context["object_list"]) == 2 * count
    with django_assert_max_num_queries(QUERIES["project"]):
        assert len(client.get(url("project_finance", project)).context["lines"]) == count


@pytest.mark.parametrize("query", ["year=abc", "year=99", "project=x", "project=" + "9" * 40])
def test_filters_that_make_no_sense_narrow_nothing(client, sign_in, query):
    booking = BookingFactory()
    sign_in(Role.CITY, centre=booking.project.centre)

    assert list(client.get(f"{ROWS}?{query}").context["object_list"]) == [booking]
    assert client.get(f"{OVERVIEW}?{query}").status_code == 200


def test_rows_of_one_project_say_so_and_lead_back_to_all(client, sign_in):
    booking, other = BookingFactory(kind="called"), BookingFactory()
    sign_in(Role.CITY, centre=booking.project.centre)
    query = {"project": booking.project_id, "year": 2026}

    page = client.get(ROWS, query)
    foreign = client.get(ROWS, query | {"project": other.project_id})

    assert f"Nur Buchungen von {booking.project}." in page.text
    assert f'href="{ROWS}?year=2026"' in page.text
    assert re.search(rf'name="project"[^>]* value="{booking.project_id}"', page.text)
    assert added_up(page) == [("abgerufen", Decimal(1000)), ("gefährdet", Decimal(1000))]
    assert (foreign.context["project"], list(foreign.context["object_list"])) == (None, [])


def test_workbook_holds_the_projects_that_its_reader_may_see(client, sign_in):
    booking, other = BookingFactory(), BookingFactory()
    sign_in(Role.CITY, centre=booking.project.centre)

    book = openpyxl.load_workbook(BytesIO(client.get(WORKBOOK).getvalue()))

    written = {cell for row in book["geplant"].iter_rows(values_only=True) for cell in row}
    assert booking.project.title in written
    assert other.project.title not in written


def test_overview_begins_with_the_year_before_unless_asked_otherwise(client, sign_in):
    project = ProjectFactory(starts_on=date(2022, 1, 1))
    for year in (2023, 2025, 2027):
        BookingFactory(project=project, year=year)
    sign_in(Role.CITY, centre=project.centre)

    shown = {
        query: [line.label for line in client.get(f"{OVERVIEW}?{query}").context["by_year"]]
        for query in ("", "since=", "since=2026", "year=2023")
    }

    assert shown == {
        "": ["2025", "2027"],
        "since=": ["2023", "2025", "2027"],
        "since=2026": ["2027"],
        "year=2023": ["2023"],
    }


def test_words_and_fields_narrow_overview_and_workbook(client, sign_in):
    booking = BookingFactory(project__title="Brunnen", amount=Decimal("5.00"))
    place = {"centre": booking.project.centre, "carrier": booking.project.carrier}
    BookingFactory(project=ProjectFactory(title="Bänke", **place), amount=Decimal("7.00"))
    sign_in(Role.CITY, centre=booking.project.centre)

    found = client.get(OVERVIEW, {"q": "brunnen"})

    assert [line.label for line in found.context["by_project"]] == ["Brunnen"]
    assert found.context["total"].figures[0].amount == Decimal("5.00")
    assert f"{WORKBOOK}?q=brunnen" in found.text
