"""The steps of an import: file, columns, look, take over."""

import hashlib
from datetime import timedelta
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.exchange import letters, staging, tasks
from actors.exchange import mapping as columns
from actors.exchange.models import ImportRun, LetterTemplate, SavedMapping, SourceRecord
from actors.exchange.opening import kept, open_file
from zentrum.accounts.models import User
from zentrum.common.queueing import queue_on_commit
from zentrum.files.services import store
from zentrum.office.models import Centre

STALLED_AFTER = timedelta(minutes=5)
TWIN_WITHIN = timedelta(minutes=10)
State = ImportRun.State


@transaction.atomic
def start_import(
    upload: UploadedFile, *, source: str, centre: Centre, user: User | None
) -> ImportRun:
    """Keep the file and propose its columns. Raises ValidationError if it is no table.

    The same file sent twice within minutes is one import: the first one is returned.
    """
    saved = SavedMapping.objects.filter(source=source).values_list("columns", flat=True).first()
    return _begin(upload, ImportRun(source=source, centre=centre, started_by=user), saved)


@transaction.atomic
def mend_import(run: ImportRun, upload: UploadedFile, *, user: User | None) -> ImportRun:
    """Read a file with only mended rows of an import, with its columns: nothing is missing in it.

    Raises ValidationError if it is no table, or lacks a column of the import.
    """
    mending = ImportRun(source=run.source, centre=run.centre, started_by=user, mends=run)
    mending = _begin(upload, mending, run.mapping)
    if mending.state == State.MAPPING:
        choose_columns(mending, mapping=run.mapping)
    return mending


def _begin(upload: UploadedFile, run: ImportRun, mapping: dict[str, str] | None) -> ImportRun:
    upload = kept(upload)
    table = open_file(upload)
    Centre.objects.select_for_update(no_key=True).get(pk=run.centre_id)  # one after the other
    begun = ImportRun.objects.filter(source=run.source, centre=run.centre, mends=run.mends)
    mine = begun.filter(started_by=run.started_by, created_at__gte=timezone.now() - TWIN_WITHIN)
    twins = mine.filter(state__in=(State.MAPPING, State.STAGING) if run.mends else (State.MAPPING,))
    upload.seek(0)
    digest = hashlib.sha256(upload.read()).hexdigest()
    if twin := twins.filter(file__sha256=digest).first():
        return twin
    run.file = store(upload, user=run.started_by)
    run.file_name = run.file.name
    run.mapping = columns.proposed(table.heading, mapping)
    run.save()
    return run


@transaction.atomic
def choose_columns(run: ImportRun, *, mapping: dict[str, str]) -> None:
    """Have the file read with these columns, and propose them for the source's next file.

    Possible until the import is confirmed.
    """
    _lock(run)
    if run.file is None or run.state not in (State.MAPPING, State.PREVIEW, State.FAILED):
        raise ValidationError(_("The columns of this import can no longer be changed."))
    with run.file.content.open("rb") as stream:
        run.mapping = columns.checked(mapping, open_file(stream).heading)
    run.state, run.error = State.STAGING, ""
    run.save()
    SavedMapping.objects.update_or_create(source=run.source, defaults={"columns": run.mapping})
    queue_on_commit(tasks.stage_import, run.pk)


@transaction.atomic
def confirm_import(run: ImportRun) -> None:
    """Take over what the preview showed. The row lock lets one of two confirmations win."""
    confirm_at_once(run)
    queue_on_commit(tasks.apply_import, run.pk)


@transaction.atomic
def confirm_at_once(run: ImportRun) -> None:
    """Like confirm_import, for a caller who takes the rows over itself."""
    _lock(run)
    if run.state != State.PREVIEW:
        raise ValidationError(_("This import is not waiting for a confirmation."))
    run.state = State.RUNNING
    run.rows_done = run.counts["rejected"]
    run.save()


def resume_import(run: ImportRun) -> None:
    """Queue an import again whose worker or queue was lost; harmless while it runs."""
    if run.state == State.STAGING:
        queue_on_commit(tasks.stage_import, run.pk)
    elif run.state == State.RUNNING:
        queue_on_commit(tasks.apply_import, run.pk)


def resume_stalled() -> int:
    """Queue every import that has not moved for five minutes (for the tick); how many that were."""
    before = timezone.now() - STALLED_AFTER
    runs = ImportRun.objects.filter(state__in=(State.STAGING, State.RUNNING))
    stalled = list(runs.filter(updated_at__lt=before, file__isnull=False))
    for run in stalled:
        resume_import(run)
    return len(stalled)


@transaction.atomic
def stage_at_once(
    stream: BinaryIO,
    *,
    file_name: str,
    source: str,
    centre: Centre,
    mapping: dict[str, str] | None,
) -> ImportRun:
    """Read a file of the command line here and now; a killed command leaves nothing behind."""
    table = open_file(stream)
    guessed = columns.guess(table.heading) if mapping is None else mapping
    run = ImportRun.objects.create(
        source=source,
        file_name=file_name,
        centre=centre,
        mapping=columns.checked(guessed, table.heading),
        state=State.STAGING,
    )
    staging.stage(run, table)
    return run


def note_still_there(record: SourceRecord) -> None:
    """Somebody looked: the actor is there although its source lacks it. Asked again only when the
    source has shown and lost it once more."""
    now = timezone.now()
    SourceRecord.objects.filter(pk=record.pk, checked_at__isnull=True).update(checked_at=now)


@transaction.atomic
def keep_template(template: LetterTemplate, upload: UploadedFile, *, user: User) -> LetterTemplate:
    """Keep a Word file for letters. Raises ValidationError, in words, if it cannot be filled."""
    upload.seek(0)
    letters.check(upload.read())
    upload.seek(0)
    template.file = store(upload, user=user)
    template.save()
    return template


def remove_template(template: LetterTemplate) -> None:
    """Remove it with its file; the letters written with it are with their recipients."""
    stored = template.file
    with transaction.atomic():
        template.delete()
        stored.delete()
    stored.content.delete(save=False)


def _lock(run: ImportRun) -> None:
    run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
