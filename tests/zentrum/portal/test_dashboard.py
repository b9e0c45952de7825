from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contacts.models import Case
from projects.models import FieldOfAction, Project
from tests.factories.contacts import CaseFactory
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import (
    GoalFactory,
    IdeaFactory,
    IndicatorFactory,
    MilestoneFactory,
    ProjectFactory,
    ReadingFactory,
)
from zentrum.accounts.roles import Role
from zentrum.portal.dashboard_filter import days_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
URL = "/uebersicht/"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False), override("en"):
        yield


@pytest.fixture
def city(sign_in):
    """Somebody of the city administration who oversees one centre."""
    centre = CentreFactory(name="Turmstraße")
    sign_in(Role.CITY, centre=centre)
    return centre


def case(centre, received, promised, answered=None, **fields):
    return CaseFactory(
        centre=centre,
        received_at=received,
        reply_by=promised,
        promised_on=promised,
        first_answered_at=answered,
        first_answer_days=None if answered is None else 1,
        **fields,
    )


def page(client, **query):
    return client.get(URL, query, headers={"Accept-Language": "en"})


def test_an_empty_town_gets_a_sentence_and_no_error(client, city):
    response = page(client)

    assert response.status_code == 200
    assert response.context["sentence"] == (
        "No project is running at the moment. In this period no promised answer has fallen due."
    )


def test_the_sentence_says_how_things_stand(client, city):
    field = FieldOfAction.objects.first()
    for light in ["green", "green", "yellow", "red"]:
        ProjectFactory(centre=city, field_of_action=field, light=light, light_sentence="Warum")
    ProjectFactory(centre=city, field_of_action=field, phase="completed", light="green")
    day = datetime(2026, 11, 2, 10, tzinfo=UTC)
    for _ in range(2):
        case(city, day, date(2026, 11, 9), day)
    case(city, day, date(2026, 11, 9))

    response = page(client)

    assert response.context["sentence"] == (
        "2 of 4 running projects are on course, 1 at risk, 1 off course. "
        "66 % of the cases were answered within the promise."
    )


def test_a_case_is_judged_by_the_local_day_of_its_first_answer(client, city):
    received = datetime(2026, 11, 2, 10, tzinfo=UTC)
    promised = date(2026, 11, 9)
    before_midnight = datetime(2026, 11, 9, 22, 59, tzinfo=UTC)
    case(city, received, promised, before_midnight)
    case(city, received, promised, before_midnight + timedelta(minutes=1))

    response = page(client)

    cases = response.context["cases"]
    assert (cases["kept"], cases["broken"]) == (1, 1)


def test_what_is_neither_kept_nor_broken(client, city):
    received = datetime(2026, 11, 2, 10, tzinfo=UTC)
    case(city, received, date(2026, 11, 20))  # the promised day is today
    case(city, received, date(2026, 11, 19))  # over, no answer
    closed = {"state": "closed", "outcome": "withdrawn"}
    case(city, received, date(2026, 11, 9), closed_at=received, **closed)
    late = datetime(2026, 11, 12, 10, tzinfo=UTC)
    case(city, received, date(2026, 11, 9), closed_at=late, **closed)

    cases = page(client).context["cases"]

    assert {name: cases[name] for name in ("received", "kept", "broken", "pending")} == {
        "received": 4,
        "kept": 0,
        "broken": 2,
        "pending": 1,
    }


def test_ideas_are_counted_with_the_median_of_working_days(client, city):
    received = datetime(2026, 11, 2, 10, tzinfo=UTC)
    for days in [1, 2, 9]:
        row = case(city, received, date(2026, 11, 9), received, kind="idea")
        Case.objects.filter(pk=row.pk).update(first_answer_days=days)
    case(city, received, date(2026, 11, 9), kind="idea", idea=IdeaFactory())
    case(city, received, date(2026, 11, 9), received, kind="enquiry")

    context = page(client).context

    assert [bar.number for bar in context["idea_bars"]] == [4, 3, 1]
    assert context["cases"]["median_days"] == 2.0
    assert "after 2 working days" in context["idea_finding"]


