"""What a person does with a mail that was held back, and with a suggestion."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases.models import Case
from contacts.mailbox import deciding, processing
from contacts.mailbox.models import IncomingMail
from contacts.mailbox.parsing import Letter
from contacts.mailbox.tasks import process
from zentrum.accounts.models import User
from zentrum.common.queueing import queue_on_commit

Action = IncomingMail.Action


@transaction.atomic
def try_again(mail: IncomingMail) -> None:
    """Let the portal read a held-back mail once more.

    Raises ValidationError when it is held back no longer.
    """
    _lock_held_back(mail)
    mail.action = mail.reason = mail.detail = ""
    mail.attempts = 0
    mail.processed_at = mail.begun_at = None
    mail.save()
    queue_on_commit(process, mail.pk)


@transaction.atomic
def make_case(mail: IncomingMail, *, by: User) -> Case:
    """Make a case of a mail that was held back, or of an automatic one that holds a matter.

    A receipt goes to who wrote a held-back mail, as ever at most one a day, never to a machine.
    Raises ValidationError when it is a case already or was discarded.
    """
    _lock(mail)
    is_loose = mail.action == Action.AUTOMATIC and not mail.case_id
    if not (mail.is_held_back or is_loose):
        raise ValidationError(_("This mail is held back no longer."))
    letter = _read_as_well_as_possible(mail)
    wants_receipt = mail.is_held_back and not letter.problem and not letter.automatic
    result = deciding.make_case(mail, letter, created_by=by, wants_receipt=wants_receipt)
    processing.fill(mail, letter)
    processing.settle(mail, letter, result)
    if not result.case:
        raise ValidationError(_("The mail became no case."))
    return result.case


def _read_as_well_as_possible(mail: IncomingMail) -> Letter:
    """A mail that cannot be read becomes a case all the same: a person reads the raw one."""
    try:
        letter = processing.read(mail)
    except processing.PASSING:
        raise
    except Exception:  # whatever kept it from being read
        letter = Letter(subject=mail.subject, text=_("(The mail could not be read.)"))
    if any(deciding.is_own_address(each) for each in (letter.sender, letter.answers_to)):
        letter.sender = letter.answers_to = ""
    return letter


@transaction.atomic
def discard(mail: IncomingMail) -> None:
    """Put a held-back mail aside for good; the log still has it.

    Raises ValidationError when it is held back no longer.
    """
    _lock_held_back(mail)
    mail.discarded_at = timezone.now()
    mail.save()


@transaction.atomic
def drop_suggestion(case: Case) -> None:
    """Somebody looked and the case belongs to no other one. Twice changes nothing more."""
    IncomingMail.objects.filter(case=case).update(suggested=None)


def _lock_held_back(mail: IncomingMail) -> None:
    _lock(mail)
    if not mail.is_held_back:
        raise ValidationError(_("This mail is held back no longer."))


def _lock(mail: IncomingMail) -> None:
    mail.refresh_from_db(from_queryset=IncomingMail.objects.select_for_update(of=("self",)))
