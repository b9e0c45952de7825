import csv
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from projects.models import Indicator, Reading
from projects.programme import indicator_services as services
from tests.concurrency import meet_before, run_at_once, wait_until_blocked_or_done
from tests.factories.office import UserFactory
from tests.factories.projects import (
    GoalFactory,
    IndicatorFactory,
    ProgrammeFactory,
    ReadingFactory,
)
from tests.projects.bad_input import NUMBERS
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
LIST = reverse("projects:indicator_list")
WORDS = {"name": "Leerstand", "unit": "Läden", "baseline_value": "20", "target_value": "10"}
WORDS |= {"baseline_on": "2024-01-01", "target_on": "2028-12-31"}
VALUE = {"value": "15.5", "measured_on": "2025-06-30", "provider": "Büro", "source": "Rundgang"}


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def goal():
    return GoalFactory(title="Weniger Leerstand")


@pytest.fixture
def manager(sign_in, goal):
    centre = goal.programme.centre
    return sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)


@pytest.fixture
def indicator(goal):
    return IndicatorFactory(goal=goal)


def url(name, *keys):
    return reverse(f"projects:{name}", args=keys)


def found(client, **query):
    return list(client.get(LIST, query).context["object_list"])


def test_a_new_value_is_of_today_unless_somebody_says_otherwise(client, manager, indicator):
    page = client.get(url("reading_create", indicator.pk))

    assert page.context["form"]["measured_on"].value() == NOW.date()


def test_indicator_is_entered_measured_and_reached(client, manager, goal):
    answer = client.post(url("indicator_create", goal.pk), WORDS)
    indicator = Indicator.objects.get()
    unmeasured = client.get(answer.url)
    client.post(url("reading_create", indicator.pk), VALUE)
    halfway = client.get(answer.url)
    client.post(
        url("reading_create", indicator.pk), VALUE | {"value": "9", "measured_on": "2026-05-02"}
    )
    reached = client.get(answer.url)

    assert "Seit dem Ausgangswert wurde nichts gemessen." in unmeasured.text
    assert "45 % des Weges sind geschafft, 57,7 % der Zeit sind vorbei." in halfway.text
    assert "Erreicht: 9 Läden, Zielwert ist 10." in reached.text
    assert "Rundgang" in reached.text
    assert found(client, state="reached") == [indicator]


def test_indicator_that_moves_away_says_so(client, manager, indicator):
    ReadingFactory(indicator=indicator, value=Decimal("22.5"))

    page = client.get(indicator.get_absolute_url())

    assert "Weiter entfernt als am Anfang: 22,5 leere Läden, Zielwert 10." in page.text
    assert found(client, state="missed") == [indicator]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"target_value": "20.000"}, "target_value"),
        ({"target_on": "2024-01-01"}, "target_on"),
        ({"baseline_on": "2026-11-21"}, "baseline_on"),
        ({"unit": " "}, "unit"),
        ({"name": ""}, "name"),
        ({"baseline_value": "1.2345"}, "baseline_value"),
        ({"target_value": "1e300"}, "target_value"),
        ({"target_value": "NaN"}, "target_value"),
    ],
)
def test_indicator_is_refused_in_words(client, manager, goal, change, field):
    page = client.post(url("indicator_create", goal.pk), WORDS | change)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Indicator.objects.exists()


NO_NUMBERS = [text for text in NUMBERS if text not in ("1.5", "-1")]


@pytest.mark.parametrize("text", [*NO_NUMBERS, "1.234,5", "Infinity", "\0", "1" * 20])
def test_values_that_are_none_are_refused_and_stay_in_the_form(client, manager, indicator, text):
    page = client.post(url("reading_create", indicator.pk), VALUE | {"value": text})

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["value"])
    assert 'value="Rundgang"' in page.text
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"measured_on": "2026-11-21"}, "measured_on"),
        ({"measured_on": "2023-12-31"}, "measured_on"),
        ({"provider": " "}, "provider"),
        ({"source": ""}, "source"),
    ],
)
def test_value_without_a_source_or_of_a_wrong_day_is_refused(
    client, manager, indicator, change, field
):
    page = client.post(url("reading_create", indicator.pk), VALUE | change)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Reading.objects.exists()


