import hashlib
import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile

from zentrum.files.checking import check, clean_name
from zentrum.files.models import StoredFile

if TYPE_CHECKING:
    from zentrum.accounts.models import User


def store(upload: UploadedFile, *, user: "User | None" = None) -> StoredFile:
    """Keep an upload: the content first, then its row, so that no row is ever without its file.

    The reverse can happen: when the surrounding transaction is rolled back, the content stays
    behind without a row. It has a random name, nobody can reach it, and it costs only its space.
    Raises ValidationError when the file is too large or of a kind that is not taken.
    """
    content_type = check(upload)
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
    stored.content.save(f"{uuid.uuid4().hex}{PurePosixPath(name).suffix.lower()}", upload)
    return stored
