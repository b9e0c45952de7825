"""Values that stood in an actor's rows once: what the history of the database keeps of them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.privacy.packing import Row, Section
from actors.privacy.tracing import Model, Rows, Trace, is_own, pointing_at
from actors.privacy.wording import FORMER, kind_of, label_of
from zentrum.accounts.models import User

CREATED = "created_at"  # never changes


def former_values(found: Trace, rows: Rows, skipped: set[str]) -> Section:
    """Each value that was changed or removed, with the moment; who did it at the office stays out.

    Rows that are gone altogether are found by the actor's key in the history.
    """
    section = Section(FORMER)
    own = {r.related_model for r in pointing_at(Actor) if is_own(r.related_model)}
    tracked = {*rows, *own, Actor}
    for model in sorted(tracked, key=lambda model: model._meta.label_lower):
        if history := _history_of(model):
            keys = found.keys if model is Actor else rows.get(model, set())
            events = list(_events(history, keys, found.keys if model in own else []))
            kept = {column.name for column in history._meta.local_fields}
            columns = [c for c in model._meta.local_fields if _is_told(c, skipped, kept)]
            section.rows += _changes(events, columns, _named(history, events, columns, found))
    return section


def _history_of(model: Model) -> Model | None:
    histories = pointing_at(model, events=True)
    return next((r.related_model for r in histories if r.field.name == "pgh_obj"), None)


def _events(history: Model, keys: Iterable[Any], actors: list[int]) -> models.QuerySet:
    about = models.Q(pgh_obj_id__in=list(keys))
    for column in history._meta.local_fields:
        if actors and column.related_model is Actor and column.name != "pgh_obj":
            about |= models.Q(**{f"{column.name}__in": actors})
    return history._base_manager.filter(about).order_by("pgh_obj_id", "pgh_id")


def _is_told(column: models.Field, skipped: set[str], kept: set[str]) -> bool:
    """Whether a column's values are told; `kept` are those that the history keeps at all."""
    if column.name in skipped or column.name == CREATED or column.related_model is User:
        return False
    return column.name in kept


def _named(
    history: Model, events: list[Any], columns: list[models.Field], found: Trace
) -> dict[str, dict[Any, Any]]:
    """What the foreign keys in these events mean, by column; whoever is another person is not
    named. One query for each column."""
    names: dict[str, dict[Any, Any]] = {}
    for column in [c for c in columns if c.is_relation]:
        keys = {getattr(event, column.attname) for event in events} - {None}
        meant: Model = column.related_model
        rows = meant._base_manager.in_bulk(keys)
        names[column.name] = {key: _told(row, found) for key, row in rows.items()}
    return names


def _told(row: Any, found: Trace) -> str | None:
    if not isinstance(row, Actor):
        return str(row)
    if row.pk in found.keys:
        return None
    return _("another person") if row.kind == Actor.Kind.PERSON else str(row)


def _changes(
    events: list[Any], columns: list[models.Field], names: dict[str, dict[Any, Any]]
) -> Iterator[Row]:
    for _key, steps in groupby(events, key=lambda event: event.pgh_obj_id):
        before = None
        for event in steps:
            if event.pgh_label == "delete":
                yield from _lost(event, event, columns, names)
            elif before is not None:
                changed = [c for c in columns if _raw(before, c) != _raw(event, c)]
                yield from _lost(before, event, changed, names)
            before = event


def _raw(event: Any, column: models.Field) -> Any:
    return getattr(event, column.attname)


def _lost(
    before: Any, event: Any, columns: list[models.Field], names: dict[str, dict[Any, Any]]
) -> Iterator[Row]:
    """A row of the section for each value that ended with this event."""
    kind = kind_of(event.pgh_tracked_model)
    when = _("removed at") if event.pgh_label == "delete" else _("changed at")
    for column in columns:
        value = _value(before, column, names)
        if value not in (None, "", {}, []):
            yield Row(
                {
                    _("Data"): kind,
                    _("Field"): label_of(column),
                    _("Former value"): value,
                    when: event.pgh_created_at,
                }
            )


def _value(event: Any, column: models.Field, names: dict[str, dict[Any, Any]]) -> Any:
    if column.is_relation:
        return names[column.name].get(_raw(event, column))
    if column.choices:
        return str(dict(column.flatchoices).get(_raw(event, column), _raw(event, column)))
    return _raw(event, column)