def test_one_value_a_day_and_a_wrong_one_is_mended(client, manager, indicator):
    reading = ReadingFactory(indicator=indicator)
    address = url("reading_update", indicator.pk, reading.pk)

    twice = client.post(url("reading_create", indicator.pk), VALUE)
    form = client.get(address)
    client.post(address, VALUE | {"value": "14.25", "version": 0})
    stale = client.post(address, VALUE | {"value": "13", "version": 0})
    early = client.post(address, VALUE | {"measured_on": "2020-01-01", "version": 1})

    assert list(twice.context["form"].errors) == ["measured_on"]
    assert 'value="15"' in form.text
    assert ("Wert", "14.250") in stale.context["form"].theirs
    assert list(early.context["form"].errors) == ["measured_on"]
    assert Reading.objects.get().value == Decimal("14.25")
    assert [event.value for event in reading.events.order_by("pgh_id")] == [
        Decimal(15),
        Decimal("14.25"),
    ]


def test_baseline_is_not_moved_behind_its_values(client, manager, indicator):
    ReadingFactory(indicator=indicator)
    address = url("indicator_update", indicator.pk)

    late = client.post(address, WORDS | {"baseline_on": "2026-01-01", "version": 0})
    client.post(address, WORDS | {"target_value": "12.5", "version": 0})
    stale = client.post(address, WORDS | {"version": 0})

    assert list(late.context["form"].errors) == ["baseline_on"]
    assert stale.context["form"].theirs
    indicator.refresh_from_db()
    assert (indicator.target_value, indicator.version) == (Decimal("12.5"), 1)


def test_picture_holds_every_value_and_no_style(client, manager, indicator):
    for year in (2024, 2025, 2026):
        ReadingFactory(indicator=indicator, measured_on=date(year, 6, 1), value=2040 - year)

    page = client.get(indicator.get_absolute_url()).text
    picture = re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]

    assert 'role="img" aria-labelledby="chart-title chart-text"' in picture
    assert picture.count("<circle") == 3
    assert "style=" not in picture
    places = [float(number) for number in re.findall(r'c[xy]="([^"]+)"', picture)]
    assert all(0 <= place <= 640 for place in places)
    assert sorted(places[::2]) == places[::2]
    assert sorted(places[1::2]) == places[1::2]  # falling: lower in the picture


def test_list_is_narrowed_by_words_state_and_goal(client, manager, indicator):
    rising = IndicatorFactory(
        goal=GoalFactory(programme=indicator.goal.programme),
        name="Mitglieder",
        baseline_value=1,
        target_value=2,
    )
    ReadingFactory(indicator=rising, value=2)
    IndicatorFactory()

    assert set(found(client)) == {indicator, rising}
    assert found(client, q="mitglied") == [rising]
    assert found(client, goal=indicator.goal_id) == [indicator]
    assert found(client, state="unmeasured") == [indicator]
    assert found(client, state="reached") == [rising]
    assert set(found(client, state="wrong", goal="none-1")) == {indicator, rising}


def test_last_day_decides_not_the_last_row(client, manager, indicator):
    ReadingFactory(indicator=indicator, measured_on=date(2026, 5, 1), value=10)
    ReadingFactory(indicator=indicator, measured_on=date(2025, 5, 1), value=12)

    assert found(client, state="reached") == [indicator]


def test_workbook_holds_every_value_of_what_the_list_shows(client, manager, indicator):
    ReadingFactory(indicator=indicator, value=Decimal("12.5"))
    other = IndicatorFactory(goal=indicator.goal, name="=cmd()", unit="@x")
    IndicatorFactory(name="Fremd")

    answer = client.get(url("indicators_file"))
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))

    assert {row[2] for row in rows} == {indicator.name, other.name}
    assert {row[8] for row in rows} == {12.5, None}
    measured = next(row for row in rows if row[8])
    assert measured[9].date() == date(2025, 6, 30)
    assert (measured[10], measured[12]) == (0.75, "Rundgang")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_same_as_text_for_german_excel(client, manager, indicator):
    ReadingFactory(indicator=indicator, value=Decimal("12.5"))
    IndicatorFactory(goal=indicator.goal, name="=cmd()", unit="@x")
    IndicatorFactory(name="Fremd")

    answer = client.get(url("indicators_file"), {"as": "csv"})
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.csv"')
    assert {len(row) for row in rows} == {14}
    assert {row[2] for row in rows[1:]} == {indicator.name, "'=cmd()"}
    assert {(row[8], row[9]) for row in rows[1:]} == {("12,500", "2025-06-30"), ("", "")}
    assert "Fremd" not in text


