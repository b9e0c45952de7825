import hashlib
import logging
import uuid
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from zentrum.files.checking import TYPES, check, clean_name
from zentrum.files.models import StoredFile

if TYPE_CHECKING:
    from zentrum.accounts.models import User


logger = logging.getLogger(__name__)

NO_ROOM = "no_room"


def store(
    upload: UploadedFile, *, user: "User | None" = None, types: dict[str, str] = TYPES
) -> StoredFile:
    """Keep an upload: the content first, then its row, so that no row is ever without its file.

    The reverse can happen: when the surrounding transaction is rolled back, the content stays
    behind without a row. It has a random name, nobody can reach it, and it costs only its space.
    Raises ValidationError when the file is too large or of a kind that is not taken; `types` are
    the kinds by their ending. "no_room": the disk is full, and nothing of the file stays.
    """
    content_type = check(upload, types)
    try:
        return _keep(upload, content_type, user)
    except OSError as error:
        logger.exception("A file could not be kept")
        words = _(
            "The file “%(name)s” cannot be stored at the moment. Nothing was sent. Please try"
            " again later, or leave the file out."
        )
        raise ValidationError(
            words, code=NO_ROOM, params={"name": clean_name(upload.name or "")}
        ) from error


def keep(content: File, *, name: str, content_type: str) -> StoredFile:
    """Keep what came to the portal as it is, of whatever size and kind; read piece by piece.

    Raises OSError when there is no room for it.
    """
    content.name = name
    return _keep(content, content_type, None)


def store_made(
    content: bytes, *, name: str, content_type: str, user: "User | None" = None
) -> StoredFile:
    """Keep a file that the portal made itself, of whatever type and size, like an upload."""
    made = SimpleUploadedFile(name, content, content_type)
    return _keep(made, content_type, user)


def remove(stored: StoredFile) -> None:
    """Delete a file that nothing points at any more: its row, and its content after the commit."""
    storage, name = stored.content.storage, str(stored.content.name)
    stored.delete()
    transaction.on_commit(partial(storage.delete, name))


def _keep(upload: File, content_type: str, user: "User | None") -> StoredFile:
    name = clean_name(upload.name or "")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    stored = StoredFile(
        name=name,
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=user,
    )
    path = f"{uuid.uuid4().hex}{PurePosixPath(name).suffix.lower()}"
    try:
        stored.content.save(path, upload)
    except OSError:  # the disk is full: half a file is of no use to anybody
        stored.content.storage.delete(stored.content.field.generate_filename(stored, path))
        raise
    return stored
