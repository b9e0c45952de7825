"""What is due when. 2026: 20 November is a Friday, 25 December a Friday and a holiday."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from contacts.followups import reminding
from contacts.followups.models import Reminder
from contacts.models import Case
from projects.models import Project
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, OfficeHoursFactory, UserFactory
from tests.factories.projects import IdeaFactory, MilestoneFactory, ProjectFactory
from zentrum.office.models import ClosingDay

BERLIN = ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.django_db


def at(day, clock="10:00"):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), BERLIN)


def notices(*, on, clock="10:00"):
    """What a tick at this moment adds, as (kind, day)."""
    known = set(Reminder.objects.values_list("pk", flat=True))
    reminding.write_due(at(on, clock))
    fresh = Reminder.objects.exclude(pk__in=known).order_by("kind")
    return [(reminder.kind, reminder.occurs_on.isoformat()) for reminder in fresh]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-19", []),
        ("2026-11-20", [("reply_coming", "2026-11-23")]),  # Friday: the working day before
        ("2026-11-21", []),  # nothing is found on a day off
        ("2026-11-23", [("reply_today", "2026-11-23")]),
        ("2026-11-24", [("reply_overdue", "2026-11-24")]),
        ("2026-11-25", [("reply_overdue", "2026-11-24")]),  # the notice that a missed day owes
        ("2026-11-26", [("reply_overdue", "2026-11-26")]),
        ("2026-12-04", [("reply_overdue", "2026-12-04")]),  # the fifth
        ("2026-12-07", [("reply_overdue", "2026-12-04")]),
        ("2026-12-08", []),  # from here on the digest repeats it
    ],
)
def test_reply_by_monday_is_announced_by_working_days(today, expected):
    CaseFactory(reply_by=date(2026, 11, 23))

    assert notices(on=today) == expected


def test_ladder_of_a_case_that_nobody_answers_has_one_notice_per_step():
    CaseFactory(reply_by=date(2026, 11, 23))
    day, steps = date(2026, 11, 16), []

    while day < date(2027, 1, 31):
        steps += notices(on=day.isoformat())
        day += timedelta(days=1)

    assert steps == [
        ("reply_coming", "2026-11-23"),
        ("reply_today", "2026-11-23"),
        ("reply_overdue", "2026-11-24"),
        ("reply_overdue", "2026-11-26"),
        ("reply_overdue", "2026-11-30"),
        ("reply_overdue", "2026-12-02"),
        ("reply_overdue", "2026-12-04"),
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-12-24", [("reply_coming", "2026-12-25")]),
        ("2026-12-28", [("reply_today", "2026-12-28")]),
        ("2026-12-29", [("reply_overdue", "2026-12-29")]),
    ],
)
def test_date_on_a_holiday_is_due_on_the_next_working_day(today, expected):
    CaseFactory(reply_by=date(2026, 12, 25))

    assert notices(on=today) == expected


def test_closing_day_does_not_count_as_delay():
    case = CaseFactory(reply_by=date(2026, 11, 23))
    ClosingDay.objects.create(
        centre=case.centre, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 25), reason="Umzug"
    )

    assert notices(on="2026-11-24") == []
    assert notices(on="2026-11-26") == [("reply_overdue", "2026-11-26")]


def test_desk_with_two_days_of_hours_hears_of_a_date_at_the_opening_before():
    centre = CentreFactory()
    for weekday in (1, 3):
        OfficeHoursFactory(centre=centre, weekday=weekday)
    CaseFactory(centre=centre, reply_by=date(2026, 11, 30))  # a Monday

    assert notices(on="2026-11-25") == []
    assert notices(on="2026-11-26") == [("reply_coming", "2026-11-30")]


@pytest.mark.parametrize(
    "state",
    [
        {"state": Case.State.WAITING, "waiting_until": date(2026, 12, 31)},
        {"state": Case.State.CLOSED, "outcome": "answered", "closed_at": at("2026-11-20")},
    ],
)
def test_case_at_rest_is_not_announced(state):
    CaseFactory(reply_by=date(2026, 11, 23), **state)

    assert notices(on="2026-11-23") == []


def test_moved_date_and_new_owner_make_new_reminders():
    case = CaseFactory(reply_by=date(2026, 11, 23))
    assert notices(on="2026-11-23") == [("reply_today", "2026-11-23")]

    case.reply_by = date(2026, 11, 24)
    case.save()
    assert notices(on="2026-11-24") == [("reply_today", "2026-11-24")]
    assert notices(on="2026-11-24") == []

    case.owner = CaseFactory().owner
    case.save()
    assert notices(on="2026-11-24") == [("reply_today", "2026-11-24")]


@pytest.mark.parametrize(
    ("received", "today", "clock", "expected"),
    [
        ("2026-11-18", "2026-11-20", "09:59", []),
        ("2026-11-18", "2026-11-20", "10:00", [("idea_unread", "2026-11-20")]),
        ("2026-11-19", "2026-11-21", "12:00", []),  # Saturday: one working day has passed
        ("2026-11-19", "2026-11-23", "10:00", [("idea_unread", "2026-11-23")]),
    ],
)
def test_idea_is_unread_after_two_working_days(received, today, clock, expected):
    far = date(2027, 3, 1)
    CaseFactory(kind=Case.Kind.IDEA, received_at=at(received), reply_by=far)
    CaseFactory(kind=Case.Kind.ENQUIRY, received_at=at(received), reply_by=far)
    CaseFactory(
        kind=Case.Kind.IDEA, received_at=at(received), reply_by=far, read_at=at(received, "11:00")
    )

    assert notices(on=today, clock=clock) == expected


@pytest.mark.parametrize(
    ("project", "reached", "expected"),
    [
        ({}, None, [("milestone_due", "2026-11-20")]),
        ({}, date(2026, 11, 19), []),
        ({"phase": Project.Phase.COMPLETED}, None, []),
        ({"phase": Project.Phase.PAUSED, "phase_reason": "Geld fehlt"}, None, []),
    ],
)
def test_milestone_is_due_while_its_project_lives(project, reached, expected):
    MilestoneFactory(
        project=ProjectFactory(**project), planned_on=date(2026, 11, 20), reached_on=reached
    )

    assert notices(on="2026-11-19") == []
    assert notices(on="2026-11-20") == expected
    assert notices(on="2026-11-23") == []


@pytest.mark.parametrize(
    ("now", "clock", "due"),
    [
        ("2026-11-23", "00:01", at("2026-11-23", "09:00")),
        ("2026-11-23", "14:00", at("2026-11-23", "14:00")),
        ("2026-11-23", "22:00", at("2026-11-24", "09:00")),
        ("2026-03-27", "20:00", at("2026-03-30", "09:00")),  # summer time begins on the 29th
        ("2026-10-23", "20:00", at("2026-10-26", "09:00")),  # and ends on the 25th
        ("2026-12-23", "20:00", at("2026-12-24", "09:00")),
        ("2026-12-24", "20:00", at("2026-12-28", "09:00")),  # Christmas, then a weekend
        ("2026-12-31", "20:00", at("2027-01-04", "09:00")),
    ],
)
def test_reminder_waits_for_the_office_to_open(now, clock, due):
    CaseFactory(reply_by=date.fromisoformat(now))

    reminding.write_due(at(now, clock))

    assert [reminder.due_at for reminder in Reminder.objects.all()] == [due]


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
def test_ticks_through_a_night_of_clock_change_find_each_date_once(sunday):
    monday = date.fromisoformat(sunday) + timedelta(days=1)
    CaseFactory(reply_by=monday)
    midnight = at(sunday, "00:00").astimezone(UTC)
    found = 0

    for minutes in range(0, 60 * 35, 15):
        found += reminding.write_due(midnight + timedelta(minutes=minutes))

    assert found == 1
    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.due_at) == ("reply_today", at(monday.isoformat(), "09:00"))


@pytest.mark.parametrize("count", [1, 3])
def test_finding_needs_the_same_queries_for_any_number(count, django_assert_num_queries):
    centre = CentreFactory()
    for _ in range(count):
        CaseFactory(centre=centre, reply_by=date(2026, 11, 23), kind=Case.Kind.IDEA)
        MilestoneFactory(project=ProjectFactory(centre=centre), planned_on=date(2026, 11, 23))

    with django_assert_num_queries(11):
        assert reminding.write_due(at("2026-11-24", "12:00")) == 3 * count


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("parked", "2026-11-20", [("idea_returns", "2026-11-20")]),
        ("parked", "2026-11-16", [("idea_returns", "2026-11-16")]),
        ("parked", "2026-11-21", []),
        ("in_review", None, []),
    ],
)
def test_parked_idea_is_due_on_its_day(state, day, expected):
    on = day and date.fromisoformat(day)
    IdeaFactory(state=state, reason="Später", returns_on=on, parked_by=UserFactory())

    assert notices(on="2026-11-20") == expected
    assert notices(on="2026-11-20", clock="11:00") == []  # nothing twice
