"""The promised date of a case: another one with its reason, and the days it waits."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases import mailing, pauses
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import check_coming, happened, lock, required, save
from zentrum.accounts.models import User
from zentrum.mail.models import OutgoingMail
from zentrum.office.working_time import OfficeCalendar

Event = Message.Event


@transaction.atomic
def wait(
    case: Case,
    *,
    until: date,
    waiting_for: str,
    by: User,
    version: int,
    waiting_on: str = Case.WaitingOn.THIRD_PARTY,
    tell: bool = True,
) -> None:
    """Set the case aside until a day, with whom and what it waits for.

    No reminder before that day, and the working days until it is taken up again are added to the
    promise. The sender is told by mail, unless somebody has just done so (`tell`).
    """
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("A closed case cannot wait. Open it again first."))
    check_coming(until)
    pauses.begin(case, timezone.localdate())
    case.waiting_until, case.waiting_on = until, waiting_on
    case.waiting_for = required(waiting_for, _("Say what the case waits for."))
    save(case)
    words = f"{until:%d.%m.%Y}: {case.waiting_for} ({case.get_waiting_on_display()})"
    event = happened(case, Event.WAITING, by=by, text=words)
    if tell and case.sender_email:
        expected = pauses.expected_end(case, OfficeCalendar.of(case.centre))
        _tell(event, mailing.post_waiting(case, event, expected))


@transaction.atomic
def resume(case: Case, *, by: User | None = None, version: int | None = None) -> None:
    """Take a waiting case up again."""
    lock(case, version)
    if case.state != Case.State.WAITING:
        raise ValidationError(_("The case does not wait."))
    take_up(case, by=by)
    save(case)


@transaction.atomic
def promise(
    case: Case, *, reply_by: date, reason: str, by: User, version: int, tell: bool = True
) -> None:
    """Promise a new date for the answer; the first promise stays for the yearly figure.

    The sender reads the reason, by mail and on the status page; `tell` is off when an answer that
    just went out says the date.
    """
    lock(case, version)
    if case.is_closed:
        raise ValidationError(_("A closed case has no date. Open it again first."))
    if reply_by < timezone.localdate():
        raise ValidationError(_("The promised date lies in the past."))
    if reply_by == case.reply_by:
        raise ValidationError(_("This date is promised already. Choose another one."))
    reason = required(reason, _("Please give the reason: the sender reads it."))
    before, case.reply_by = case.reply_by, reply_by
    case.escalation = Case.Escalation.NONE
    save(case)
    way = f"{before:%d.%m.%Y} → {reply_by:%d.%m.%Y}"
    event = happened(case, Event.PROMISED, by=by, text=f"{way}\n{reason}")
    if tell and case.sender_email:
        _tell(event, mailing.post_new_date(case, event, before, reason))


def take_up(case: Case, *, by: User | None) -> None:
    """End the pause of the locked case; the days it waited are added to the promise."""
    before = case.reply_by
    waited = pauses.end(case, OfficeCalendar.of(case.centre), timezone.localdate())
    happened(case, Event.RESUMED, by=by, text=pauses.in_words(before, case.reply_by, waited))


def _tell(event: Message, mail: OutgoingMail) -> None:
    event.mail = mail
    event.save(update_fields=["mail", "updated_at"])
