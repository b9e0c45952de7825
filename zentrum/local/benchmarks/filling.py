"""INSERT … SELECT for a model: the columns that are not given get the model's own defaults."""

from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import Field, GeneratedField, Model


def fill(model: type[Model], source: str, /, **values: str) -> None:
    """Insert one row per row of `source`; `values` are SQL expressions by field name."""
    columns = {
        field.column: values.pop(field.name, "") or _default(field)
        for field in model._meta.concrete_fields
        if not isinstance(field, GeneratedField) and (not field.primary_key or field.name in values)
    }
    if values:
        raise ValueError(f"{model.__name__} has no {sorted(values)}")
    names = ", ".join(f'"{name}"' for name in columns)
    expressions = ", ".join(columns.values())
    table = model._meta.db_table
    execute(f"INSERT INTO {table} ({names}) SELECT {expressions} FROM {source}")  # noqa: S608 - our own text


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%", "%%"), [])  # no parameters: % is a remainder


def _default(field: Field) -> str:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    if not field.has_default():
        return "NULL" if field.null else "''"
    if field.default is uuid4:
        return "gen_random_uuid()"
    return _literal(field.get_default())


def _literal(value: Any) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    if value in ({}, []):
        return f"'{value}'"
    return "now()" if hasattr(value, "tzinfo") else "'" + str(value).replace("'", "''") + "'"


def series(first: int, last: int) -> str:
    return f"generate_series({first}, {last}) AS i"


def pick(words: list[str], seed: str) -> str:
    """One of the words, always the same for the same row; `seed` is an SQL integer."""
    array = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{array}])[1 + (abs(hashint8(({seed})::bigint)::bigint) % {len(words)})::int]"


def one_of(keys: list[int], seed: str) -> str:
    """One of the primary keys; neighbouring seeds give neighbouring keys."""
    return f"(ARRAY{keys})[1 + ({seed})::int % {len(keys)}]"


def text_of(words: list[str], seed: str, count: int) -> str:
    """That many words, different from row to row."""
    return " || ' ' || ".join(pick(words, f"{seed} * 101 + {number}") for number in range(count))
