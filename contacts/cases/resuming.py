"""Take up many waiting cases in two statements: the clock does it for all whose day has come."""

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.utils import timezone

from contacts.cases import pauses
from contacts.cases.messages import Message
from contacts.cases.models import Case
from zentrum.common.models import many_rows
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar

# A bulk_update compares each row with each key: minutes for ten thousand.
RESUME = """
    UPDATE contacts_case AS matter
    SET state = 'open', waiting_until = NULL, waiting_since = NULL, waiting_on = '',
        waiting_for = '', version = version + 1, updated_at = %s,
        reply_by = moved.reply_by, promise_ends_on = moved.promise_ends_on
    FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS moved (id, reply_by, promise_ends_on)
    WHERE matter.id = moved.id
"""


def resume_all(
    cases: list[Case], calendar_of: Callable[[Centre], OfficeCalendar], today: date
) -> None:
    """End the pauses of locked waiting cases, as `services.resume` does it for one.

    Nobody has read a case by this: what was unread stays so.
    """
    events = [_end_pause(case, calendar_of(case.centre), today) for case in cases]
    values = [(case.pk, case.reply_by, case.promise_ends_on) for case in cases]
    columns = [list(column) for column in zip(*values, strict=True)] or [[], [], []]
    with many_rows(), connection.cursor() as cursor:
        cursor.execute(RESUME, [timezone.now(), *columns])
    Message.objects.bulk_create(events)


def _end_pause(case: Case, calendar: OfficeCalendar, today: date) -> Message:
    before = case.reply_by
    waited = pauses.end(case, calendar, today)
    text = pauses.in_words(before, case.reply_by, waited)
    event = Message.Event.RESUMED
    return Message(case=case, kind=Message.Kind.EVENT, event=event, text=text)
