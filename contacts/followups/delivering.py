"""Deliver reminders as mails, each once, within office hours, to whoever acts for its owner."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.cases.models import Case
from contacts.followups import advice, digest, finding, matters
from contacts.followups.choosing import Round, Way
from contacts.followups.matters import Matter
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Occurrence
from zentrum.accounts.models import User
from zentrum.common.links import absolute
from zentrum.mail.delivering import deliver_new
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import draft
from zentrum.office.working_time import OfficeCalendar

logger = logging.getLogger(__name__)

LANGUAGE = "de"  # the office's own language
DECIDED = ["mail", "recipient", "sent_at", "skipped_at", "skipped_reason"]
DECIDED += ["due_at", "held_reason", "updated_at"]
Kind = Reminder.Kind


def due_ids(now: datetime) -> list[int]:
    """Undelivered reminders whose time has come, the oldest first."""
    due = Reminder.objects.undelivered().filter(due_at__lte=now).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True))


def send_all(reminder_ids: list[int]) -> int:
    """Send reminders: first their rows and mails in one transaction, then mail by mail.

    If one of them fails, each gets a transaction of its own: the broken one is logged and stays due
    for the next tick. Mails that do not leave now are in the outbox, which the tick sweeps. Returns
    how many were written.
    """
    try:
        mails = _write(reminder_ids)
    except Exception:
        logger.exception("Reminders %s could not be sent together", reminder_ids)
        mails = [mail for pk in reminder_ids for mail in _write_one(pk)]
    deliver_new(mails)
    return len(mails)


def _write_one(reminder_id: int) -> list[OutgoingMail]:
    try:
        return _write([reminder_id])
    except Exception:
        logger.exception("Reminder %s could not be sent", reminder_id)
        return []


@transaction.atomic
def _write(reminder_ids: list[int]) -> list[OutgoingMail]:
    """Write the mails of reminders with the note of their delivery; returns the mails.

    The rows are locked, so a second worker finds nothing to send. A reminder whose matter is
    settled or has moved on is skipped with the reason; outside office hours it waits for the next
    opening.
    """
    now = timezone.now()
    reminders = list(_locked(reminder_ids, now))
    shared = Round.about(reminders)
    with translation.override(LANGUAGE):
        for reminder in reminders:
            if reminder.kind == Kind.DIGEST:
                digest.settle(reminder, now)
            else:
                _settle(reminder, shared, now)
    drafts = [reminder.mail for reminder in reminders if reminder.mail]
    OutgoingMail.objects.bulk_create(drafts)
    advice.keep(reminders)
    for reminder in reminders:  # a bulk_update of so many columns takes longer
        reminder.save(update_fields=DECIDED)
    return drafts


def _locked(reminder_ids: list[int], now: datetime) -> QuerySet:
    undelivered = Reminder.objects.undelivered().filter(pk__in=reminder_ids, due_at__lte=now)
    rows = undelivered.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("owner", *matters.RELATED).defer(*matters.HEAVY).order_by("pk")


def _settle(reminder: Reminder, shared: Round, now: datetime) -> None:
    matter = matters.matter_of(reminder)
    calendar = shared.calendars.of(matter.centre)
    if reason := _obsolete(reminder, calendar, now):
        reminder.skip(reason, now)
    elif not calendar.is_open(now):
        reminder.hold(calendar.next_opening(now), _("The office is closed."))
    elif reminder.consultation:
        advice.post(reminder, reminder.consultation, now)
    elif way := shared.way_to_tell(reminder, matter, now):
        _tell(reminder, matter, way, now)
    else:
        reminder.skip(_("Nobody who may see it holds a mandate."), now)


def _tell(reminder: Reminder, matter: Matter, way: Way, now: datetime) -> None:
    name = {"name": way.recipient}
    if way.is_in_digest:
        words = _("%(name)s reads it in the digest and wants no mail of its own.")
        reminder.skip(words % name, now)
    elif way.at > now:
        late = _("It came after the digest: a mail of its own, if it is still open then.")
        reminder.hold(way.at, late if way.is_after_digest else _("Quiet hours of %(name)s.") % name)
    else:
        _post(reminder, matter, way.recipient, now)


def _post(reminder: Reminder, matter: Matter, recipient: User, now: datetime) -> None:
    try:
        mail = draft(
            key=f"reminder:{reminder.pk}",
            to=recipient.email,
            subject=f"{reminder.get_kind_display()}: {matter.subject}",
            template="contacts/email/reminder",
            context={
                "reminder": reminder,
                "matter": matter,
                "recipient": recipient,
                "is_deputy": recipient != matter.owner,
                "url": absolute(matter.path),
            },
            carrier=matter.carrier,
            centre=matter.centre,
            language=LANGUAGE,
        )
    except ValidationError as error:
        reminder.skip(" ".join(error.messages), now)
    else:
        reminder.note_delivery(mail, recipient, now)


def _obsolete(reminder: Reminder, calendar: OfficeCalendar, now: datetime) -> str:
    """Why the reminder no longer holds, or an empty text."""
    case = reminder.case
    if case and case.is_closed:
        return _("The case is closed.")
    if case and reminder.kind == Kind.WAIT_OVER:
        return _("The case is waiting again.") if case.state == Case.State.WAITING else ""
    current = _current(reminder, calendar, now)
    if current and current.key == reminder.key:
        return ""
    return _("The matter is settled, or its date or owner has changed.")


def _current(reminder: Reminder, calendar: OfficeCalendar, now: datetime) -> Occurrence | None:
    """The occurrence of the same matter that holds now."""
    finder = next(finder for finder in finding.FINDERS if reminder.kind in finder.kinds)
    return finder.current(matters.row_of(reminder), calendar, now)
