"""What is due today, as occurrences: each becomes one reminder (`reminding.py`).

A reply-by date that falls on a day off counts as due on the next working day. A date is announced
on the working day before (or at the last opening before it), on the day, and then every second
working day; after the fifth overdue notice only the morning digest repeats it. A waiting case is at
rest: nothing is due before its date.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from contacts.cases.models import Case
from contacts.followups import advice
from contacts.followups.follow_ups import FollowUp
from contacts.followups.models import Reminder
from contacts.followups.occurrences import LOOK_BACK, Occurrence, horizon
from projects.ideas.models import Idea
from projects.pipeline.milestones import Milestone
from projects.pipeline.models import Project
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar

Kind = Reminder.Kind
OVERDUE_NOTICES = 5
UNREAD_AFTER = 2  # working days
ASLEEP_PHASES = (*Project.ENDED_PHASES, Project.Phase.PAUSED)


def replies(centre: Centre, calendar: OfficeCalendar, now: datetime) -> Iterator[Occurrence]:
    """Open cases whose promised date is near, today or past."""
    today = timezone.localdate(now)
    if not calendar.is_working_day(today):
        return
    window = (today - LOOK_BACK, horizon(calendar, today))
    cases = Case.objects.filter(state=Case.State.OPEN, centre=centre, reply_by__range=window)
    for case in cases.only("reply_by", "owner_id", "centre_id", "state"):
        if occurrence := reply_occurrence(case, calendar, now):
            yield occurrence


def reply_occurrence(case: Case, calendar: OfficeCalendar, now: datetime) -> Occurrence | None:
    """The notice about the reply-by date that holds today, if any."""
    notice = _reply_notice(case.reply_by, calendar, timezone.localdate(now))
    if not notice or case.state != Case.State.OPEN:
        return None
    kind, day = notice
    return Occurrence(kind, "case", case.pk, day, case.owner_id, deadline=case.reply_by)


def _reply_notice(
    reply_by: date, calendar: OfficeCalendar, today: date
) -> tuple[Kind, date] | None:
    due_on = calendar.add_working_days(reply_by, 0)
    if today < reply_by:
        near = reply_by <= horizon(calendar, today)
        return (Kind.REPLY_COMING, reply_by) if near else None
    if today <= due_on:
        return Kind.REPLY_TODAY, due_on
    late = calendar.working_days_between(due_on, today)
    notice = (late - 1) // 2  # the first on day 1, the second on day 3, …
    if late < 1 or notice >= OVERDUE_NOTICES:
        return None
    return Kind.REPLY_OVERDUE, calendar.add_working_days(due_on, 2 * notice + 1)


def unread_ideas(centre: Centre, calendar: OfficeCalendar, now: datetime) -> Iterator[Occurrence]:
    """Ideas that nobody has opened for two working days."""
    since = now - LOOK_BACK
    cases = Case.objects.filter(
        kind=Case.Kind.IDEA,
        state=Case.State.OPEN,
        read_at__isnull=True,
        centre=centre,
        received_at__range=(since, now - timedelta(days=UNREAD_AFTER)),
    )
    for case in cases.only("received_at", "owner_id", "centre_id", "state", "read_at", "kind"):
        if occurrence := unread_occurrence(case, calendar, now):
            yield occurrence


def unread_occurrence(case: Case, calendar: OfficeCalendar, now: datetime) -> Occurrence | None:
    received, moment = timezone.localtime(case.received_at), timezone.localtime(now)
    age = calendar.working_days_between(received.date(), moment.date())
    old = age > UNREAD_AFTER or (age == UNREAD_AFTER and moment.time() >= received.time())
    if case.read_at or case.state != Case.State.OPEN or not old:
        return None
    day = calendar.add_working_days(received.date(), UNREAD_AFTER)
    return Occurrence(Kind.IDEA_UNREAD, "case", case.pk, day, case.owner_id)


def milestones(centre: Centre, calendar: OfficeCalendar, now: datetime) -> Iterator[Occurrence]:
    """Milestones of living projects that were planned for today or shortly before."""
    today = timezone.localdate(now)
    due = Milestone.objects.due(today).filter(
        project__centre=centre, planned_on__gte=today - LOOK_BACK
    )
    awake = due.exclude(project__phase__in=ASLEEP_PHASES).select_related("project")
    for milestone in awake:
        if occurrence := milestone_occurrence(milestone, calendar, now):
            yield occurrence


def milestone_occurrence(
    milestone: Milestone, calendar: OfficeCalendar, now: datetime
) -> Occurrence | None:
    project, planned_on = milestone.project, milestone.planned_on
    is_due = not milestone.reached_on and planned_on <= timezone.localdate(now)
    if not is_due or project.phase in ASLEEP_PHASES:
        return None
    owner = milestone.person_id or project.lead_id
    return Occurrence(Kind.MILESTONE_DUE, "milestone", milestone.pk, planned_on, owner)


def returning_ideas(
    centre: Centre, calendar: OfficeCalendar, now: datetime
) -> Iterator[Occurrence]:
    """Ideas that were parked until today or shortly before."""
    today = timezone.localdate(now)
    back = Idea.objects.back(today).filter(centre=centre, returns_on__gte=today - LOOK_BACK)
    for idea in back.only("state", "returns_on", "parked_by_id"):
        if occurrence := return_occurrence(idea, calendar, now):
            yield occurrence


def return_occurrence(idea: Idea, calendar: OfficeCalendar, now: datetime) -> Occurrence | None:
    day, owner = idea.returns_on, idea.parked_by_id
    if not (day and owner) or day > timezone.localdate(now):
        return None
    return Occurrence(Kind.IDEA_RETURNS, "idea", idea.pk, day, owner)


def follow_ups(centre: Centre, calendar: OfficeCalendar, now: datetime) -> Iterator[Occurrence]:
    """Open follow-ups planned for today or shortly before."""
    today = timezone.localdate(now)
    due = FollowUp.objects.due(today).filter(centre=centre, due_on__gte=today - LOOK_BACK)
    for follow_up in due.only("due_on", "assignee_id", "done_at", "withdrawn_at"):
        if occurrence := follow_up_occurrence(follow_up, calendar, now):
            yield occurrence


def follow_up_occurrence(
    follow_up: FollowUp, calendar: OfficeCalendar, now: datetime
) -> Occurrence | None:
    if not follow_up.is_open or follow_up.due_on > timezone.localdate(now):
        return None
    day, assignee = follow_up.due_on, follow_up.assignee_id
    return Occurrence(Kind.FOLLOW_UP, "follow_up", follow_up.pk, day, assignee)


def waits_over(today: date) -> list[int]:
    """Waiting cases whose day has come, by primary key."""
    over = Case.objects.filter(state=Case.State.WAITING, waiting_until__lte=today)
    return list(over.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class Finder:
    """Where reminders of these kinds come from.

    `find` yields all that is due at a centre; `current` says what is due now about one matter, so
    that a reminder whose matter has moved on is skipped instead of sent.
    """

    kinds: tuple[Kind, ...]
    find: Callable[[Centre, OfficeCalendar, datetime], Iterable[Occurrence]]
    current: Callable[[Any, OfficeCalendar, datetime], Occurrence | None]


# A slice below that has something to remind of adds a row here, a field to Reminder and a row to
# `matters.SORTS`.
FINDERS = (
    Finder((Kind.REPLY_COMING, Kind.REPLY_TODAY, Kind.REPLY_OVERDUE), replies, reply_occurrence),
    Finder((Kind.IDEA_UNREAD,), unread_ideas, unread_occurrence),
    Finder((Kind.MILESTONE_DUE,), milestones, milestone_occurrence),
    Finder((Kind.IDEA_RETURNS,), returning_ideas, return_occurrence),
    Finder((Kind.ADVICE_COMING, Kind.ADVICE_OVERDUE), advice.find, advice.current),
    Finder((Kind.FOLLOW_UP,), follow_ups, follow_up_occurrence),
)
