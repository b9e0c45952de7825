"""Read the notices of mail servers that a mail was not delivered (RFC 3464, and older forms)."""

import re
from dataclasses import dataclass
from email.message import Message

from django.conf import settings

from contacts.mailbox import bodies, headers

LOOKED_AT = 100_000  # characters of a notice
DAEMONS = ("mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "maildaemon")
# How Exim, qmail, Exchange, Domino, Postfix and the German web mailers begin, beside RFC 3464.
WORDS = re.compile(
    r"undeliver|unzustell|delivery (?:status notification|has failed|failure|failed)"
    r"|returned mail|mail delivery (?:failed|subsystem|system)|failure notice|zustellung.{0,40}fehl"
    r"|nicht zugestellt|konnte nicht (?:an .{0,80})?(?:zugestellt|ausgeliefert)"
    r"|could not be delivered|hi\. this is the|permanent(?:en)? fehler|rejected your message"
    r"|nicht zustellbar|message you sent .{0,60}could not",
    re.IGNORECASE,
)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
CODE = re.compile(r"\b(5[0-5]\d)[ -]")
ADDRESS = re.compile(r"<?([\w.+%-]+@[\w-]+(?:\.[\w-]+)+)>?")
DONE = ("delivered", "relayed", "expanded")


@dataclass(frozen=True)
class Notice:
    """What a mail server tells: of which mails of ours, for whom, and why."""

    identifiers: list[str]
    recipient: str
    status: str  # RFC 3463, such as 5.1.1; empty when it names none
    diagnosis: str
    is_delay: bool = False


def read(message: Message, body: bodies.Body) -> Notice | None:
    """The notice in this mail, None when it is none."""
    if report := _report(message):
        return _from_report(report, message)
    if not _is_from_daemon(message):
        return None
    text = f"{headers.first(message, 'Subject')}\n{body.text}"[:LOOKED_AT]
    failed = headers.first(message, "X-Failed-Recipients")
    if not failed and not WORDS.search(text):
        return None
    return _from_words(message, text, failed)


def _report(message: Message) -> list[Message]:
    """The blocks of the machine-readable part: one about the message, one per recipient."""
    if bodies.content_type(message) != "multipart/report":
        return []
    for part in message.walk():
        if bodies.content_type(part) in (
            "message/delivery-status",
            "message/global-delivery-status",
        ):
            blocks = part.get_payload()
            return [b for b in blocks if isinstance(b, Message)] if isinstance(blocks, list) else []
    return []


def _from_report(blocks: list[Message], message: Message) -> Notice | None:
    """None when it confirms that the mail has arrived."""
    actions = [headers.first(block, "Action").lower() for block in blocks]
    told = [n for n, action in enumerate(actions) if action]
    worst = next((n for n in told if actions[n] == "failed"), told[0] if told else 0)
    block, action = blocks[worst], actions[worst]
    if action in DONE:
        return None
    recipient = headers.first(block, "Final-Recipient") or headers.first(
        block, "Original-Recipient"
    )
    found = ADDRESS.search(recipient)
    return Notice(
        identifiers=our_identifiers(message),
        recipient=found[1].lower() if found else "",
        status=headers.first(block, "Status")[:10],
        diagnosis=headers.first(block, "Diagnostic-Code").partition(";")[2].strip()[:300],
        is_delay=action == "delayed",
    )


def _from_words(message: Message, text: str, failed: str) -> Notice:
    status, code = STATUS.search(text), CODE.search(text)
    named = [a.lower() for a in ADDRESS.findall(failed or text)]
    named = [a for a in named if not a.startswith(DAEMONS)]
    line = next((n for n in text.split("\n") if STATUS.search(n) or CODE.search(n)), "")
    return Notice(
        identifiers=our_identifiers(message),
        recipient=named[0] if named else "",
        status=status[1] if status else f"{code[1][0]}.0.0" if code else "",
        diagnosis=" ".join(line.split())[:300],
        is_delay=bool(status and status[1].startswith("4")),
    )


def _is_from_daemon(message: Message) -> bool:
    if "<>" in headers.values(message, "Return-Path"):
        return True
    senders = headers.addresses(message, "From", "Sender")
    return any(address.startswith(DAEMONS) for _name, address in senders)


def our_identifiers(message: Message) -> list[str]:
    """Message-IDs of ours anywhere in the mail: its headers, its text, the returned original."""
    ours = re.compile(rf"<[0-9a-f]{{32}}@{re.escape(settings.MAIL_DOMAIN)}>", re.IGNORECASE)
    found: dict[str, None] = {}
    for part in message.walk():
        texts = [str(value) for _name, value in part.raw_items()]
        if not part.is_multipart():
            texts.append(headers.decoded(bodies.content(part)[:LOOKED_AT], None))
        for text in texts:
            found |= dict.fromkeys(ours.findall(text))
    return list(found)
