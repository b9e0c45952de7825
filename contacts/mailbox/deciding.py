"""What becomes of a mail that was read. The caller holds the transaction and the mailbox's lock."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.cases import services as cases
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.timeline import happened
from contacts.consultations import services as consultations
from contacts.consultations.links import consultation_of
from contacts.consultations.models import Consultation
from contacts.intake import services as intake
from contacts.mailbox import attachments, bouncing, matching, subjects
from contacts.mailbox.models import IncomingMail, Mailbox, Reason
from contacts.mailbox.parsing import Letter
from contacts.mailbox.splitting import reply_of
from zentrum.accounts.models import User
from zentrum.common.invisible import INVISIBLE
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Centre

Action = IncomingMail.Action
LONGEST_MESSAGE = 50_000  # characters; the whole mail can be shown
MOST_AN_HOUR = 30  # mails of one address; a loop sends more
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Result:
    """What became of a mail, and of which case."""

    action: str
    reason: str = ""
    case: Case | None = None
    message: Message | None = None
    suggested: Case | None = None
    detail: str = ""


def decide(mail: IncomingMail, letter: Letter) -> Result:
    """Do with the mail what has to be done; held back when a person has to look at it."""
    if result := _without_a_person(mail, letter):
        return result
    if reason := _doubt(mail, letter):
        return Result(Action.QUARANTINED, reason)
    if consultation := _consultation(letter):
        return _answered(consultation, letter)
    match = matching.find(letter, mail.mailbox)
    if match.case:
        return append(match.case, letter, is_stranger=match.is_stranger)
    return _new_case(mail, letter, match.suggested)


def _without_a_person(mail: IncomingMail, letter: Letter) -> Result | None:
    """Copies, our own mails, bounces and automatic mails: nothing that anybody waits for."""
    if result := _copy(mail):
        return result
    ours = OutgoingMail.objects.filter(message_id__in=[letter.message_id, *letter.refers_to])
    letter.ours = set(ours.values_list("message_id", flat=True))
    if letter.message_id in letter.ours:
        return Result(Action.OWN, Reason.SENT_BY_US)
    if letter.notice:
        return _bounced(letter)
    return _automatic(mail, letter) if letter.automatic else None


def _copy(mail: IncomingMail) -> Result | None:
    """The same mail came into another mailbox of the same carrier, and was taken there."""
    others = IncomingMail.objects.filter(fingerprint=mail.fingerprint, case__isnull=False)
    others = others.exclude(pk=mail.pk)
    if not others.exists():
        return None
    other = others.filter(mailbox__carrier=mail.mailbox.carrier_id).first()
    return Result(Action.DUPLICATE, Reason.KNOWN, other.case, other.message) if other else None


def _bounced(letter: Letter) -> Result:
    outcome = bouncing.note(letter.notice) if letter.notice else None
    if not outcome:
        return Result(Action.BOUNCE, Reason.UNKNOWN_MAIL)
    return Result(Action.BOUNCE, outcome.reason, outcome.case, outcome.message)


def _automatic(mail: IncomingMail, letter: Letter) -> Result:
    """A note at the case it belongs to. Changes no state, sends nothing; a colleague's is dropped
    to the log."""
    if User.objects.filter(email__iexact=letter.sender).exists():
        return Result(Action.AUTOMATIC, Reason.STAFF_ABSENCE)
    consultation = _consultation(letter)
    case = consultation.case if consultation else matching.find(letter, mail.mailbox).case
    if not case:
        return Result(Action.AUTOMATIC, letter.automatic)
    words = f"{letter.sender}: {letter.subject}\n{shown(letter)}"
    note = happened(case, Message.Event.AUTOMATIC, text=words[:LONGEST_MESSAGE])
    return Result(Action.AUTOMATIC, letter.automatic, case, note)


def _doubt(mail: IncomingMail, letter: Letter) -> str:
    if letter.problem:
        return letter.problem
    if is_own_address(letter.sender):
        return Reason.OWN_ADDRESS
    since = timezone.now() - timedelta(hours=1)
    recent = IncomingMail.objects.filter(sender=letter.sender, created_at__gte=since)
    return Reason.FLOOD if recent[:MOST_AN_HOUR].count() == MOST_AN_HOUR else ""


def is_own_address(address: str) -> bool:
    """The portal writes from it or reads it: a mail of its own would go round and round."""
    read = Mailbox.objects.filter(address__iexact=address)
    return address == bouncing.our_address() or read.exists()


def _consultation(letter: Letter) -> Consultation | None:
    return consultation_of(letter.ours) if letter.ours else None


def _answered(consultation: Consultation, letter: Letter) -> Result:
    """Another office answers what the desk has asked: it lands in the case as their answer."""
    kept = attachments.keep(letter.files)
    message = consultations.answer(
        consultation, text=shown(letter), files=kept.files, via=consultations.Via.MAIL
    )
    message.by_mail = True
    message.save(update_fields=["by_mail", "updated_at"])
    _say_refused(consultation.case, kept)
    return Result(Action.APPENDED, case=consultation.case, message=message)


def append(case: Case, letter: Letter, *, is_stranger: bool = False) -> Result:
    """Add the mail to its case, which is taken up again; whose case it is never changes."""
    kept = attachments.keep(letter.files)
    message = cases.add_incoming(
        case,
        text=shown(letter),
        files=kept.files,
        by_mail=True,
        stranger=letter.sender if is_stranger else "",
    )
    _say_refused(case, kept)
    return Result(Action.APPENDED, case=case, message=message)


def _new_case(mail: IncomingMail, letter: Letter, suggested: Case | None) -> Result:
    try:
        return make_case(mail, letter, suggested)
    except ValidationError as refusal:
        if getattr(refusal, "code", "") != "nobody":
            raise
        return Result(Action.QUARANTINED, Reason.NOBODY)


def make_case(
    mail: IncomingMail,
    letter: Letter,
    suggested: Case | None = None,
    *,
    created_by: User | None = None,
    wants_receipt: bool = True,
) -> Result:
    """A case of its own, with a receipt unless the address had one within a day.

    Raises ValidationError (code "nobody") when nobody at the desk holds a mandate.
    """
    kept = attachments.keep(letter.files)
    address, mailbox = letter.answers_to, mail.mailbox
    centre = Centre.objects.select_related("town", "carrier").get(pk=mailbox.centre_id)
    is_its_own = centre.carrier_id == mailbox.carrier_id
    case = intake.receive(
        kind=Case.Kind.ENQUIRY,
        channel=Case.Channel.EMAIL,
        subject=subject_of(letter),
        text=shown(letter),
        centre=centre,
        carrier=centre.carrier if is_its_own else mailbox.carrier,
        sender_name=letter.sender_name,
        sender_email=address,
        files=kept.files,
        created_by=created_by,
        by_mail=True,
        with_receipt=wants_receipt and not _had_receipt(address),
    )
    message = case.messages.get(kind=Message.Kind.INCOMING)
    _say_refused(case, kept)
    return Result(Action.NEW_CASE, case=case, message=message, suggested=suggested)


def _had_receipt(address: str) -> bool:
    since = timezone.now() - A_DAY
    recent = Case.objects.filter(sender_email=address, received_at__gte=since)
    return recent.filter(channel=Case.Channel.EMAIL).exists()


def subject_of(letter: Letter) -> str:
    words = subjects.stripped(letter.subject) or " ".join(shown(letter).split())[:80]
    return words[:200]


def shown(letter: Letter) -> str:
    """What the sender wrote; a forward is shown whole, for what it forwards is what it says."""
    if letter.is_encrypted:
        return _("(The mail is encrypted, the portal cannot read it. The whole mail is kept.)")
    text = letter.text.strip() if letter.is_forward else reply_of(letter.text)
    is_empty = not text or INVISIBLE.fullmatch(text)
    return _("(The mail has no text.)") if is_empty else text[:LONGEST_MESSAGE]


def _say_refused(case: Case, kept: attachments.Kept) -> None:
    if kept.refused:
        rest = _("The full mail still has them.")
        happened(case, Message.Event.FILES_REFUSED, text="\n".join([*kept.refused, rest]))
