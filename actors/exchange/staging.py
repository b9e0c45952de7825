"""First half of an import: read the file row by row and note what would become of each row."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from actors.exchange.copying import copy_in
from actors.exchange.deciding import Action, Decision, compare, decide, merged
from actors.exchange.mapping import LABELS
from actors.exchange.models import ImportRow, ImportRun, SourceRecord
from actors.exchange.opening import open_file
from actors.exchange.rows import Values, values_of
from actors.exchange.tables import AnyTable, Line

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
    categories: set[str] = field(default_factory=set)
    count: int = 0

    def take(self, lines: list[Line]) -> None:
        read = [(line, *self._values(line)) for line in lines]
        records = records_of(self.run.source, (v["external_id"] for _line, v, _r in read if v))
        rows = [self._row(line, values, refusal, records) for line, values, refusal in read]
        copy_in(rows)
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
        self.categories.update(part.strip() for part in self._cell(line, "category").split(";"))
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
        self.categories.update(values["categories"])
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
    """The records of these identifiers; of their actors no more than the centre is read."""
    records = SourceRecord.objects.filter(source=source, external_id__in=set(keys))
    known = records.select_related("actor").only("external_id", "values", "actor__centre")
    return {record.external_id: record for record in known}


@transaction.atomic
def stage_file(run_id: int) -> None:
    """Read the stored file of a run. The row lock lets a second worker wait and find it read."""
    runs = ImportRun.objects.select_for_update(of=("self",)).select_related("centre", "file")
    run = runs.get(pk=run_id)
    if run.file is None or run.state != State.STAGING:
        return
    try:
        with run.file.content.open("rb") as stream:
            stage(run, open_file(stream))
    except ValidationError as refusal:
        run.state, run.error = State.FAILED, " ".join(refusal.messages)
        run.save()


def stage(run: ImportRun, table: AnyTable) -> None:
    """Note every row of the table with what would become of it; the run is then up for a look."""
    run.rows.all().delete()
    progress = Stage(run)
    for lines in batches(table.lines(), BATCH):
        progress.take(lines)
        cache.set(progress_key(run), progress.count, 600)
    run.lacking = {} if run.mends_id else _note_missing(progress)
    run.rows_total = progress.count
    run.rows_done = 0
    run.counts = counts(run)
    run.state = State.PREVIEW
    run.save()


def batches(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    while batch := list(islice(lines, size)):
        yield batch


def _note_missing(stage: Stage) -> dict[str, int]:
    """Actors of this source that the file lacks are named, and nothing happens to them.

    Those of categories of which the file has no row at all are only counted: a file may lack whole
    categories, which never means that the shops closed. Returns their number per category.
    """
    run, lacking = stage.run, Counter[str]()
    absent = []
    for key, actor_id, categories in _known(run):
        if key in stage.seen:
            continue
        if category := _whole_category(stage, categories or []):
            lacking[category] += 1
        else:
            row = ImportRow(run=run, number=0, action=Action.MISSING)
            row.external_id, row.actor_id = key, actor_id
            absent.append(row)
    copy_in(absent)
    return dict(lacking)


def _known(run: ImportRun) -> Iterator[tuple[str, int, list[str] | None]]:
    known = SourceRecord.objects.filter(source=run.source, actor__centre=run.centre)
    names = ("external_id", "actor_id", "values__categories")
    return known.order_by("pk").values_list(*names).iterator()


def _whole_category(stage: Stage, categories: list[str]) -> str:
    """The first of the categories, when the file has a column for them and lacks them all."""
    if "category" not in stage.run.mapping or not categories:
        return ""
    return "" if stage.categories.intersection(categories) else categories[0]


def counts(run: ImportRun) -> dict[str, int]:
    """How many rows came to what; all but the missing ones add up to the rows of the file."""
    found = dict(run.rows.order_by().values_list("action").annotate(Count("pk")))
    numbers = {name: found.get(action, 0) for name, action in COUNTED.items()}
    return numbers | {"missing": numbers["missing"] + sum(run.lacking.values())}


def progress_key(run: ImportRun) -> str:
    return f"import-{run.pk}"
