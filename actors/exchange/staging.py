"""First half of an import: read the file row by row and note what would become of each row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from actors.exchange.deciding import Action, Decision, compare, decide, merged
from actors.exchange.mapping import LABELS
from actors.exchange.models import ImportRow, ImportRun, SourceRecord
from actors.exchange.reading import Line, Table, open_table
from actors.exchange.rows import Values, values_of

BATCH = 1000
COUNTED = {
    "created": Action.CREATE,
    "updated": Action.UPDATE,
    "unchanged": Action.KEEP,
    "missing": Action.MISSING,
    "rejected": Action.REJECT,
}
State = ImportRun.State


@dataclass
class Seen:
    """An identifier of this file: its first line, that line's values, and how they stand by now."""

    number: int
    first: Values
    now: Values


@dataclass
class Stage:
    """The rows of a run while its file is being read."""

    run: ImportRun
    seen: dict[str, Seen] = field(default_factory=dict)
    count: int = 0

    def take(self, lines: list[Line]) -> None:
        read = [(line, *self._values(line)) for line in lines]
        records = records_of(self.run.source, (v["external_id"] for _line, v, _r in read if v))
        rows = [self._row(line, values, refusal, records) for line, values, refusal in read]
        ImportRow.objects.bulk_create(rows)
        self.count += len(rows)

    def _values(self, line: Line) -> tuple[Values, str]:
        if line.problem:
            return {}, line.problem
        try:
            return values_of(line.cells, self.run.mapping), ""
        except ValidationError as refusal:
            self._note_identifier(line)
            return {}, " ".join(refusal.messages)

    def _note_identifier(self, line: Line) -> None:
        """A refused row is not missing: the source still knows the actor."""
        if key := self._cell(line, "external_id"):
            self.seen.setdefault(key, Seen(line.number, {}, {}))

    def _cell(self, line: Line, name: str) -> str:
        return line.cells.get(self.run.mapping.get(name, ""), "").strip()[:200]

    def _row(
        self, line: Line, values: Values, refusal: str, records: dict[str, SourceRecord]
    ) -> ImportRow:
        row = ImportRow(run=self.run, number=line.number, values=values)
        if refusal:
            decision = Decision(Action.REJECT, refusal)
            row.external_id = self._cell(line, "external_id")
            row.values = {"name": self._cell(line, "name")}
        else:
            row.external_id = values["external_id"]
            record = records.get(row.external_id)
            row.actor_id = record.actor_id if record else None
            decision = self._decide(line.number, values, record)
        row.action, row.reason = decision.action, decision.reason
        if row.action == Action.REJECT:  # of the others the values tell enough
            row.raw = line.cells
        return row

    def _decide(self, number: int, values: Values, record: SourceRecord | None) -> Decision:
        key = values["external_id"]
        before = self.seen.get(key)
        if before and before.first:
            return self._decide_repeated(before, values)
        decision = decide(values, record, self.run.centre)
        self.seen[key] = Seen(number, values, merged(record.values if record else {}, values))
        return decision

    def _decide_repeated(self, before: Seen, values: Values) -> Decision:
        """The same place in another category adds a sector; anything else is a contradiction."""
        shared = (before.first.keys() & values.keys()) - {"categories"}
        differing = [str(LABELS[n]) for n in sorted(shared) if before.first[n] != values[n]]
        if differing:
            reason = _("The identifier stands in line %(line)s with other values: %(fields)s.")
            words = {"line": before.number, "fields": ", ".join(differing)}
            return Decision(Action.REJECT, reason % words)
        if set(values["categories"]) <= set(before.first["categories"]):
            reason = _("The identifier stands in line %(line)s already.")
            return Decision(Action.REJECT, reason % {"line": before.number})
        decision = compare(before.now, values)
        before.now = merged(before.now, values)
        before.first = merged(before.first, values)
        return decision


def records_of(source: str, keys: Iterable[str]) -> dict[str, SourceRecord]:
    """The records of these identifiers, with their actors."""
    records = SourceRecord.objects.filter(source=source, external_id__in=set(keys))
    return {record.external_id: record for record in records.select_related("actor")}


@transaction.atomic
def stage_file(run_id: int) -> None:
    """Read the stored file of a run. The row lock lets a second worker wait and find it read."""
    runs = ImportRun.objects.select_for_update(of=("self",)).select_related("centre", "file")
    run = runs.get(pk=run_id)
    if run.file is None or run.state != State.STAGING:
        return
    try:
        with run.file.content.open("rb") as stream:
            stage(run, open_table(stream))
    except ValidationError as refusal:
        run.state, run.error = State.FAILED, " ".join(refusal.messages)
        run.save()


def stage(run: ImportRun, table: Table) -> None:
    """Note every row of the table with what would become of it; the run is then up for a look."""
    run.rows.all().delete()
    progress = Stage(run)
    for lines in batches(table.lines(), BATCH):
        progress.take(lines)
        cache.set(progress_key(run), progress.count, 600)
    _note_missing(run, set(progress.seen))
    run.rows_total = progress.count
    run.rows_done = 0
    run.counts = counts(run)
    run.state = State.PREVIEW
    run.save()


def batches(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    while batch := list(islice(lines, size)):
        yield batch


def _note_missing(run: ImportRun, present: set[str]) -> None:
    """Actors of this source that the file lacks are named, and nothing happens to them."""
    known = SourceRecord.objects.filter(source=run.source, actor__centre=run.centre)
    absent = (
        ImportRow(run=run, number=0, external_id=key, action=Action.MISSING, actor_id=actor_id)
        for key, actor_id in known.order_by("pk").values_list("external_id", "actor_id").iterator()
        if key not in present
    )
    while batch := list(islice(absent, BATCH)):
        ImportRow.objects.bulk_create(batch)


def counts(run: ImportRun) -> dict[str, int]:
    """How many rows came to what; all but the missing ones add up to the rows of the file."""
    found = dict(run.rows.order_by().values_list("action").annotate(Count("pk")))
    return {name: found.get(action, 0) for name, action in COUNTED.items()}


def progress_key(run: ImportRun) -> str:
    return f"import-{run.pk}"
