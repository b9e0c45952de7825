"""Remind other offices of what the desk asked them: once before the day, at most twice after it.

An institution that was asked to take a case over is followed up once, on the day.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.consultations import mailing
from contacts.consultations.models import Consultation
from contacts.followups.models import Reminder
from contacts.followups.occurrences import LOOK_BACK, Occurrence, horizon
from zentrum.mail.services import draft
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar

Kind = Reminder.Kind
LATE_ON = (1, 4)  # working days after the day


def find(centre: Centre, calendar: OfficeCalendar, now: datetime) -> Iterator[Occurrence]:
    """Open consultations of a centre whose day is near, today or past."""
    today = timezone.localdate(now)
    if not calendar.is_working_day(today):
        return
    window = (today - LOOK_BACK, horizon(calendar, today))
    asked = Consultation.objects.open().filter(case__centre=centre, due_on__range=window)
    for consultation in asked.select_related("case").defer("draft", "case__search_text"):
        if occurrence := current(consultation, calendar, now):
            yield occurrence


def current(
    consultation: Consultation, calendar: OfficeCalendar, now: datetime
) -> Occurrence | None:
    """The notice that holds today, if any.

    Its key names who asked: a case that changes hands reminds nobody outside a second time.
    """
    notice = _notice(consultation, calendar, timezone.localdate(now))
    if not notice or not consultation.is_open or consultation.case.is_closed:
        return None
    kind, day = notice
    asked_by, due_on = consultation.asked_by_id, consultation.due_on
    return Occurrence(kind, "consultation", consultation.pk, day, asked_by, deadline=due_on)


def _notice(
    consultation: Consultation, calendar: OfficeCalendar, today: date
) -> tuple[Kind, date] | None:
    due_on = calendar.add_working_days(consultation.due_on, 0)
    if consultation.is_referral:
        return (Kind.ADVICE_OVERDUE, due_on) if today >= due_on else None
    if today < due_on:
        near = due_on <= horizon(calendar, today)
        return (Kind.ADVICE_COMING, due_on) if near else None
    late = calendar.working_days_between(due_on, today)
    passed = [days for days in LATE_ON if late >= days]
    return (Kind.ADVICE_OVERDUE, calendar.add_working_days(due_on, passed[-1])) if passed else None


def post(reminder: Reminder, consultation: Consultation, now: datetime) -> None:
    """Write the mail to the other office; it is not in the outbox yet."""
    try:
        mail = draft(key=f"reminder:{reminder.pk}", **mailing.reminder(consultation))
    except ValidationError as error:
        reminder.skip(" ".join(error.messages), now)
    else:
        reminder.note_delivery(mail, None, now)


def keep(reminders: Iterable[Reminder]) -> None:
    """Note the mails with their consultations, so that an answer to one is understood."""
    told = Consultation.mails.through
    rows = [
        told(consultation_id=reminder.consultation_id, outgoingmail_id=reminder.mail.pk)
        for reminder in reminders
        if reminder.mail and reminder.consultation_id
    ]
    told.objects.bulk_create(rows)
