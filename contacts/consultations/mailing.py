"""Mails to another office about a case: never more of it than was chosen."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from contacts.cases import mailing as case_mailing
from contacts.cases.models import Case
from contacts.consultations.links import answer_url
from contacts.consultations.models import Consultation
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import post

LANGUAGE = "de"  # between offices


def post_question(consultation: Consultation) -> OutgoingMail:
    template = "referral" if consultation.is_referral else "consultation"
    return _post(consultation, "asked", template, is_automatic=False)


def post_reminder(consultation: Consultation, key: str) -> OutgoingMail:
    """Remind the other side; the same key never twice."""
    mail = post(key=f"consultation-{consultation.pk}-reminder-{key}", **reminder(consultation))
    consultation.mails.add(mail)
    return mail


def reminder(consultation: Consultation) -> dict[str, Any]:
    """What `zentrum.mail` needs to remind the other side."""
    with translation.override(LANGUAGE):
        subject = _("Reminder: %(subject)s") % {"subject": consultation.subject}
    return letter(consultation, "consultation_reminder", subject)


def post_withdrawal(consultation: Consultation) -> OutgoingMail:
    with translation.override(LANGUAGE):
        subject = _("No longer needed: %(subject)s") % {"subject": consultation.subject}
    return _post(consultation, "withdrawn", "consultation_withdrawn", subject=subject)


def tell_sender(referral: Consultation) -> OutgoingMail | None:
    """Tell the sender who takes care from now on and who of the office still watches."""
    case = referral.case
    if not case.sender_email:
        return None
    with translation.override(case.sender_language):
        subject = _("Who takes care of your message")
    return case_mailing.post_about(
        case,
        key=f"consultation-{referral.pk}-sender",
        subject=subject,
        template="contacts/email/referral_sender",
        context={"referral": referral},
    )


def letter(consultation: Consultation, template: str, subject: str = "") -> dict[str, Any]:
    """What `zentrum.mail` needs for a mail to the other side, in one thread with the others."""
    case = consultation.case
    earlier = list(consultation.mails.order_by("pk").values_list("message_id", flat=True))
    return {
        "to": consultation.email,
        "subject": f"[{case.reference}] {subject or consultation.subject}"[:250],
        "template": f"contacts/email/{template}",
        "context": {
            "consultation": consultation,
            "case": case,
            "url": answer_url(consultation),
        },
        "carrier": case.carrier,
        "centre": case.centre,
        "language": LANGUAGE,
        "reply_to": _desk_address(case),
        "in_reply_to": earlier[-1] if earlier else "",
        "references": " ".join(earlier[-20:]),
    }


def _desk_address(case: Case) -> str:
    """Where an answer becomes part of the case: the desk's mailbox, else the office's address."""
    active = case.centre.mailboxes.filter(carrier=case.carrier_id, is_active=True)
    box = active.order_by("pk").first()
    return box.address if box else case.centre.town.email


def _post(
    consultation: Consultation, key: str, template: str, subject: str = "", **options: Any
) -> OutgoingMail:
    mail = post(
        key=f"consultation-{consultation.pk}-{key}",
        **letter(consultation, template, subject),
        **options,
    )
    consultation.mails.add(mail)
    return mail
