"""Mails of a case. Each one names its forerunners, so a mail program shows them as one thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation

from contacts.cases.links import status_url
from contacts.cases.messages import Message
from contacts.cases.models import Case
from contacts.cases.wording import signature_of
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import post


@dataclass(frozen=True)
class Outlook:
    """How it goes on after an answer: by when the sender hears again, or until when we wait."""

    again_by: date | None = None
    waits_until: date | None = None


def post_answer(
    case: Case,
    message: Message,
    outlook: Outlook | None = None,
    *,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
) -> OutgoingMail:
    """The answer that a person of the office wrote, with its files.

    It goes to the sender, or to exactly those that are named.
    """
    first, *others = to or [case.sender_email]
    return post_about(
        case,
        key=f"case-{case.pk}-answer-{message.pk}",
        subject=case.subject,
        template="contacts/email/answer",
        context={"message": message, "outlook": outlook},
        is_automatic=False,
        hold_seconds=settings.UNDO_SECONDS,
        to=first,
        also_to=others,
        cc=cc,
        files=[attachment.file for attachment in message.attachments.select_related("file")],
    )


def post_new_date(case: Case, event: Message, before: date, reason: str) -> OutgoingMail:
    """The promised date has changed, and why."""
    context = {"before": before, "reason": reason, "by": event.author}
    return _post_event(case, event, "contacts/email/promise", context)


def post_waiting(case: Case, event: Message, expected: date) -> OutgoingMail:
    """The case waits: for whom and what, and until when the answer is to be expected."""
    context = {"expected": expected, "by": event.author}
    return _post_event(case, event, "contacts/email/waiting", context)


def _post_event(case: Case, event: Message, template: str, context: dict[str, Any]) -> OutgoingMail:
    key = f"case-{case.pk}-event-{event.pk}"
    return post_about(case, key=key, subject=case.subject, template=template, context=context)


def post_about(
    case: Case, *, key: str, subject: str, template: str, context: dict[str, Any], **options: Any
) -> OutgoingMail:
    """Post a mail to the sender in their language, with the reference in the subject."""
    earlier = list(
        OutgoingMail.objects.filter(message__case=case)
        .order_by("pk")
        .values_list("message_id", flat=True)
    )
    with translation.override(case.sender_language):
        return post(
            key=key,
            subject=f"[{case.reference}] {subject}"[:250],
            template=template,
            context={"case": case, "town": case.centre.town, "status_url": status_url(case)}
            | context,
            carrier=case.carrier,
            centre=case.centre,
            language=case.sender_language,
            signature=signature_of(case.carrier_id),
            in_reply_to=earlier[-1] if earlier else "",
            references=" ".join(earlier[-20:]),
            **{"to": case.sender_email} | options,
        )