def test_milestones_in_time_late_overdue_and_to_come(client, city):
    project = ProjectFactory(centre=city)
    cancelled = ProjectFactory(centre=city, phase="cancelled", phase_reason="Grund")
    planned = date(2026, 11, 10)
    MilestoneFactory(project=project, planned_on=planned, reached_on=planned)
    MilestoneFactory(project=project, planned_on=planned, reached_on=date(2026, 11, 11))
    MilestoneFactory(project=project, planned_on=planned)
    MilestoneFactory(project=project, planned_on=date(2026, 11, 20))
    MilestoneFactory(project=project, planned_on=date(2027, 1, 1))
    MilestoneFactory(project=cancelled, planned_on=planned)

    context = page(client).context

    assert [bar.number for bar in context["milestone_bars"]] == [1, 1, 1, 1]
    assert context["milestone_finding"] == "1 of 3 milestones due were reached in time."


def test_projects_by_phase_field_and_light(client, city):
    first, second = FieldOfAction.objects.all()[:2]
    ProjectFactory(centre=city, field_of_action=first, phase="planning")
    ProjectFactory(
        centre=city,
        field_of_action=second,
        phase="planning",
        light="red",
        light_sentence="Der Kran fehlt.",
    )
    ProjectFactory(centre=city, field_of_action=second, phase="settled")

    context = page(client).context

    counted = {bar.label: bar.number for bar in context["phases"] if bar.number}
    assert counted == {"planning": 2, "settled": 1}
    assert [bar.number for bar in context["fields"]][:2] == [1, 1]
    assert [bar.number for bar in context["lights"]] == [1, 0, 1]
    assert [p.light_sentence for p in context["worries"]] == ["Der Kran fehlt."]


def test_indicators_reached_on_the_way_and_not_measured(client, city):
    empty = page(client).context["indicator_finding"]
    busy_centre(city)
    busy_centre(CentreFactory())

    context = page(client).context

    assert empty == "No indicator has been entered yet."
    assert [bar.number for bar in context["indicator_bars"]] == [1, 1, 1]
    assert context["indicator_finding"] == "1 of 3 indicators have reached their target."


def busy_centre(centre):
    """One row for each figure of the dashboard."""
    field = FieldOfAction.objects.first()
    project = ProjectFactory(
        centre=centre, field_of_action=field, light="yellow", light_sentence="Grund"
    )
    planned = date(2026, 11, 10)
    goal = GoalFactory(programme__centre=centre)
    for value in (None, 15, 10):
        indicator = IndicatorFactory(goal=goal)
        if value:
            ReadingFactory(indicator=indicator, value=value)
    for reached_on in (planned, date(2026, 11, 11), None):
        MilestoneFactory(project=project, planned_on=planned, reached_on=reached_on)
    MilestoneFactory(project=project, planned_on=date(2026, 12, 24))
    received = datetime(2026, 11, 2, 10, tzinfo=UTC)
    for promised, answered in [(9, 2), (9, 12), (9, None), (25, None)]:
        moment = answered and datetime(2026, 11, answered, 10, tzinfo=UTC)
        case(
            centre,
            received,
            date(2026, 11, promised),
            moment,
            kind="idea",
            sender_name="Erika Mustermann",
            sender_email="erika@example.org",
            subject="Geheimes Anliegen",
            idea=IdeaFactory(centre=centre),
        )


def bars_with_rows(response):
    names = ("lights", "phases", "fields", "milestone_bars", "indicator_bars")
    names += ("idea_bars", "promise_bars")
    return [bar for name in names for bar in response.context[name]]


