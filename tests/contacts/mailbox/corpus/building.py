"""How the nasty mails are written down: raw bytes, and exactly what must become of each."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from zentrum.mail.services import message_id

REFERENCE = "V-2026-0142"  # the case that is there: Jo's, whom the office has answered
SENDER = "jo@laden.example"
NEIGHBOUR = "ute@nachbar.example"
DESK = "desk@stadt.example"
COLLEAGUE = "kollegin@stadt.example"
OUR_ID = message_id("corpus-answer")
JO_ID = "<erste.mail@laden.example>"  # Jo's first mail, which began the case
TEXT = "Guten Tag, wann wird gekehrt?"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
PDF = b"%PDF-1.7\n" + b"0" * 40


@dataclass
class Nasty:
    """A mail and its outcome; what is not said is as in `OUTCOME`."""

    name: str
    raw: bytes
    expected: dict[str, Any] = field(default_factory=dict)


OUTCOME: dict[str, Any] = {
    "action": "new_case",
    "reason": "",
    "case": "new",  # "known": the one that is there; None: no case
    "sender": SENDER,
    "subject": "Kehren",  # of the mail
    "text": TEXT,  # of the message
    "files": [],
    "refused": 0,
    "stranger": "",
    "suggested": None,
    "receipt": True,
    "state": None,  # of the case that is there, when it matters
}
QUARANTINED = {"action": "quarantined", "case": None, "text": None, "receipt": False}
APPENDED = {"action": "appended", "case": "known", "receipt": False, "state": "open"}
AUTOMATIC = {"action": "automatic", "text": None, "receipt": False, "state": "closed"}
BOUNCE = {"action": "bounce", "text": None, "receipt": False, "state": "closed"}


def plain(
    body: str | bytes = TEXT,
    *,
    headers: str = "",
    sender: str | None = f"Jo Laden <{SENDER}>",
    subject: str | None = "Kehren",
    kind: str = "text/plain; charset=utf-8",
    encoding: str = "8bit",
    number: str = "",
) -> bytes:
    """A mail with ordinary headers, then the given ones, then its body."""
    lines = [
        f"Message-ID: <mail{number}@laden.example>",
        f"To: {DESK}",
        "Date: Fri, 27 Nov 2026 09:00:00 +0100",
        "MIME-Version: 1.0",
    ]
    if sender is not None:
        lines.insert(0, f"From: {sender}")
    if subject is not None:
        lines.append(f"Subject: {subject}")
    if kind:
        lines += [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}"]
    head = "\r\n".join([*lines, *filter(None, headers.split("\n"))])
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content


def answer(body: str = TEXT, **options: Any) -> bytes:
    """A mail that answers ours."""
    options.setdefault("subject", f"AW: [{REFERENCE}] Kehren")
    extra = options.pop("headers", "")
    return plain(body, headers=f"In-Reply-To: {OUR_ID}\n{extra}", **options)


def multipart(*parts: bytes, kind: str = "mixed", end: bool = True, **options: Any) -> bytes:
    body = b"".join(b"--grenze\r\n" + part + b"\r\n" for part in parts)
    if end:
        body += b"--grenze--\r\n"
    return plain(body, kind=f'multipart/{kind}; boundary="grenze"', encoding="7bit", **options)


def part(content: str | bytes, kind: str = "text/plain; charset=utf-8", extra: str = "") -> bytes:
    """One part; bytes are sent in base64."""
    head = f"Content-Type: {kind}\r\n{extra}"
    if isinstance(content, bytes):
        head += "Content-Transfer-Encoding: base64\r\n"
        return head.encode() + b"\r\n" + b64encode(content)
    return head.encode() + b"\r\n" + content.replace("\n", "\r\n").encode()


def file(content: bytes, name: str, kind: str = "application/octet-stream") -> bytes:
    """A part that is attached under a name, which may be anything after `filename`."""
    shown = f'filename="{name}"' if not name.startswith("filename") else name
    return part(content, kind, f"Content-Disposition: attachment; {shown}\r\n")
