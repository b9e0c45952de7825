"""On which days a follow-up that repeats comes back."""

import calendar
from datetime import date, timedelta

from contacts.followups.follow_ups import FollowUp
from zentrum.office.working_time import OfficeCalendar

Repeat = FollowUp.Repeat
MONTHS = {Repeat.MONTHLY: 1, Repeat.QUARTERLY: 3, Repeat.YEARLY: 12}


def day_of(begins_on: date, repeat: str, number: int) -> date:
    """The day of a time in the series, counted from 0; in a short month its last day."""
    if repeat == Repeat.WEEKLY:
        return begins_on + timedelta(weeks=number)
    months = begins_on.month - 1 + MONTHS[Repeat(repeat)] * number
    year, month = begins_on.year + months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(begins_on.day, last))


def next_time(follow_up: FollowUp, office: OfficeCalendar, today: date) -> tuple[int, date]:
    """The number and the working day of the next time after today; missed ones are left out."""
    number = follow_up.number + 1
    while (day := _working_day(follow_up, office, number)) <= max(today, follow_up.due_on):
        number += 1
    return number, day


def _working_day(follow_up: FollowUp, office: OfficeCalendar, number: int) -> date:
    return office.add_working_days(day_of(follow_up.begins_on, follow_up.repeat, number), 0)
