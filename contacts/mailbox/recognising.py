"""Which mails no person wrote to the desk: absence notices, newsletters, machines, receipts.

They never change the state of a case and nothing is ever sent in answer to them (RFC 3834).
"""

import re
from email.message import Message

from contacts.mailbox import bodies, headers, subjects
from contacts.mailbox.models import Reason

BULK = {"bulk", "list", "junk"}
ABSENCE_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Vacation", "X-Auto-Reply")
SUPPRESSED = ("all", "oof", "autoreply")
NO_REPLY = re.compile(
    r"^(?:do[-_.]?not[-_.]?reply|no[-_.]?reply|noreply|keine[-_.]?antwort|nicht[-_.]?antworten)"
)
DAEMON = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?daemon|bounces?|listserv|majordomo)\b")


def automatic(message: Message, sender: str) -> str:
    """The reason why this is an automatic mail, or an empty text."""
    subject = headers.first(message, "Subject")
    if _is_receipt(message):
        return Reason.RECEIPT
    if _is_absence(message, subject):
        return Reason.OUT_OF_OFFICE
    if _is_bulk(message):
        return Reason.BULK
    return Reason.MACHINE if _is_machine(message, sender) else ""


def _is_receipt(message: Message) -> bool:
    return bodies.content_type(message) == "multipart/report"


def _is_absence(message: Message, subject: str) -> bool:
    if any(headers.values(message, name) for name in ABSENCE_HEADERS):
        return True
    if headers.first(message, "Precedence").lower() == "auto_reply":
        return True
    if headers.first(message, "Auto-Submitted").lower().startswith("auto-replied"):
        return True
    return subjects.is_absence(subject)


def _is_bulk(message: Message) -> bool:
    return (
        headers.first(message, "Precedence").lower() in BULK
        or bool(headers.values(message, "List-Id"))
        or bool(headers.values(message, "List-Unsubscribe"))
    )


def _is_machine(message: Message, sender: str) -> bool:
    submitted = headers.first(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    suppressed = headers.first(message, "X-Auto-Response-Suppress").lower()
    if any(word in suppressed for word in SUPPRESSED):
        return True
    if "<>" in headers.values(message, "Return-Path"):
        return True
    return bool(NO_REPLY.match(sender) or DAEMON.match(sender))
