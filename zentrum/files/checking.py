"""Which uploads are taken: by their ending and by what the bytes are, not by what is claimed."""

import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

LONGEST_NAME = 150
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
OFFICE_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".docx": OFFICE_XML + "wordprocessingml.document",
    ".xlsx": OFFICE_XML + "spreadsheetml.sheet",
    ".odt": OPEN_DOCUMENT + "text",
    ".ods": OPEN_DOCUMENT + "spreadsheet",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
ACCEPT = ",".join(TYPES)


def check(upload: UploadedFile, types: dict[str, str] = TYPES) -> str:
    """The content type of an upload that may be kept: one of `types`, by its ending.

    Raises ValidationError, naming the file, when it is empty, too large, of a type that is not
    taken, or not what its extension says.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise ValidationError(_("The file “%(name)s” is empty."), params={"name": name})
    if upload.size > settings.FILE_MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The file “%(name)s” is too large: at most %(limit)s MB."),
            params={"name": name, "limit": settings.FILE_MAX_MEGABYTES},
        )
    extension = PurePosixPath(name).suffix.lower()
    if extension not in types:
        raise ValidationError(
            _("Files like “%(name)s” are not taken. Possible are: %(types)s."),
            params={"name": name, "types": ", ".join(kind.lstrip(".") for kind in types)},
        )
    if not _is_what_it_says(upload, types[extension]):
        raise ValidationError(
            _("The content of “%(name)s” does not match its ending, or it is damaged."),
            params={"name": name},
        )
    return types[extension]


def clean_name(name: str) -> str:
    """The name as a person reads it: no folders, control or direction marks; the ending stays."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in name)
    name = " ".join("".join(" " if c in '<>:"|?*' else c for c in name).split()).lstrip(". ")
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 10:
        return name[:LONGEST_NAME].strip() or "Datei"
    return stem[: LONGEST_NAME - len(extension) - 1].strip() + dot + extension


def _is_what_it_says(upload: UploadedFile, content_type: str) -> bool:
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    if content_type.startswith(("text/", "message/")):
        return all(b"\0" not in chunk for chunk in upload.chunks())
    if content_type.startswith((OFFICE_XML, OPEN_DOCUMENT)):
        return head.startswith(b"PK") and _is_document(upload, content_type)
    return _has_signature(head, content_type)


def _has_signature(head: bytes, content_type: str) -> bool:
    signatures = {
        "application/pdf": b"%PDF-" in head[:1024],
        "image/jpeg": head.startswith(b"\xff\xd8\xff"),
        "image/png": head.startswith(b"\x89PNG\r\n\x1a\n"),
        "image/webp": head.startswith(b"RIFF") and head[8:12] == b"WEBP",
        "image/heic": head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS,
    }
    return signatures[content_type]


def _is_document(upload: UploadedFile, content_type: str) -> bool:
    """An office document without macros. Nothing is unpacked but the few bytes of its type."""
    try:
        with zipfile.ZipFile(cast("BinaryIO", upload)) as archive:
            names = set(archive.namelist())
            if content_type.startswith(OPEN_DOCUMENT):
                with archive.open("mimetype") as kind:
                    return kind.read(100) == content_type.encode() and not _has_macros(names)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotImplementedError):
        return False
    finally:
        upload.seek(0)
    main = "word/document.xml" if "wordprocessing" in content_type else "xl/workbook.xml"
    return {"[Content_Types].xml", main} <= names and not _has_macros(names)


def _has_macros(names: set[str]) -> bool:
    return any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names)
