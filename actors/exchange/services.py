"""The steps of an import: file, columns, look, take over."""

import hashlib
import io
from datetime import timedelta
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.exchange import mapping as columns
from actors.exchange import staging, tasks
from actors.exchange.models import ImportRun
from actors.exchange.reading import as_utf8, open_table
from zentrum.accounts.models import User
from zentrum.common.queueing import queue_on_commit
from zentrum.files.services import store
from zentrum.office.models import Centre

STALLED_AFTER = timedelta(minutes=5)
TWIN_WITHIN = timedelta(minutes=10)
State = ImportRun.State


@transaction.atomic
def start_import(upload: UploadedFile, *, source: str, centre: Centre, user: User) -> ImportRun:
    """Keep the file (as UTF-8) and guess its columns. Raises ValidationError if it is no table.

    The same file sent twice within minutes is one import: the first one is returned.
    """
    content = as_utf8(upload)
    table = open_table(io.BytesIO(content))
    name = upload.name or ""
    if not name.lower().endswith((".csv", ".txt")):
        name += ".csv"
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # one after the other
    begun = ImportRun.objects.filter(source=source, centre=centre, state=State.MAPPING)
    mine = begun.filter(started_by=user, created_at__gte=timezone.now() - TWIN_WITHIN)
    if twin := mine.filter(file__sha256=hashlib.sha256(content).hexdigest()).first():
        return twin
    stored = store(SimpleUploadedFile(name, content, "text/csv"), user=user)
    return ImportRun.objects.create(
        source=source,
        file=stored,
        file_name=stored.name,
        centre=centre,
        mapping=columns.guess(table.heading),
        started_by=user,
    )


@transaction.atomic
def choose_columns(run: ImportRun, *, mapping: dict[str, str]) -> None:
    """Have the file read with these columns; possible until the import is confirmed."""
    _lock(run)
    if run.file is None or run.state not in (State.MAPPING, State.PREVIEW, State.FAILED):
        raise ValidationError(_("The columns of this import can no longer be changed."))
    with run.file.content.open("rb") as stream:
        run.mapping = columns.checked(mapping, open_table(stream).heading)
    run.state, run.error = State.STAGING, ""
    run.save()
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
    table = open_table(stream)
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


def _lock(run: ImportRun) -> None:
    run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
