"""A database of the benchmark's own, beside the portal's on the same server."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

NAME = "zentrum_bench"
LOCALE = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"  # since PostgreSQL 17


@contextmanager
def own_database() -> Iterator[None]:
    """Create and migrate it, use it inside the block, drop it afterwards."""
    portal = connection.settings_dict["NAME"]
    _create()
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = portal
        _drop()


def _create() -> None:
    _drop()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        locale = LOCALE if cursor.fetchone()[0] >= 170000 else ""
        cursor.execute(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING UTF8 {locale}")


def _drop() -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