@pytest.mark.parametrize("role", Role.values)
def test_who_reads_and_who_enters_values(client, sign_in, role):
    reading = ReadingFactory()
    indicator = reading.indicator
    centre = indicator.goal.programme.centre
    sign_in(role, centre=centre, carrier=centre.carrier)
    reads = [LIST, indicator.get_absolute_url(), url("indicators_file")]
    writes = [url("indicator_create", indicator.goal_id), url("indicator_update", indicator.pk)]
    writes += [url("reading_create", indicator.pk), url("reading_update", indicator.pk, reading.pk)]
    leads = role in (Role.MANAGER, Role.DEPUTY)

    read = {client.get(address).status_code for address in reads}
    wrote = {client.get(address).status_code for address in writes}

    assert read == {403 if role == Role.TECHNICAL else 200}
    assert wrote == {200 if leads else 403}


@pytest.mark.parametrize("count", [1, 3])
def test_pages_need_the_same_queries_for_any_length(
    client, manager, indicator, django_assert_max_num_queries, count
):
    for number in range(count):
        ReadingFactory(indicator=indicator, measured_on=date(2025, 1, 1 + number))
        more = IndicatorFactory(goal__programme=indicator.goal.programme)
        ReadingFactory(indicator=more)

    with django_assert_max_num_queries(9):
        assert len(found(client)) == count + 1
    with django_assert_max_num_queries(7):
        page = client.get(indicator.get_absolute_url())
    with django_assert_max_num_queries(8):
        client.get(indicator.goal.programme.get_absolute_url())
    with django_assert_max_num_queries(9):
        client.get(url("indicators_file"))
    assert len(page.context["readings"]) == count


WRONG = [
    {"baseline_value": 10},
    {"target_on": date(2024, 1, 1)},
    {"name": ""},
    {"unit": ""},
]


@pytest.mark.parametrize("change", WRONG)
def test_database_keeps_no_indicator_that_says_nothing(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFactory(**change)


@pytest.mark.parametrize("change", [{"source": ""}, {"provider": ""}])
def test_database_keeps_no_value_without_its_source(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingFactory(**change)


def test_database_keeps_one_value_a_day(indicator):
    ReadingFactory(indicator=indicator)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingFactory(indicator=indicator)


@pytest.mark.django_db(transaction=True)
def test_same_value_at_once_is_there_once(monkeypatch):
    indicator, user = IndicatorFactory(), UserFactory()
    meet_before(monkeypatch, Reading, "save")

    def act():
        values = {"value": 1, "measured_on": date(2025, 1, 1), "provider": "a", "source": "b"}
        services.add_reading(Reading(indicator=indicator, **values), by=user)

    answers = run_at_once(act, times=2)

    assert {type(answer) for answer in answers} == {type(None), ValidationError}
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_baseline_is_not_moved_behind_a_value_of_this_moment():
    indicator, user = IndicatorFactory(), UserFactory()
    values = {"value": 1, "measured_on": date(2024, 2, 1), "provider": "a", "source": "b"}

    def move():
        try:
            services.edit_indicator(indicator, by=user, baseline_on=date(2025, 1, 1))
        except ValidationError as refusal:
            return list(refusal.message_dict)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.add_reading(Reading(indicator=indicator, **values), by=user)
            moving = pool.submit(move)
            wait_until_blocked_or_done(moving)
        refused = moving.result()

    assert refused == ["baseline_on"]


def test_programme_shows_its_indicators_beside_the_goals(client, manager, indicator):
    ReadingFactory(indicator=indicator, value=Decimal("12.5"))
    IndicatorFactory(goal__programme=ProgrammeFactory(), name="Fremd")

    page = client.get(indicator.goal.programme.get_absolute_url())

    assert "12,5 / 10" in page.text
    assert "Fremd" not in page.text
