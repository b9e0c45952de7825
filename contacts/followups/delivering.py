"""Deliver reminders as mails, each once, within office hours, to whoever acts for its owner."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.cases.models import Case
from contacts.followups import advice, digest, finding, matters
from contacts.followups.matters import Matter
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Calendars, Occurrence
from contacts.followups.preferences import ReminderSettings
from zentrum.accounts.models import User
from zentrum.common.links import absolute
from zentrum.mail.delivering import deliver_new
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import draft
from zentrum.office.people import acting_for, deputy_of, owner_for
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


@dataclass
class Round:
    """What several reminders share: calendars, who acts for whom, who may see and wants what."""

    reminder_ids: list[int]
    calendars: Calendars = field(default_factory=Calendars)
    acting: dict[int, User | None] = field(default_factory=dict)
    asked: dict[tuple[int, int, int], list[User]] = field(default_factory=dict)
    seen: dict[tuple[int, type[Model]], set[int]] = field(default_factory=dict)

    wishes: dict[int, ReminderSettings] = field(default_factory=dict)

    def wishes_of(self, person: User) -> ReminderSettings:
        if person.pk not in self.wishes:
            self.wishes[person.pk] = ReminderSettings.of(person)
        return self.wishes[person.pk]

    def may_see(self, person: User, matter: Matter) -> bool:
        key = (person.pk, matter.model)
        if key not in self.seen:
            reminded = {f"{matter.lookup}__in": self.reminder_ids}
            rows: Any = matter.model._default_manager.filter(**reminded)
            self.seen[key] = set(rows.visible_to(person).values_list("pk", flat=True))
        return matter.pk in self.seen[key]

    def acting_for(self, owner: User, today: date) -> User | None:
        if owner.pk not in self.acting:
            self.acting[owner.pk] = acting_for(owner, today)
        return self.acting[owner.pk]

    def candidates(self, matter: Matter, today: date) -> list[User]:
        """The owner or who stands in, then whoever leads the desk; in this order.

        Where all who stand in are away themselves, the desk's manager comes first.
        """
        key = (matter.owner.pk, matter.centre.pk, matter.carrier.pk)
        if key not in self.asked:
            acting = self.acting_for(matter.owner, today)
            leading = list(_leading(matter, today))
            self.asked[key] = [*filter(None, [acting]), *leading, matter.owner]
        return self.asked[key]


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
    shared = Round(reminder_ids)
    reminders = list(_locked(reminder_ids, now))
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
    elif recipient := _recipient(matter, shared, now):
        _tell(reminder, matter, recipient, shared, now)
    else:
        reminder.skip(_("Nobody who may see it holds a mandate."), now)


def _tell(
    reminder: Reminder, matter: Matter, recipient: User, shared: Round, now: datetime
) -> None:
    """As the recipient wishes: at once, after the quiet hours, or with the digest.

    The digest names one's own matters and those of absent colleagues; of all else, as of the
    cases of somebody who left, only a mail of its own tells.
    """
    wishes = shared.wishes_of(recipient)
    acting = shared.acting_for(matter.owner, timezone.localdate(now))
    is_in_digest = recipient == acting and recipient.is_office
    free = wishes.free_from(shared.calendars.of(matter.centre), now)
    if is_in_digest and not wishes.wants_single:
        words = _("%(name)s reads it in the digest and wants no mail of its own.")
        reminder.skip(words % {"name": recipient}, now)
    elif free > now:
        reminder.hold(free, _("Quiet hours of %(name)s.") % {"name": recipient})
    else:
        _post(reminder, matter, recipient, now)


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


def _recipient(matter: Matter, shared: Round, now: datetime) -> User | None:
    """Who acts for the owner; only somebody who may see the matter is told of it."""
    candidates = shared.candidates(matter, timezone.localdate(now))
    may = (person for person in candidates if person.is_active and shared.may_see(person, matter))
    return next(may, None)


def _leading(matter: Matter, today: date) -> Iterator[User]:
    try:
        leading = owner_for(matter.centre, today, carrier=matter.carrier)
    except ValidationError:
        return
    yield deputy_of(leading, today)
    yield leading