@pytest.mark.parametrize("role", [Role.CITY, Role.MANAGER, Role.DEPUTY])
def test_every_figure_leads_to_exactly_its_rows(client, sign_in, role):
    centre = CentreFactory()
    sign_in(role, centre=centre)
    busy_centre(centre)
    busy_centre(CentreFactory())
    ProjectFactory(centre=centre, carrier=CarrierFactory(), phase="planning")

    bars = bars_with_rows(page(client))

    assert sum(bar.number for bar in bars) > 15
    for bar in bars:
        rows = client.get(bar.url)
        assert rows.status_code == 200
        assert rows.context["page_obj"].paginator.count == bar.number, bar


def test_no_page_of_the_city_shows_a_sender_or_a_subject(client, city):
    busy_centre(city)
    response = page(client)

    for address in {URL, *(bar.url for bar in bars_with_rows(response))}:
        text = client.get(address).content.decode()
        assert not [word for word in ("Erika", "erika@", "Geheimes") if word in text], address


def test_city_never_gets_a_link_to_the_desk(client, city):
    busy_centre(city)

    for address in (URL, "/uebersicht/vorgaenge/received/"):
        assert "/anlaufstelle/" not in client.get(address).content.decode()


def test_manager_opens_the_case_from_its_row(client, sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    row = case(centre, datetime(2026, 11, 2, 10, tzinfo=UTC), date(2026, 11, 9))

    response = client.get("/uebersicht/vorgaenge/received/")

    assert response.context["rows"] == [(row, True)]


@pytest.mark.parametrize(
    ("role", "everywhere", "expected"),
    [
        (Role.CITY, False, ["V-1", "V-2"]),
        (Role.CITY, True, ["V-1", "V-2", "V-3"]),
        (Role.MANAGER, False, ["V-1"]),
        (Role.MANAGER, True, ["V-1"]),
        (Role.DEPUTY, False, ["V-1"]),
    ],
)
def test_whose_cases_are_counted(client, sign_in, role, everywhere, expected):
    centre, elsewhere = CentreFactory(), CentreFactory()
    received = datetime(2026, 11, 2, 10, tzinfo=UTC)
    promised = date(2026, 11, 9)
    case(centre, received, promised, reference="V-1")
    case(centre, received, promised, reference="V-2", carrier=elsewhere.carrier)
    case(elsewhere, received, promised, reference="V-3")
    place = {"centre": None, "carrier": centre.carrier} if everywhere else {"centre": centre}
    sign_in(role, **place)

    counted = page(client).context["cases"]["received"]
    rows = client.get("/uebersicht/vorgaenge/received/").context["object_list"]

    assert sorted(row.reference for row in rows) == expected
    assert counted == len(expected)


@pytest.mark.parametrize("role", [Role.DESK, Role.BODY_MEMBER, Role.TECHNICAL])
@pytest.mark.parametrize(
    "address", [URL, "/uebersicht/vorgaenge/received/", "/uebersicht/meilensteine/due/"]
)
def test_dashboard_is_closed_to(client, sign_in, role, address):
    sign_in(role)

    assert client.get(address).status_code == 403


def test_centre_filter_narrows_every_figure(client, sign_in):
    first, second = CentreFactory(), CentreFactory()
    sign_in(Role.CITY, centre=None, carrier=first.carrier)
    busy_centre(first)
    busy_centre(second)

    both, one = page(client), page(client, centre=first.pk)

    assert [bar.number for bar in bars_with_rows(one)] == [
        bar.number // 2 for bar in bars_with_rows(both)
    ]
    for bar in bars_with_rows(one):
        assert client.get(bar.url).context["page_obj"].paginator.count == bar.number, bar


@pytest.mark.parametrize(
    ("today", "period", "expected"),
    [
        (date(2026, 11, 20), "this_year", (date(2026, 1, 1), date(2026, 12, 31))),
        (date(2026, 11, 20), "last_12_months", (date(2025, 11, 21), date(2026, 11, 20))),
        (date(2028, 2, 29), "last_12_months", (date(2027, 3, 1), date(2028, 2, 29))),
        (date(2026, 11, 20), "last_quarter", (date(2026, 7, 1), date(2026, 9, 30))),
        (date(2026, 2, 1), "last_quarter", (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 4, 1), "last_quarter", (date(2026, 1, 1), date(2026, 3, 31))),
        (date(2026, 4, 1), "", (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_days_of_a_period(today, period, expected):
    assert days_of(period, today) == expected


def test_custom_period_counts_whole_local_days(client, city):
    promised = date(2026, 11, 9)
    for hour in (21, 22):  # 23:00 on the 1st and 0:00 on the 2nd of July in Berlin
        case(city, datetime(2026, 7, 1, hour, tzinfo=UTC), promised)

    first = page(client, period="custom", start="2026-07-01", end="2026-07-01")
    second = page(client, period="custom", start="2026-07-02", end="2026-07-02")

    assert [r.context["cases"]["received"] for r in (first, second)] == [1, 1]


BAD = [
    {"period": "custom"},
    {"period": "custom", "start": "2026-05-01"},
    {"period": "custom", "start": "2026-05-02", "end": "2026-05-01"},
    {"period": "custom", "start": "gestern", "end": "heute"},
    {"period": "custom", "start": "0001-01-01", "end": "9999-12-31"},
    {"period": "nonsense"},
    {"period": "x" * 5000},
    {"period": "🏛\u200f"},
    {"period": "custom", "start": "<script>alert(1)</script>", "end": "2026-01-01"},
]


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize(
    "address", [URL, "/uebersicht/vorgaenge/kept/", "/uebersicht/meilensteine/due/"]
)
def test_bad_period_gets_a_message_and_this_year(client, city, address, query):
    response = client.get(address, query)

    assert response.status_code == 200
    assert response.context["form"].errors
    scope = response.context["scope"]
    assert (scope.start, scope.end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert "<script>alert(1)" not in response.content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "abc", "9" * 30, "1e3"])
def test_bad_centre_gets_a_message_and_all_centres(client, sign_in, value):
    CentreFactory(), CentreFactory()
    sign_in(Role.CITY, centre=None, carrier=CentreFactory().carrier)

    response = page(client, centre=value)

    assert list(response.context["form"].errors) == ["centre"]
    assert len(response.context["scope"].centres) == 3


def test_foreign_centre_is_no_choice(client, sign_in):
    sign_in(Role.CITY, centre=CentreFactory(), user=(user := sign_in(Role.CITY)))
    foreign = CentreFactory()

    response = page(client, centre=foreign.pk)

    assert user.is_authenticated
    assert list(response.context["form"].errors) == ["centre"]


@pytest.mark.parametrize("kind", ["vorgaenge", "meilensteine"])
@pytest.mark.parametrize("figure", ["nonsense", "received-", "sender_name"])
def test_unknown_figure_is_not_found(client, city, kind, figure):
    assert client.get(f"/uebersicht/{kind}/{figure}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("everywhere", [False, True])
def test_dashboard_needs_few_queries(
    client, sign_in, django_assert_max_num_queries, count, everywhere
):
    centre = CentreFactory()
    place = {"centre": None, "carrier": centre.carrier} if everywhere else {"centre": centre}
    sign_in(Role.CITY, **place)
    for _ in range(count):
        busy_centre(centre)

    with django_assert_max_num_queries(12):
        page(client)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("figure", ["vorgaenge/received", "meilensteine/planned"])
def test_rows_need_the_same_queries_for_any_length(
    client, city, django_assert_num_queries, figure, count
):
    for _ in range(count):
        busy_centre(city)
    address = f"/uebersicht/{figure}/"

    with django_assert_num_queries(7):
        response = client.get(address)

    assert len(response.context["object_list"]) == 4 * count


def test_project_lead_of_another_centre_is_not_counted(client, city):
    ProjectFactory(centre=CentreFactory())

    assert page(client).context["projects"].by_phase.total() == 0
    assert Project.objects.count() == 1
    assert timezone.localdate() == date(2026, 11, 20)


def test_addresses_are_as_agreed():
    assert reverse("portal:dashboard") == URL
