"""Send one mail of the outbox and note in its row how it went.

The row stays locked while the mail server takes the message. A worker that dies before the server
has accepted it leaves the row unsent and unlocked, so it is sent later; a failure is noted in the
row (attempts, error, next attempt) and the tick queues it again.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zentrum.mail.composing import sender_name
from zentrum.mail.models import MailAttachment, OutgoingMail
from zentrum.office.models import Town

logger = logging.getLogger(__name__)

CLOCK_SKEW = timedelta(seconds=10)  # the web server's clock may be ahead of this one
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_REFUSALS = 3  # of an address or a message, by the server, for good (5xx)
MOST_ATTEMPTS = 28  # five days with the pauses above
MOST_ATTEMPTS_CONFIDENTIAL = 5  # a sign-in code is worthless after half an hour


@dataclass(frozen=True)
class Line:
    """A connection to the mail server that stays open for several mails, and who they come from."""

    connection: BaseEmailBackend
    sender: str


def deliver_new(mails: Iterable[OutgoingMail]) -> int:
    """Send mails that this process has just written, without files, over one connection.

    Returns how many were sent. A worker that takes one of them at the same moment sends it alone.
    """
    line = Line(get_connection(), _sender())
    try:
        return sum(_deliver_new(mail, line) for mail in mails)
    finally:
        with suppress(Exception):
            line.connection.close()


@transaction.atomic
def _deliver_new(mail: OutgoingMail, line: Line) -> bool:
    is_mine = _locked(mail.pk).values_list("pk").first()  # the rest of the row is known
    return bool(is_mine) and _attempt(mail, line)


@transaction.atomic
def deliver(mail_id: int) -> bool:
    """Send the mail if it is due and nobody else is sending it. True when it was sent."""
    mail = _locked(mail_id).first()
    return mail is not None and _attempt(mail)


def _locked(mail_id: int) -> QuerySet[OutgoingMail]:
    due = OutgoingMail.objects.unsent().filter(next_attempt_at__lte=timezone.now() + CLOCK_SKEW)
    return due.select_for_update(skip_locked=True, of=("self",)).filter(pk=mail_id).order_by()


def _attempt(mail: OutgoingMail, line: Line | None = None) -> bool:
    try:
        _send(mail, line)
    except Exception as error:  # whatever it was, the outbox must say so
        _note_failure(mail, error)
        return False
    mail.sent_at = timezone.now()
    mail.attempts += 1
    mail.last_error = ""
    _wipe_if_confidential(mail)
    mail.save(update_fields=["sent_at", "attempts", "last_error", "text", "html", "updated_at"])
    return True


class Delivery(EmailMultiAlternatives):
    """A message that names all its recipients and goes to one of them."""

    def __init__(self, envelope_to: str, **parts: Any) -> None:
        super().__init__(**parts)
        self.envelope_to = envelope_to

    def recipients(self) -> list[str]:
        return [self.envelope_to]


def build(mail: OutgoingMail, sender: str = "") -> EmailMultiAlternatives:
    """The message as it goes out, the same on every attempt; its files are attached by `_send`."""
    to, cc = mail.visible_recipients
    message = Delivery(
        mail.to,
        subject=mail.subject,
        body=mail.text,
        from_email=sender or _sender(),
        to=to,
        cc=cc,
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers_of(mail),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _attach_files(mail: OutgoingMail, message: EmailMultiAlternatives) -> None:
    attachments = MailAttachment.objects.filter(mail=mail.copy_of_id or mail.pk)
    for attachment in attachments.select_related("file").order_by("pk"):
        file = attachment.file
        with file.content.open("rb") as content:
            message.attach(file.name, content.read(), file.content_type)


def headers_of(mail: OutgoingMail) -> dict[str, str]:
    """What the message says about itself, beside sender, receiver, subject and date."""
    headers = {"Message-ID": mail.message_id}
    if mail.is_automatic:  # RFC 3834: no holiday notice answers it
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if mail.in_reply_to:
        headers["In-Reply-To"] = mail.in_reply_to
        headers["References"] = mail.references or mail.in_reply_to
    elif mail.references:
        headers["References"] = mail.references
    if mail.unsubscribe_url:  # RFC 8058: one click, without a visit
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _sender() -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or sender_name(Town.objects.order_by("pk").first()), address))


def _send(mail: OutgoingMail, line: Line | None) -> None:
    """Hand the message to the mail server; returns once it was accepted.

    The connection is opened here, so that a server that fails to say goodbye after accepting the
    message does not make it look unsent. After a failure the next mail opens a new one.
    """
    connection = line.connection if line else get_connection()
    message = build(mail, line.sender if line else "")
    if not line:
        _attach_files(mail, message)
    connection.open()
    sent = 0
    try:
        sent = connection.send_messages([message])
    finally:
        if not (line and sent):
            with suppress(Exception):
                connection.close()
    if sent != 1:
        raise OSError("The mail server took no message.")


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    now = timezone.now()
    mail.attempts += 1
    mail.last_error = _describe(error)
    mail.next_attempt_at = now + min(FIRST_PAUSE * 2 ** (mail.attempts - 1), LONGEST_PAUSE)
    if mail.attempts >= _most_attempts(mail, error):
        mail.given_up_at = now
        _wipe_if_confidential(mail)
    mail.save()
    logger.warning("Mail %s failed (attempt %s): %s", mail.pk, mail.attempts, mail.last_error)


def _most_attempts(mail: OutgoingMail, error: Exception) -> int:
    if _is_permanent(error):
        return MOST_REFUSALS
    return MOST_ATTEMPTS_CONFIDENTIAL if mail.is_confidential else MOST_ATTEMPTS


def _is_permanent(error: Exception) -> bool:
    """The server refuses this address or message for good; a wrong password can be mended."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _describe(error: Exception) -> str:
    """What the server said, without the NULL bytes that PostgreSQL cannot store."""
    if isinstance(error, SMTPRecipientsRefused):
        answers = [(code, reason) for code, reason in error.recipients.values()]
        text = "; ".join(f"{code} {_decoded(reason)}" for code, reason in answers)
    elif isinstance(error, SMTPResponseException):
        text = f"{error.smtp_code} {_decoded(error.smtp_error)}"
    else:
        text = f"{type(error).__name__}: {error}"
    return text.replace("\0", "")[:1000]


def _decoded(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason


def _wipe_if_confidential(mail: OutgoingMail) -> None:
    if mail.is_confidential:
        mail.text = mail.html = ""
