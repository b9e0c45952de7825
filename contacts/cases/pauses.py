"""What a pause does to the promise: the working days waited are added to it."""

from datetime import date

from django.utils import timezone
from django.utils.translation import ngettext

from contacts.cases.models import Case
from zentrum.office.working_time import OfficeCalendar


def begin(case: Case, today: date) -> None:
    """The clock stands still from today; a pause that goes on with another word is still one."""
    if case.state != Case.State.WAITING:
        case.waiting_since = today
    case.state = Case.State.WAITING
    case.escalation = Case.Escalation.NONE


def end(case: Case, calendar: OfficeCalendar, today: date) -> int:
    """The clock runs again, the promise moves. Returns the working days waited."""
    waited = days_so_far(case, calendar, today)
    case.reply_by = later(case.reply_by, waited, calendar)
    if not case.first_answered_at:
        case.promise_ends_on = later(case.promise_ends_on, waited, calendar)
    case.state = Case.State.OPEN
    case.waiting_until = case.waiting_since = None
    case.waiting_on = case.waiting_for = ""
    return waited


def note_first_answer(case: Case, calendar: OfficeCalendar, today: date) -> None:
    """Fix whether the promise was kept; a pause that is under way counts up to today."""
    waited = days_so_far(case, calendar, today)
    case.promise_ends_on = later(case.promise_ends_on, waited, calendar)
    case.promise_kept = today <= case.promise_ends_on


def days_so_far(case: Case, calendar: OfficeCalendar, today: date) -> int:
    if case.state != Case.State.WAITING or not case.waiting_since:
        return 0
    return max(calendar.working_days_between(case.waiting_since, today), 0)


def expected_end(case: Case, calendar: OfficeCalendar) -> date:
    """The day of the answer if the case waits until the day it was set to."""
    until = case.waiting_until or timezone.localdate()
    return later(case.reply_by, days_so_far(case, calendar, until), calendar)


def in_words(before: date, after: date, waited: int) -> str:
    """What a pause did to the promised date; nothing if it was over on the same day."""
    if before == after:
        return ""
    days = ngettext("%(days)s working day waited", "%(days)s working days waited", waited)
    return f"{before:%d.%m.%Y} → {after:%d.%m.%Y}: {days % {'days': waited}}"


def later(day: date, count: int, calendar: OfficeCalendar) -> date:
    """The day moved by working days; a day off counts as the next working day, as it is due."""
    return calendar.add_working_days(calendar.add_working_days(day, 0), count) if count else day
