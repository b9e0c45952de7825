"""Move everything that points at one row to another row, whatever table it stands in.

The relations are read from the models, so a foreign key that is added tomorrow is moved too. A row
that would then stand twice (a unique rule) is united with its twin: the twin takes over what it
lacks and the rows that hang on the other, and the other goes.
"""

from collections.abc import Iterator
from typing import Any

import pghistory.models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models

from actors.duplicates import settling
from actors.duplicates.models import Candidate, Merge
from actors.duplicates.recording import Record, stored_fields

# What tells about the merge itself stays where it is.
LEFT = {(Candidate, "first"), (Candidate, "second"), (Merge, "kept"), (Merge, "merged")}

OPEN_ENDS = {"ends_on", "withdrawn_on", "closed_on", "archived_at"}  # empty says: it goes on


def relations(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """The foreign keys of all tables that point at a model and move with a row.

    Hidden ones too: the tables between many and many, and keys without a reverse name. The history
    keeps naming the row that it is about.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            field, table = relation.field, relation.related_model
            if not issubclass(table, pghistory.models.Event) and (table, field.name) not in LEFT:
                yield field


def move_all(kept: models.Model, merged: models.Model, record: Record) -> None:
    for field in relations(type(kept)):
        if _is_free(field):
            rows = field.model._base_manager.filter(**{field.attname: merged.pk}).order_by("pk")
            pks = list(rows.select_for_update().values_list("pk", flat=True))
            record.move(field.model, field.attname, pks, (merged.pk, kept.pk))
        else:
            _move_one_by_one(field, kept, merged, record)


def _move_one_by_one(field: Any, kept: Any, merged: Any, record: Record) -> None:
    rows = field.model._base_manager.filter(**{field.attname: merged.pk}).order_by("pk")
    for pk in list(rows.select_for_update().values_list("pk", flat=True)):
        if row := field.model._base_manager.filter(pk=pk).first():  # not gone with its twin
            _move(row, field, kept, record)


def _move(row: Any, field: Any, kept: models.Model, record: Record) -> None:
    wanted: settling.Changes = {field.attname: kept.pk}
    if settle := settling.SETTLE.get(row._meta.label):
        wanted = settle(row, field, kept, record)
    if wanted is None:  # settled: it is gone
        return
    if twin := _twin(row, wanted):
        unite(twin, row, record)
    elif breaks_rule(row, wanted):
        _let_go(row, field, record)
    else:
        record.change(row, **wanted)


def unite(twin: Any, row: Any, record: Record) -> None:
    """Give the twin what it lacks, and all that hangs on the other row; then that one goes."""
    gaps = {
        field.attname: value
        for field in stored_fields(type(row))
        if not field.primary_key
        and (value := _both(field, getattr(twin, field.attname), getattr(row, field.attname)))
    }
    if gaps and not breaks_rule(twin, gaps):
        record.change(twin, **gaps)
    move_all(twin, row, record)
    record.delete(row)


def _both(field: Any, mine: Any, theirs: Any) -> Any:
    """What the twin takes over from the other row: what is empty there, and long texts."""
    if theirs in (None, "") or mine == theirs or field.name in OPEN_ENDS:
        return None
    if mine in (None, ""):
        return theirs
    return f"{mine}\n\n{theirs}" if isinstance(field, models.TextField) else None


def _let_go(row: Any, field: Any, record: Record) -> None:
    """A row that makes no sense for one actor alone, such as a relation to itself."""
    if field.null:
        record.change(row, **{field.attname: None})
    else:
        record.delete(row)


def _is_free(field: Any) -> bool:
    """No rule of the table speaks of this column, so its rows move all at once."""
    model = field.model
    if field.unique or model._meta.label in settling.SETTLE:
        return False
    together = {name for names in model._meta.unique_together for name in names}
    named = {name for rule in model._meta.constraints for name in _columns(rule)}
    return field.name not in together | named


def _columns(rule: Any) -> set[str]:
    names = set(getattr(rule, "fields", ()))
    if isinstance(rule, ExclusionConstraint):
        names |= {e if isinstance(e, str) else "" for e, _operator in rule.expressions}
    condition = getattr(rule, "condition", None)
    return names | {name.split("__")[0] for name in _named_in(condition)}


def _named_in(condition: Any) -> Iterator[str]:
    for child in getattr(condition, "children", ()):
        if isinstance(child, tuple):
            yield child[0]
            if isinstance(child[1], models.F):
                yield getattr(child[1], "name", "")
        else:
            yield from _named_in(child)


def _twin(row: Any, wanted: dict[str, Any]) -> Any:
    """The row that a unique rule would not let stand beside this one, once it is changed."""
    model = type(row)
    values = {f.attname: getattr(row, f.attname) for f in stored_fields(model)} | wanted
    for names, condition, nulls_distinct in _unique_rules(model):
        columns = [model._meta.get_field(name).attname for name in names]
        if not wanted.keys() & set(columns):
            continue
        if nulls_distinct and any(values[name] is None for name in columns):
            continue
        same = model._base_manager.exclude(pk=row.pk)
        if condition is not None:
            stored = stored_fields(model)
            if not condition.check({f.name: models.Value(values[f.attname], f) for f in stored}):
                continue
            same = same.filter(condition)
        for name in columns:
            same = same.filter(
                **({f"{name}__isnull": True} if values[name] is None else {name: values[name]})
            )
        if twin := same.first():
            return twin
    return None


def _unique_rules(model: Any) -> Iterator[tuple[Any, Any, bool]]:
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            yield (field.name,), None, True
    for names in model._meta.unique_together:
        yield names, None, True
    for rule in model._meta.total_unique_constraints:
        yield rule.fields, None, rule.nulls_distinct is not False
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.condition is not None and rule.fields:
            yield rule.fields, rule.condition, rule.nulls_distinct is not False


def breaks_rule(row: Any, changes: dict[str, Any]) -> bool:
    """Whether the row would break a rule of its table with these changes; it is not written."""
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        row.validate_constraints()
    except ValidationError:
        return True
    finally:
        for name, value in before.items():
            setattr(row, name, value)
    return False
