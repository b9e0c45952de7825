"""The files of a mail, kept by the rules for every upload; what is not taken is said by name."""

import mimetypes
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from contacts.mailbox import bodies, headers, tnef
from zentrum.files.checking import TYPES, clean_name
from zentrum.files.models import StoredFile
from zentrum.files.services import NO_ROOM, store

MOST_FILES = 40
MAIL_TYPES = TYPES | {".ics": "text/calendar", ".eml": "message/rfc822"}
SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
ENDINGS = {
    "image/jpeg": ".jpg",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "application/ms-tnef": ".dat",
}
WINMAIL = {"application/ms-tnef", "application/vnd.ms-tnef"}


@dataclass
class Kept:
    """Files that were stored, and a sentence for each that was not."""

    files: list[StoredFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, name: str, content: bytes) -> None:
        """Raises OSError when the disk is full: that passes, and the mail waits for it."""
        try:
            self.files.append(store(SimpleUploadedFile(name, content), types=MAIL_TYPES))
        except ValidationError as refusal:
            if refusal.code == NO_ROOM:
                raise OSError(*refusal.messages) from refusal
            self.refused += refusal.messages


def keep(parts: list[Message]) -> Kept:
    """Store the files of these parts. The raw mail has those that are refused."""
    kept = Kept()
    wanted = [part for part in parts if bodies.content_type(part) not in SIGNATURES]
    for part in wanted[:MOST_FILES]:
        _keep_part(kept, part)
    if (more := len(wanted) - MOST_FILES) > 0:
        kept.refused.append(_("%(count)s more files were not taken.") % {"count": more})
    return kept


def _keep_part(kept: Kept, part: Message) -> None:
    name = name_of(part)
    if _is_too_large(part):
        sentence = _("The file “%(name)s” is too large: at most %(limit)s MB.")
        kept.refused.append(sentence % {"name": name, "limit": settings.FILE_MAX_MEGABYTES})
    elif bodies.content_type(part) in WINMAIL or name.lower() == "winmail.dat":
        _keep_winmail(kept, bodies.content(part))
    elif bodies.content_type(part) == "message/rfc822":
        kept.add(name, _bytes_of_mail(part))
    else:
        kept.add(name, bodies.content(part))


def _keep_winmail(kept: Kept, content: bytes) -> None:
    """Outlook packs files into winmail.dat: those that can be read are kept one by one."""
    try:
        files = tnef.files(content)
    except ValueError:
        files = []
    for name, inner in files[:MOST_FILES]:
        kept.add(clean_name(name), inner)
    if not files:
        kept.refused.append(
            _(
                "“winmail.dat” was made by Outlook and could not be opened. Please ask the sender"
                " to send the files once more, as “HTML” or “Plain text” instead of “Rich Text”."
            )
        )


def name_of(part: Message) -> str:
    """The file's name as a person reads it; one is made from the type when there is none."""
    try:
        given = part.get_filename() or ""
    except Exception:  # the parser of headers fails on some that no standard knows
        given = ""
    kind = bodies.content_type(part)
    if given:
        return clean_name(headers.words(given))
    if kind == "message/rfc822":
        inner: Any = part.get_payload()
        if isinstance(inner, list) and inner:
            given = headers.first(inner[0], "Subject")[:80]
    ending = ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ".dat"
    return clean_name((given or _("Attachment")).replace("/", " ") + ending)


def _is_too_large(part: Message) -> bool:
    """Told from the encoded length, so that nothing large is decoded only to be refused."""
    payload = part.get_payload()
    length = len(payload) if isinstance(payload, str) else 0
    return length * 3 // 4 > settings.FILE_MAX_MEGABYTES * 1024 * 1024


def _bytes_of_mail(part: Message) -> bytes:
    inner: Any = part.get_payload()
    try:
        return inner[0].as_bytes() if isinstance(inner, list) and inner else bodies.content(part)
    except Exception:  # what cannot be written again is still in the raw mail
        return b""
