"""Second half of an import: take the rows over, in batches; a killed worker loses one at most."""

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from actors.directory.models import Actor, Address
from actors.exchange import sectors
from actors.exchange.copying import update_all
from actors.exchange.deciding import Action, compare, decide, merged
from actors.exchange.models import ImportRow, ImportRun, SourceRecord
from actors.exchange.staging import counts, records_of
from actors.exchange.writing import Pending, write

BATCH = 1000
MANY = 2000  # rows
TO_DO = (Action.CREATE, Action.UPDATE, Action.KEEP)
LOOKED_UP = {  # the columns by which rows are found
    Actor: "centre_id, kind, archived_at",
    Address: "actor_id, street, latitude, longitude",
    SourceRecord: "source, external_id, actor_id, missing_since",
    ImportRow: "run_id, action, external_id",
}
State = ImportRun.State


def apply(run_id: int) -> None:
    """Take over all rows of a confirmed run. Running twice, or at the same time, does it once."""
    run = ImportRun.objects.get(pk=run_id)
    with pghistory.context(user=run.started_by_id, import_run=run.pk):
        while apply_batch(run):
            pass
    if run.rows_total > MANY:
        _tell_the_planner()
    _finish(run)


@transaction.atomic
def _tell_the_planner() -> None:
    """How large the tables are by now: autovacuum would find out a minute later, and until then
    the comparison of thousands of rows at the end takes ten seconds.

    A small sample of a few columns: it does not keep autovacuum from looking at all of them.
    """
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target TO 10")
        for model, columns in LOOKED_UP.items():
            cursor.execute(f"ANALYZE {model._meta.db_table} ({columns})")


@transaction.atomic
def apply_batch(run: ImportRun) -> bool:
    """Take over the next rows; False when there are none."""
    _one_batch_of(run.source)
    rows = list(_undone(run)[:BATCH])
    if not rows:
        return False
    records = records_of(run.source, (row.external_id for row in rows))
    pending = {key: Pending(record.actor, record) for key, record in records.items()}
    before = {row.pk: (row.action, row.reason) for row in rows}
    for row in rows:
        _decide_again(row, pending, run)
    ensured = sectors.ensure({c for p in pending.values() for c in p.new.get("categories", [])})
    write([p for p in pending.values() if p.is_touched], run, ensured)
    changed_rows = [row for row in rows if before[row.pk] != (row.action, row.reason)]
    _note_done(run, rows, changed_rows, records.values())
    return True


def _one_batch_of(source: str) -> None:
    """Batches of the same source wait for each other (until commit): no actor is created twice."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [source])


def _undone(run: ImportRun):
    rows = run.rows.filter(applied_at__isnull=True, action__in=TO_DO, run__state=State.RUNNING)
    return rows.order_by("number", "pk").defer("raw")


def _decide_again(row: ImportRow, pending: dict[str, Pending], run: ImportRun) -> None:
    """Decide on what is stored now, which may differ from what the preview said."""
    known = pending.get(row.external_id)
    if known and known.is_touched:  # the same place in another category, within this batch
        decision = compare(known.new, row.values)
    else:
        decision = decide(row.values, known.record if known else None, run.centre)
    row.action, row.reason = decision.action, decision.reason
    if decision.action in (Action.CREATE, Action.UPDATE):
        new = Actor(kind=Actor.Kind.ORGANISATION, centre=run.centre)
        known = pending.setdefault(row.external_id, Pending(new, None))
        known.take(merged(known.new, row.values), row)


def _note_done(
    run: ImportRun,
    rows: list[ImportRow],
    changed_rows: list[ImportRow],
    seen_again: Iterable[SourceRecord],
) -> None:
    now = timezone.now()
    known = SourceRecord.objects.filter(source=run.source)
    seen = known.filter(pk__in=[record.pk for record in seen_again])
    seen.update(last_seen_at=now, missing_since=None, checked_at=None)
    update_all(changed_rows, ["action", "reason"])
    actor = known.filter(external_id=OuterRef("external_id")).values("actor")[:1]
    done = ImportRow.objects.filter(pk__in=[row.pk for row in rows])
    done.update(applied_at=now, actor=Subquery(actor))
    ImportRun.objects.filter(pk=run.pk).update(rows_done=F("rows_done") + len(rows), updated_at=now)


@transaction.atomic
def _finish(run: ImportRun) -> None:
    now = timezone.now()
    _note_missing(run, now)
    ImportRun.objects.filter(pk=run.pk, state=State.RUNNING).update(
        state=State.DONE, counts=counts(run), finished_at=now, updated_at=now
    )


def _note_missing(run: ImportRun, now: datetime) -> None:
    """Remember since when the source lacks an actor. A row that was refused is there all the same,
    and so is one that another file has brought since this one was read."""
    known = SourceRecord.objects.filter(source=run.source, actor__centre=run.centre)
    refused = run.rows.filter(action=Action.REJECT).exclude(external_id="").values("external_id")
    known.filter(external_id__in=refused).update(missing_since=None, checked_at=None)
    missing = run.rows.filter(action=Action.MISSING).values("external_id")
    lost = known.filter(external_id__in=missing, missing_since__isnull=True)
    lost.filter(last_seen_at__lt=run.created_at).update(missing_since=now)
