"""The migrated database, built once for each state of the migrations and copied from then on.

Migrating takes most of a minute, a copy a second: the processes of one run share it, and the next
run finds it again. Only on a server of the suite's own.
"""

import hashlib
import os
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection

from tests.servers import OWN

LOCK = 1  # the only advisory lock in this database


class Template:
    """A database that nobody uses, to copy others from; held for this process until `keep`."""

    def __init__(self) -> None:
        self.name = f"migrated_{_fingerprint()}"
        self._server = psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres")
        self._server.autocommit = True
        self._server.execute("SELECT pg_advisory_lock(%s)", [LOCK])

    def exists(self) -> bool:
        return self.name in self._all()

    def keep(self) -> None:
        """Copy the database of this process, unless it is a copy itself; others may go on."""
        if not self.exists():
            for name in self._all():
                self._server.execute(f'DROP DATABASE "{name}"')
            source = connection.settings_dict["NAME"]
            connection.close()  # a database that somebody uses cannot be copied
            self._server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{source}"')
        self._server.close()

    def _all(self) -> list[str]:
        found = self._server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'migrated\\_%'"
        )
        return [name for (name,) in found]


def template() -> Template | None:
    return Template() if OWN in os.environ else None


def _fingerprint() -> str:
    """Of all migrations, and of the versions of the libraries that carry them out."""
    paths = [settings.BASE_DIR / "requirements.txt"]
    for config in apps.get_app_configs():
        paths += sorted(Path(config.path, "migrations").glob("*.py"))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
