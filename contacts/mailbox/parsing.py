"""Turn the bytes of a mail into what the desk needs of it."""

from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesFeedParser
from typing import IO

from django.conf import settings

from contacts.mailbox import bodies, bounces, headers, recognising, subjects
from contacts.mailbox.models import Reason

CHUNK = 64 * 1024  # bytes that are parsed at once


@dataclass
class Letter:
    """A mail that was read. `problem`: why a person has to look at it, empty if nobody has."""

    sender: str = ""
    sender_name: str = ""
    answers_to: str = ""
    subject: str = ""
    message_id: str = ""
    refers_to: list[str] = field(default_factory=list)  # nearest first
    ours: set[str] = field(default_factory=set)  # those of these ids that are of mails of ours
    people: list[str] = field(default_factory=list)
    text: str = ""
    html: str = ""
    files: list[Message] = field(default_factory=list)
    is_encrypted: bool = False
    automatic: str = ""
    problem: str = ""
    notice: bounces.Notice | None = None

    @property
    def is_forward(self) -> bool:
        return subjects.is_forward(self.subject)


def read(content: IO[bytes]) -> Letter:
    """Read a mail from an open file. What it lacks stays empty; never fails on odd headers."""
    message = _parsed(content)
    senders = headers.addresses(message, "From")
    sender = senders[0] if senders else _other_sender(message)
    body = bodies.read(message)
    notice = bounces.read(message, body)
    return Letter(
        sender=sender[1],
        sender_name=sender[0][:150],
        answers_to=_answers_to(message, sender[1]),
        subject=headers.first(message, "Subject")[:250],
        message_id=next(iter(headers.identifiers(message, "Message-ID")), ""),
        refers_to=_refers_to(message),
        people=sorted({a for _n, a in headers.addresses(message, *PEOPLE)}),
        text=body.text,
        html=body.html,
        files=body.files,
        is_encrypted=body.is_encrypted,
        automatic="" if notice else recognising.automatic(message, sender[1]),
        problem=_problem(message, sender[1]),
        notice=notice,
    )


PEOPLE = ("From", "Reply-To", "Sender", "To", "Cc")


def _parsed(content: IO[bytes]) -> Message:
    try:
        return _fed(content, BytesFeedParser(policy=policy.default))
    except Exception:  # the newer parser fails on some headers that the older one lets pass
        content.seek(0)
        return _fed(content, BytesFeedParser(policy=policy.compat32))


def _fed(content: IO[bytes], parser: BytesFeedParser) -> Message:
    """The parsed mail, without what of a part goes beyond the largest file that is taken.

    Such a file is refused anyway; left in, it would need several times its size in memory.
    """
    most = settings.FILE_MAX_MEGABYTES * 1024 * 1024 * 3 // 2  # base64 takes a third more
    lines: list[bytes] = []
    since_boundary = waiting = 0
    while line := content.readline(CHUNK):
        since_boundary = 0 if line.startswith(b"--") else since_boundary + len(line)
        if since_boundary > most:
            continue
        lines.append(line)
        waiting += len(line)
        if waiting > CHUNK:
            parser.feed(b"".join(lines))
            lines, waiting = [], 0
    parser.feed(b"".join(lines))
    return parser.close()


def _other_sender(message: Message) -> tuple[str, str]:
    return next(iter(headers.addresses(message, "Sender", "Return-Path")), ("", ""))


def _answers_to(message: Message, sender: str) -> str:
    """Where the sender wants answers: the only address in Reply-To, else their own."""
    found = {address for _name, address in headers.addresses(message, "Reply-To")}
    return found.pop() if len(found) == 1 else sender


def _refers_to(message: Message) -> list[str]:
    """In-Reply-To, then References from the newest to the oldest, each once."""
    nearest = headers.identifiers(message, "In-Reply-To")
    chain = headers.identifiers(message, "References")[::-1]
    return list(dict.fromkeys([*nearest, *chain]))[: headers.MOST_IDENTIFIERS]


def _problem(message: Message, sender: str) -> str:
    if len(headers.values(message, "From")) > 1:
        return Reason.SEVERAL_SENDERS
    return "" if sender and headers.values(message, "From") else Reason.NO_SENDER
