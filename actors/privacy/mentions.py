"""Find and replace what an actor is called, in the texts of every table and its history."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models.functions import Cast
from pghistory.models import Event

from actors.privacy.naming import replaced
from actors.privacy.tracing import Model

AROUND = 60  # letters shown before and after a mention
# What other actors are called, and how they are reached, is theirs.
NAMES = ("name", "given_name", "legal_form")
THEIRS = {
    "actors.actor": NAMES,
    "actors.actorevent": NAMES,
    "actors.emailaddress": ("email",),
    "actors.emailaddressevent": ("email",),
    "actors.phonenumber": ("number",),
    "actors.phonenumberevent": ("number",),
    "actors.sector": ("name", "slug"),
}


@dataclass(frozen=True)
class Mention:
    """A row of somebody else in whose texts the actor is named, with the first of its places."""

    model: Model
    pk: Any
    field: str
    excerpt: str

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}:{self.pk}"

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


def text_fields(model: Model) -> list[models.Field]:
    """The columns of a model in which people write; generated ones follow from them."""
    theirs = THEIRS.get(model._meta.label_lower, ())
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, kinds) and not field.choices and field.name not in theirs
    ]


def rows_naming(model: Model, pattern: str, *, among: Collection[Any] | None = None) -> Any:
    """The rows of a model with the pattern in one of their texts."""
    fields = text_fields(model)
    rows = model._base_manager.order_by("pk")
    if not fields or not pattern:
        return rows.none()
    if among is not None:
        rows = rows.filter(pk__in=among)
    words = {f"words_{field.name}": Cast(field.name, models.TextField()) for field in fields}
    named = [models.Q(**{f"{name}__iregex": pattern}) for name in words]
    return rows.alias(**words).filter(reduce(or_, named))


def mentions(model: Model, pattern: str, without: Collection[Any]) -> Iterator[Mention]:
    """Every row of a model in which the pattern finds something, with the words around it."""
    for row in rows_naming(model, pattern).exclude(pk__in=without).iterator():
        found = (_mention(row, field, pattern) for field in text_fields(model))
        if first := next(filter(None, found), None):
            yield first


def _mention(row: models.Model, field: models.Field, pattern: str) -> Mention | None:
    text = str(getattr(row, field.attname) or "")
    marked = replaced(text, pattern, "\0")
    if "\0" not in marked:
        return None
    return Mention(type(row), row.pk, field.name, _excerpt(text, marked.index("\0")))


def redact(rows: Any, pattern: str, by: str) -> int:
    """Replace what the pattern finds in the texts of these rows; returns how many were changed."""
    fields = text_fields(rows.model)
    count = 0
    for row in list(rows):
        values = {}
        for field in fields:
            before = getattr(row, field.attname)
            after = _redacted(before, pattern, by)
            if after != before:
                values[field.attname] = _fitting(field, after, row)
        if values:
            rows.model._base_manager.filter(pk=row.pk).update(**values)
            count += 1
    return count


def is_history(model: Model) -> bool:
    return issubclass(model, Event)


def _redacted(value: Any, pattern: str, by: str) -> Any:
    if isinstance(value, str):
        return replaced(value, pattern, by)
    if isinstance(value, list):
        return [_redacted(part, pattern, by) for part in value]
    if isinstance(value, dict):
        return {
            _redacted(key, pattern, by): _redacted(part, pattern, by) for key, part in value.items()
        }
    number = replaced(str(value), pattern, by)  # a phone number that a spreadsheet made a number
    return value if isinstance(value, bool | None) or number == str(value) else number


def _fitting(field: models.Field, value: Any, row: models.Model) -> Any:
    """An address that is none any more is empty; what must be unique gets the row's number."""
    if isinstance(field, models.EmailField):
        return ""
    if field.unique:
        value = f"{value}-{row.pk}"
    return value[: field.max_length] if isinstance(value, str) and field.max_length else value


def _excerpt(text: str, start: int) -> str:
    return text[max(0, start - AROUND) : start + AROUND].strip()
