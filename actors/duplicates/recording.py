"""Every change of a merge is written down so that it can be taken back row by row."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

Entry = dict[str, Any]
CLOCKS = ("updated_at", "version")  # they go on by themselves


class Record:
    """The changes of one merge in their order: rows changed, deleted, created."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def change(self, row: models.Model, **changes: Any) -> None:
        """Write these fields (by attname) of a stored row, and remember what they were."""
        before = {name: getattr(row, name) for name in changes}
        if before == changes:
            return
        for name, value in changes.items():
            setattr(row, name, value)
        _update(_rows(row).filter(pk=row.pk), changes)
        self._add("change", row, before=_plain(before), after=_plain(changes))

    def delete(self, row: models.Model) -> None:
        """Delete a stored row and remember it whole.

        Raises RuntimeError if other rows would go with it, which nobody would remember.
        """
        before = {f.attname: getattr(row, f.attname) for f in stored_fields(type(row))}
        self._add("delete", row, before=_plain(before))
        count, tables = row.delete()
        if count != 1:
            raise RuntimeError(f"{row._meta.label} {before} has rows of its own: {tables}")

    def create(self, row: models.Model) -> None:
        row.save(force_insert=True)
        self._add("create", row)

    def move(self, model: type[models.Model], name: str, pks: list[int], ends: Any) -> None:
        """Point a field (by attname) of many rows elsewhere; `ends` are the old and the new key."""
        if not pks:
            return
        _update(model._base_manager.filter(pk__in=pks), {name: ends[1]})
        entry = {"act": "move", "model": model._meta.label, "pks": pks, "field": name}
        self.entries.append(entry | {"before": ends[0], "after": ends[1]})

    def _add(self, act: str, row: models.Model, **values: Any) -> None:
        self.entries.append({"act": act, "model": row._meta.label, "pk": row.pk, **values})


def take_back(entry: Entry) -> bool:
    """Undo one entry, where the row is still as the merge left it; False if it is not.

    Raises IntegrityError when the database refuses; the caller puts a savepoint around it.
    """
    model: Any = apps.get_model(entry["model"])
    return TAKE_BACK[entry["act"]](model, entry)


def _take_back_change(model: Any, entry: Entry) -> bool:
    rows = model._base_manager.filter(pk=entry["pk"])
    if (row := rows.first()) is None:
        return False
    now = _plain({name: getattr(row, name) for name in entry["after"]})
    if now != entry["after"]:
        return False
    _update(rows, _of_plain(model, entry["before"]))
    return True


def _take_back_delete(model: Any, entry: Entry) -> bool:
    if model._base_manager.filter(pk=entry["pk"]).exists():
        return False
    model._base_manager.bulk_create([model(**_of_plain(model, entry["before"]))])
    dates = {name: value for name, value in entry["before"].items() if name.endswith("_at")}
    model._base_manager.filter(pk=entry["pk"]).update(**_of_plain(model, dates))
    return True


def _take_back_create(model: Any, entry: Entry) -> bool:
    return bool(model._base_manager.filter(pk=entry["pk"]).delete()[0])


def _take_back_move(model: Any, entry: Entry) -> bool:
    """Rows that somebody moved on stay there; False if there is one."""
    rows = model._base_manager.filter(pk__in=entry["pks"], **{entry["field"]: entry["after"]})
    return _update(rows, {entry["field"]: entry["before"]}) == len(entry["pks"])


TAKE_BACK = {
    "change": _take_back_change,
    "delete": _take_back_delete,
    "create": _take_back_create,
    "move": _take_back_move,
}


def stored_fields(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.GeneratedField)]


def _rows(row: models.Model) -> Any:
    return type(row)._base_manager


def _update(rows: Any, changes: dict[str, Any]) -> int:
    """Write the changes; a form that somebody has open then hears that the row is another."""
    names = {field.attname for field in rows.model._meta.concrete_fields}
    clocks: dict[str, Any] = {}
    if "updated_at" in names:
        clocks["updated_at"] = timezone.now()
    if "version" in names and "version" not in changes:
        clocks["version"] = models.F("version") + 1
    return rows.update(**changes, **clocks)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _of_plain(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Back from JSON to what the fields hold."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: value if isinstance(value, dict | list) else _target(fields[name]).to_python(value)
        for name, value in values.items()
    }


def _target(field: Any) -> Any:
    return field.target_field if field.is_relation else field
