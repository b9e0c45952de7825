"""Keep a mail before anything else happens with it: the bytes first, then the row."""

import hashlib
import re
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files.base import File
from django.db import IntegrityError, transaction

from contacts.mailbox.models import IncomingMail, Mailbox, Reason
from zentrum.files import services as files

CHUNK = 1024 * 1024
IN_MEMORY = 4 * CHUNK  # a larger mail waits in a temporary file
LONGEST_HEAD = 256 * 1024
# Headers that stay the same on every way to the mailbox; servers add others as they pass it on.
KEPT_ON_THE_WAY = re.compile(
    rb"^(?:message-id|from|date|subject)[ \t]*:.*(?:\r?\n[ \t]+.*)*", re.IGNORECASE | re.MULTILINE
)


def spooled(source: IO[bytes]) -> IO[bytes]:
    """Everything that a pipe gives, so that it can be read twice."""
    kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    while chunk := source.read(CHUNK):
        kept.write(chunk)
    kept.seek(0)
    return kept


def store(mailbox: Mailbox, content: IO[bytes], *, reason: str = "") -> tuple[IncomingMail, bool]:
    """Keep the mail as it came; returns its row, and whether it is new.

    The same mail in the same mailbox is kept once, however often it is fetched. With a `reason` it
    is held back at once. Raises OSError when there is no room for it.
    """
    fingerprint = fingerprint_of(content)
    known = IncomingMail.objects.filter(mailbox=mailbox, fingerprint=fingerprint)
    if known.exists():
        return known.get(), False
    mail = IncomingMail(mailbox=mailbox, fingerprint=fingerprint)
    if reason:
        mail.action, mail.reason = IncomingMail.Action.QUARANTINED, Reason(reason)
    try:
        with transaction.atomic():  # both rows at once: the disk is waited for once
            raw = files.keep(File(content), name="mail.eml", content_type="message/rfc822")
            mail.raw = raw
            mail.save(force_insert=True)
    except IntegrityError:  # somebody else fetched it at this moment
        raw.content.delete(save=False)  # its row is rolled back
        return known.get(), False
    return mail, True


def fingerprint_of(content: IO[bytes]) -> str:
    """SHA-256 over Message-ID, From, Date, Subject and the body: the same for every copy."""
    content.seek(0)
    head = content.read(LONGEST_HEAD)
    end = re.search(rb"\r?\n\r?\n", head)
    split = end.end() if end else len(head)
    digest = hashlib.sha256()
    for line in sorted(KEPT_ON_THE_WAY.findall(head[:split])):
        digest.update(re.sub(rb"\s+", b" ", line))
    content.seek(split)
    while chunk := content.read(CHUNK):
        digest.update(chunk.replace(b"\r", b""))
    content.seek(0)
    return digest.hexdigest()
