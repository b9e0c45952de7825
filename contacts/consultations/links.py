"""Addresses under which another office reads and answers without an account: signed."""

from collections.abc import Iterable
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from contacts.consultations.models import Consultation
from zentrum.common.links import absolute

SIGNER = Signer(salt="contacts.consultations", sep=".")
RELATED = ("case__centre__town", "case__owner", "message", "answer", "asked_by")


def answer_token(consultation: Consultation) -> str:
    return SIGNER.sign(consultation.public_id.hex)


def answer_path(consultation: Consultation) -> str:
    return reverse("contacts:consultation_answer", args=[answer_token(consultation)])


def answer_url(consultation: Consultation) -> str:
    """The full address of the page on which they answer; only ever mailed to them."""
    return absolute(answer_path(consultation))


def consultation_of_token(token: str) -> Consultation | None:
    """The consultation that this signed text opens, or None when it is forged."""
    try:
        public_id = UUID(SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Consultation.objects.select_related(*RELATED).filter(public_id=public_id).first()


def consultation_of(message_ids: Iterable[str]) -> Consultation | None:
    """The consultation to whose mail an incoming one answers (`In-Reply-To`, `References`).

    `message_ids` with their angle brackets; of several the newest is meant.
    """
    found = Consultation.objects.filter(mails__message_id__in=list(message_ids))
    return found.select_related("case").order_by("-pk").first()
