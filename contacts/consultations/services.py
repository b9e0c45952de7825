"""Bring another office into a case, take in what it answers. The case is locked first, always."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.cases import services as cases
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import happened, lock, required, save
from contacts.consultations import asking, hearing, mailing
from contacts.consultations.asking import Letter, Recipient
from contacts.consultations.models import Consultation
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile

__all__ = ["Letter", "Recipient", "Via", "answer", "ask", "note_answer", "refer", "refuse"]
__all__ += ["remind", "take_over", "withdraw"]

Kind, State = Consultation.Kind, Consultation.State


class Via(models.TextChoices):
    """How the other side answered."""

    LINK = "link", gettext_lazy("by the mailed link")
    MAIL = "mail", gettext_lazy("by mail")
    DESK = "desk", gettext_lazy("noted by the desk")


@transaction.atomic
def ask(
    case: Case, letter: Letter, *, by: User, version: int, holds_case: bool = False
) -> Consultation:
    """Ask another office for advice by a mail with a signed link; the sender learns nothing of it.

    With `holds_case` the case waits until the day of the letter. Raises ValidationError when the
    case is closed or was changed since `version`, or the day or the recipient does not fit.
    """
    lock(case, version)
    asked = asking.send(case, Kind.QUESTION, letter, by=by, holds_case=holds_case)
    if holds_case:
        asking.let_wait(case, asked, by)
    else:
        save(case)
    return asked


@transaction.atomic
def refer(case: Case, letter: Letter, *, by: User, version: int) -> Consultation:
    """Ask another institution to take the matter over, and tell the sender whom to expect.

    The case waits until the day of the letter, when the desk follows up; it is closed as referred
    only once the other side has taken over. Raises ValidationError as `ask` does, and while
    another institution is being asked to take the same case over.
    """
    lock(case, version)
    if case.consultations.filter(kind=Kind.REFERRAL, state=State.ASKED).exists():
        raise ValidationError(
            _("Somebody else was asked to take this case over. Withdraw that first.")
        )
    referral = asking.send(case, Kind.REFERRAL, letter, by=by, holds_case=True)
    if mail := mailing.tell_sender(referral):
        happened(case, Message.Event.SENDER_TOLD, by=by, text=referral.name, mail=mail)
    asking.let_wait(case, referral, by)
    return referral


@transaction.atomic
def answer(
    consultation: Consultation,
    *,
    text: str,
    files: Iterable[StoredFile] = (),
    via: str,
    by: User | None = None,
    is_responsible: bool = True,
) -> Message:
    """Take in what the other side answers: unread in the case, which is taken up if it waited.

    `is_responsible` False: they say that somebody else should be asked. By the link an answer is
    taken once, while it is open (ValidationError "settled"); what comes by mail or is noted by the
    desk (`by`) is always kept, so nothing is lost. The same text twice within minutes counts once.
    A referral stays open: a mail alone does not take a case over.
    """
    case = hearing.lock_both(consultation)
    text = required(text, _("Please write the answer."))
    if via == Via.LINK:
        hearing.check_open(consultation)
    if twin := hearing.said_before(consultation, text):
        return twin
    message = hearing.hear(consultation, text, files, by)
    if consultation.is_open and not consultation.is_referral:
        consultation.is_responsible = is_responsible
        hearing.settle(consultation, State.ANSWERED)
    consultation.save()
    hearing.bring_back(case, consultation, by)
    return message


def note_answer(
    consultation: Consultation, *, text: str, by: User, files: Iterable[StoredFile] = ()
) -> Message:
    """Note what the other side said on the phone or in person."""
    return answer(consultation, text=text, files=files, via=Via.DESK, by=by)


@transaction.atomic
def take_over(
    referral: Consultation,
    *,
    text: str = "",
    files: Iterable[StoredFile] = (),
    by: User | None = None,
) -> Message:
    """The other institution takes care from now on: the case is closed as referred.

    Raises ValidationError "settled" when the referral is no longer open.
    """
    case = hearing.lock_both(referral)
    hearing.check_open(referral)
    message = hearing.hear(referral, text.strip() or _("We take the matter over."), files, by)
    hearing.settle(referral, State.TAKEN_OVER)
    referral.save()
    if not case.is_closed:
        words = _("%(name)s has taken the matter over.") % {"name": referral.name}
        outcome = Case.Outcome.REFERRED
        cases.close(case, outcome=outcome, outcome_text=words, by=by, version=case.version)
    return message


@transaction.atomic
def refuse(
    referral: Consultation,
    *,
    text: str,
    files: Iterable[StoredFile] = (),
    by: User | None = None,
) -> Message:
    """The other institution does not take over: the case comes back unread, with the reason.

    Raises ValidationError "settled" when the referral is no longer open.
    """
    case = hearing.lock_both(referral)
    hearing.check_open(referral)
    text = required(text, _("Please give the reason."))
    message = hearing.hear(referral, text, files, by)
    hearing.settle(referral, State.REFUSED)
    referral.save()
    hearing.bring_back(case, referral, by)
    return message


@transaction.atomic
def withdraw(consultation: Consultation, *, by: User) -> None:
    """Call a question or a referral back: the link ends, the other side is told by mail.

    Raises ValidationError "settled" when it is answered meanwhile.
    """
    case = hearing.lock_both(consultation)
    hearing.check_open(consultation)
    hearing.settle(consultation, State.WITHDRAWN)
    consultation.save()
    mailing.post_withdrawal(consultation)
    happened(case, Message.Event.CALLED_BACK, by=by, text=str(consultation))
    if consultation.holds_case and case.state == Case.State.WAITING:
        cases.resume(case, by=by)


@transaction.atomic
def remind(consultation: Consultation) -> None:
    """Remind the other side by mail, at most once a day.

    Raises ValidationError "settled" when there is nothing to wait for any more.
    """
    hearing.lock_both(consultation)
    hearing.check_open(consultation)
    mailing.post_reminder(consultation, f"by-hand-{timezone.localdate()}")
