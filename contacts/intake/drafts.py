"""What somebody has begun to enter in the public form, kept on the server until it is handed in."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.intake.models import Submission
from zentrum.files import services as files
from zentrum.files.forms import MOST_FILES
from zentrum.files.models import StoredFile

LONGEST_DRAFT = 100_000  # characters; a longer one stays on the page only
FORGOTTEN_AT_ONCE = 500  # drafts in one tick


def find(token: UUID | None) -> Submission | None:
    """The draft of this token, unless it was handed in or discarded."""
    if token is None:
        return None
    return Submission.objects.filter(token=token, submitted_at=None, discarded_at=None).first()


@transaction.atomic
def save(
    token: UUID, *, data: dict[str, Any], language: str, uploads: Iterable[UploadedFile] = ()
) -> Submission | None:
    """Keep a draft; None when it is empty, too long, or was handed in already."""
    uploads = list(uploads)
    written = "".join(str(value) for value in data.values())
    if not (written.strip() or uploads) or len(written) > LONGEST_DRAFT:
        return None
    submission = locked(token, language)
    if submission.submitted_at:
        return None
    keep_uploads(submission, uploads)
    kept = submission.data.get("files", [])
    submission.data = {name: _storable(value) for name, value in data.items()} | {"files": kept}
    submission.discarded_at = None
    submission.save()
    return submission


def _storable(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


def locked(token: UUID, language: str) -> Submission:
    """The submission of this token, made if it is new, under a row lock.

    While this waits for the lock the tick may forget the old row: then a new one is made.
    """
    rows = Submission.objects.select_for_update(of=("self",)).filter(token=token)
    while not (submission := rows.first()):
        Submission.objects.get_or_create(token=token, defaults={"language": language})
    return submission


def lock(submission: Submission) -> None:
    submission.refresh_from_db(from_queryset=Submission.objects.select_for_update(of=("self",)))


def keep_uploads(submission: Submission, uploads: Iterable[UploadedFile]) -> None:
    """Store uploads with the locked submission. ValidationError when there are too many."""
    uploads = list(uploads)
    kept = submission.data.get("files", [])
    if uploads and len(kept) + len(uploads) > MOST_FILES:
        message = _("Please hand in at most %(most)s files. %(kept)s are already there.")
        raise ValidationError(message % {"most": MOST_FILES, "kept": len(kept)})
    stored = [files.store(upload).pk for upload in uploads]
    submission.data = submission.data | {"files": [*kept, *stored]}


def files_of(submission: Submission | None) -> list[StoredFile]:
    """The kept files, in the order of their arrival."""
    kept = submission.data.get("files", []) if submission else []
    found = StoredFile.objects.in_bulk(kept) if kept else {}
    return [found[pk] for pk in kept if pk in found]


@transaction.atomic
def remove_file(token: UUID, pk: int) -> None:
    """Take one file back from a draft; one that belongs to another draft is left alone."""
    if not (submission := find(token)):
        return
    lock(submission)
    kept = submission.data.get("files", [])
    if submission.submitted_at or pk not in kept:
        return
    submission.data = submission.data | {"files": [other for other in kept if other != pk]}
    submission.save()
    _delete_files([pk])


@transaction.atomic
def wipe(submission: Submission) -> None:
    """Forget what a draft or a discarded submission holds; only the empty row stays."""
    lock(submission)
    kept = submission.data.get("files", [])
    submission.data = {}
    submission.discarded_at = timezone.now()
    submission.save()
    _delete_files(kept)


@transaction.atomic
def forget(before: datetime) -> int:
    """Remove what was begun in the public form and not touched since, with its files; how many."""
    drafts = Submission.objects.filter(submitted_at=None, quarantined_at=None, case=None)
    old = drafts.filter(updated_at__lt=before).select_for_update(skip_locked=True)
    submissions = list(old.order_by("pk")[:FORGOTTEN_AT_ONCE])
    for submission in submissions:
        _delete_files(submission.data.get("files", []))
        submission.delete()
    return len(submissions)


def _delete_files(pks: list[int]) -> None:
    for stored in StoredFile.objects.filter(pk__in=pks):
        stored.delete()
        content = stored.content
        transaction.on_commit(partial(content.storage.delete, str(content.name)))
