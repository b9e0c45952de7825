"""Write what goes to another office, into the timeline and as a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from contacts.cases import services as cases
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import check_coming, required, say
from contacts.consultations import mailing
from contacts.consultations.models import Consultation
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile
from zentrum.office.working_time import OfficeCalendar


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str
    actor: Actor | None = None


@dataclass(frozen=True)
class Letter:
    """All that the other side gets to know of a case; `due_on` is a working day after today."""

    recipient: Recipient
    subject: str
    text: str
    due_on: date
    files: Sequence[StoredFile] = ()
    shares_sender: bool = False


def send(
    case: Case, kind: Consultation.Kind, letter: Letter, *, by: User, holds_case: bool
) -> Consultation:
    """Ask by mail, with the locked case; it waits until the day if it is held.

    Raises ValidationError when the case is closed, or the day or the recipient does not fit.
    """
    _check(case, letter)
    text = required(letter.text, _("Please write what you want to know."))
    message = say(case, Message.Kind.QUESTION, text, author=by, files=letter.files)
    message.partner = letter.recipient.name
    message.save(update_fields=["partner", "updated_at"])
    asked = Consultation(
        kind=kind,
        case=case,
        message=message,
        asked_by=by,
        subject=letter.subject,
        due_on=letter.due_on,
        shares_sender=letter.shares_sender,
        holds_case=holds_case,
        **vars(letter.recipient),
    )
    asked.clean_fields(exclude=("case", "actor", "message", "asked_by"))
    asked.save()
    mailing.post_question(asked)
    return asked


def let_wait(case: Case, consultation: Consultation, by: User) -> None:
    """The words stand on the sender's status page: they name nobody."""
    is_referral = consultation.is_referral
    cases.wait(
        case,
        until=consultation.due_on,
        waiting_for=_("who takes the matter over") if is_referral else _("a clarification"),
        by=by,
        version=case.version,
        tell=not is_referral,  # a mail of its own says who takes care
    )


def _check(case: Case, letter: Letter) -> None:
    if case.is_closed:
        raise ValidationError(_("The case is closed. Open it again first."))
    if letter.recipient.email.lower() == case.sender_email.lower():
        raise ValidationError(_("This is the address of the sender. Write an answer instead."))
    check_coming(letter.due_on)
    calendar = OfficeCalendar.of(case.centre)
    if not calendar.is_working_day(letter.due_on):
        following = date_format(calendar.add_working_days(letter.due_on, 0), "l, j. F Y")
        words = _("This is not a working day. The next one is %(day)s.")
        raise ValidationError(words % {"day": following})
