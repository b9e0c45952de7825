"""The job that puts an Auskunft together, may run twice, and goes on after a worker died.

A worker claims the row and shows at each step that it lives; the claim of one that was silent for
minutes lapses. No lock is held meanwhile: who comes second at the end finds the work done.
"""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from actors.privacy.disclosing import disclose
from actors.privacy.models import Disclosure
from actors.privacy.packing import Disclosed
from zentrum.files.services import remove, store_made

STALLED_AFTER = timedelta(minutes=5)
MOST_TRIES = 3
KEPT_FOR = timedelta(days=7)
ZIP = "application/zip"
State = Disclosure.State


def waiting_ids(now: datetime) -> list[int]:
    """What is asked for and nobody works at, for the tick."""
    free = Q(claimed_at=None, at__lt=now - STALLED_AFTER) | _lapsed(now)
    return list(Disclosure.objects.running().filter(free).values_list("pk", flat=True))


def put_together(pk: int) -> None:
    """Put the file of one Auskunft together; does nothing when it is done or another one works."""
    if not (row := _claim(pk)):
        return
    try:
        with translation.override(settings.LANGUAGE_CODE):
            told = disclose(row.actor, progress=partial(_note_progress, pk))
            content = told.as_zip()
    except Exception:
        Disclosure.objects.running().filter(pk=pk).update(claimed_at=None)
        raise
    _finish(pk, told, content)


def _lapsed(now: datetime) -> Q:
    return Q(claimed_at__lt=now - STALLED_AFTER)


@transaction.atomic
def _claim(pk: int) -> Disclosure | None:
    now = timezone.now()
    free = Disclosure.objects.running().filter(Q(claimed_at=None) | _lapsed(now), pk=pk)
    row = free.select_for_update(skip_locked=True).first()
    if row is None:
        return None
    if row.tries >= MOST_TRIES:
        row.state, row.error = (
            State.FAILED,
            _(
                "The file could not be put together. Please try again; if that fails too, tell"
                " whoever runs the portal."
            ),
        )
        row.save()
        return None
    row.tries += 1
    row.claimed_at, row.steps_done = now, 0
    row.save()
    return row


def _note_progress(pk: int, done: int, total: int) -> None:
    rows = Disclosure.objects.running().filter(pk=pk)
    rows.update(steps_done=done, steps_total=total, claimed_at=timezone.now())


@transaction.atomic
def _finish(pk: int, told: Disclosed, content: bytes) -> None:
    """Keep the file, unless somebody else did meanwhile or the actor is erased."""
    row = Disclosure.objects.running().select_for_update().filter(pk=pk).first()
    if row is None:
        return
    name = f"auskunft-{slugify(str(told.actor)) or told.actor.pk}.zip"
    row.file = store_made(content, name=name, content_type=ZIP, user=row.by)
    row.counts, row.flagged = told.counts, told.flagged
    row.state, row.finished_at, row.steps_done = State.READY, timezone.now(), row.steps_total
    row.save()


def remove_old(now: datetime | None = None) -> int:
    """Take away the files that are older than seven days; that there was one stays on record."""
    before = (now or timezone.now()) - KEPT_FOR
    old = Disclosure.objects.filter(state=State.READY, finished_at__lt=before)
    return sum(_remove(pk) for pk in old.values_list("pk", flat=True))


@transaction.atomic
def _remove(pk: int) -> bool:
    ready = Disclosure.objects.filter(state=State.READY, pk=pk)
    row = ready.select_for_update(skip_locked=True, of=("self",)).select_related("file").first()
    if row is None or row.file is None:
        return False
    stored, row.file, row.state = row.file, None, State.REMOVED
    row.save()
    remove(stored)
    return True
