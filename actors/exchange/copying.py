"""Write many rows by PostgreSQL's COPY, in half the time that INSERT takes."""

import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Field, GeneratedField, JSONField, Model


def give_keys(rows: Sequence[Model]) -> None:
    """Number new rows of one model from its sequence, before they are written."""
    if not rows:
        return
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def copy_in(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, within the current transaction.

    COPY tells no keys: they stay unknown, unless all rows were given theirs before.
    """
    if not rows:
        return
    fields = [
        field
        for field in rows[0]._meta.concrete_fields
        if not isinstance(field, GeneratedField) and not (field.primary_key and rows[0].pk is None)
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in fields)
    table = quote(rows[0]._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        readers = [_reader(field) for field in fields]
        for row in rows:
            copy.write_row([read(row) for read in readers])


def _reader(field: Field) -> Callable[[Any], Any]:
    """How to read the value of a row that is about to be inserted."""
    if isinstance(field, JSONField):
        return lambda row: json.dumps(getattr(row, field.attname), ensure_ascii=False)
    if type(field).pre_save is Field.pre_save:  # it does no more than this
        return attrgetter(field.attname)
    return lambda row: field.pre_save(row, add=True)


def update_all(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of stored rows in one statement that does not grow with their number."""
    if not rows:
        return
    by_name = {field.name: field for field in rows[0]._meta.concrete_fields}
    fields = [by_name[name] for name in ("id", *names)]
    quote = connection.ops.quote_name
    columns = [quote(field.column or "") for field in fields]
    sets = ", ".join(
        f"{column} = new.{column}::{field.db_type(connection)}"
        for column, field in list(zip(columns, fields, strict=True))[1:]
    )
    table = quote(rows[0]._meta.db_table)
    arrays = ", ".join(["%s::text[]"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS new({', '.join(columns)})"  # noqa: S608 - names of our own models
            f" WHERE {table}.id = new.id::bigint",
            [[_text(field, row) for row in rows] for field in fields],
        )


def _text(field: Field, row: Model) -> str | None:
    value = getattr(row, field.attname)
    if isinstance(field, JSONField):
        return json.dumps(value, ensure_ascii=False)
    return None if value is None else str(value)
