"""Note at the case that a mail of ours did not arrive."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Q

from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import happened
from contacts.mailbox.bounces import Notice
from contacts.mailbox.models import Reason
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import note_bounce


@dataclass(frozen=True)
class Outcome:
    """What a notice was about: the case whose mail came back, if it was the mail of a case."""

    reason: str
    case: Case | None = None
    message: Message | None = None


def note(notice: Notice) -> Outcome | None:
    """Write down what the notice says about a mail of ours; None when it is about none.

    Only a failure is shown at the case; that a mail is late, or has arrived, changes nothing.
    """
    said = " ".join(part for part in (notice.status, notice.diagnosis) if part)
    for identifier in notice.identifiers:
        delivery = note_bounce(identifier, notice.recipient, said, is_permanent=not notice.is_delay)
        if delivery:
            return _at_the_case(notice, delivery, said)
    return None


def _at_the_case(notice: Notice, delivery: OutgoingMail, said: str) -> Outcome:
    case = _case_of(delivery.first)
    if notice.is_delay:
        return Outcome(Reason.DELAYED, case)
    if not case:
        return Outcome(Reason.FAILED)
    words = f"{notice.recipient or delivery.to}\n{said}".strip()
    entry = happened(case, Message.Event.UNDELIVERED, text=words)
    return Outcome(Reason.FAILED, case, entry)


def _case_of(mail: OutgoingMail) -> Case | None:
    """The case that the mail is about: an answer, a receipt, or a question to another office."""
    about = Q(messages__mail=mail) | Q(consultations__mails=mail)
    return Case.objects.filter(about).distinct().first()


def our_address() -> str:
    """The address that the portal writes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
