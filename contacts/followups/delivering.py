"""Deliver one reminder as a mail, once, within office hours, to whoever acts for its owner."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.cases.models import Case
from contacts.followups import digest, finding
from contacts.followups.models import Reminder
from projects.pipeline.models import Project
from zentrum.accounts.models import User
from zentrum.common.links import absolute
from zentrum.mail.services import post
from zentrum.office.models import Carrier, Centre
from zentrum.office.people import deputy_of, owner_for
from zentrum.office.working_time import OfficeCalendar

LANGUAGE = "de"  # the office's own language
Kind = Reminder.Kind


@dataclass(frozen=True)
class Matter:
    """What a reminder is about: the case, or the project of the milestone."""

    subject: str
    path: str
    owner: User
    centre: Centre
    carrier: Carrier
    rows: QuerySet


def due_ids(now: datetime) -> list[int]:
    """Undelivered reminders whose time has come, the oldest first."""
    due = Reminder.objects.undelivered().filter(due_at__lte=now).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True))


@transaction.atomic
def send(reminder_id: int) -> bool:
    """Send one reminder: its mail and its note of delivery are one transaction.

    The row is locked, so a second worker finds nothing to send. A reminder whose matter is settled
    or has moved on is skipped with the reason; outside office hours it waits for the next opening.
    """
    now = timezone.now()
    undelivered = Reminder.objects.undelivered().filter(due_at__lte=now)
    locked = undelivered.select_for_update(skip_locked=True, of=("self",))
    if not (reminder := locked.filter(pk=reminder_id).first()):
        return False
    with translation.override(LANGUAGE):
        settle = digest.settle if reminder.kind == Kind.DIGEST else _settle
        settle(reminder, now)
    reminder.save()
    return bool(reminder.sent_at)


def _settle(reminder: Reminder, now: datetime) -> None:
    matter = _matter_of(reminder)
    calendar = OfficeCalendar.of(matter.centre)
    if reason := _obsolete(reminder, calendar, now):
        reminder.skip(reason, now)
    elif not calendar.is_open(now):
        reminder.due_at = calendar.next_opening(now)
    elif recipient := _recipient(matter, now):
        _post(reminder, matter, recipient, now)
    else:
        reminder.skip(_("Nobody who may see it holds a mandate."), now)


def _post(reminder: Reminder, matter: Matter, recipient: User, now: datetime) -> None:
    try:
        mail = post(
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


def _matter_of(reminder: Reminder) -> Matter:
    if reminder.case_id:
        cases = Case.objects.select_related("centre__town", "carrier", "owner")
        case = reminder.case = cases.get(pk=reminder.case_id)
        return Matter(
            subject=str(case),
            path=reverse("contacts:case_detail", args=[case.pk]),
            owner=case.owner,
            centre=case.centre,
            carrier=case.carrier,
            rows=Case.objects.filter(pk=case.pk),
        )
    project = reminder.milestone.project
    return Matter(
        subject=f"{reminder.milestone.title} ({project})",
        path=reverse("projects:project_detail", args=[project.pk]),
        owner=project.lead,
        centre=project.centre,
        carrier=project.carrier,
        rows=Project.objects.filter(pk=project.pk),
    )


def _obsolete(reminder: Reminder, calendar: OfficeCalendar, now: datetime) -> str:
    """Why the reminder no longer holds, or an empty text."""
    case = reminder.case
    if case and case.is_closed:
        return _("The case is closed.")
    if reminder.kind == Kind.WAIT_OVER:
        return _("The case is waiting again.") if case.state == Case.State.WAITING else ""
    current = _current(reminder, calendar, now)
    if current and current.key == reminder.key:
        return ""
    return _("The matter is settled, or its date or owner has changed.")


def _current(
    reminder: Reminder, calendar: OfficeCalendar, now: datetime
) -> finding.Occurrence | None:
    """The occurrence of the same matter that holds now."""
    today = timezone.localdate(now)
    if reminder.kind == Kind.MILESTONE_DUE:
        return finding.milestone_occurrence(reminder.milestone, today)
    if reminder.kind == Kind.IDEA_UNREAD:
        return finding.unread_occurrence(reminder.case, calendar, now)
    return finding.reply_occurrence(reminder.case, calendar, today)


def _recipient(matter: Matter, now: datetime) -> User | None:
    """The owner, or who stands in; only somebody who may see the matter is told of it."""
    return next(
        (
            person
            for person in _candidates(matter, now)
            if person.is_active and matter.rows.visible_to(person).exists()
        ),
        None,
    )


def _candidates(matter: Matter, now: datetime) -> Iterator[User]:
    today = timezone.localdate(now)
    yield deputy_of(matter.owner, today)
    try:
        leading = owner_for(matter.centre, today)
    except ValidationError:
        leading = matter.owner
    yield deputy_of(leading, today)
    yield leading
    yield matter.owner
