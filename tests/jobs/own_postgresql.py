"""A PostgreSQL of one test's own, which it may stop: with the tables of the suite's database."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

from tests.jobs.workers import database_url, wait_until
from tests.servers import FAST
from zentrum.local.postgresql import PostgreSQL


class OwnPostgreSQL:
    """While it is in use, this process and the workers that it starts work on it."""

    def __init__(self, folder: Path) -> None:
        self.server = PostgreSQL(folder, FAST)
        self._before: dict[str, Any] = {}

    def use(self) -> None:
        self.server.start()
        self._copy_tables()
        self._before = dict(connection.settings_dict)
        connection.close()
        url = self.server.url.split("@")[1]
        connection.settings_dict |= {
            "NAME": url.split("/")[1],
            "USER": "zentrum",
            "PASSWORD": self.server.password,
            "HOST": "127.0.0.1",
            "PORT": self.server.port,
        }

    def crash(self) -> None:
        """At once, without a word to whoever is connected."""
        os.kill(self.server.pid, signal.SIGQUIT)
        wait_until(lambda: not self.server.is_running(), what="PostgreSQL to be gone")

    def start_again(self) -> None:
        self.server.start()
        connection.close()

    def leave(self) -> None:
        connection.close()
        connection.settings_dict |= self._before
        self.server.stop()
        shutil.rmtree(self.server.home)

    def _copy_tables(self) -> None:
        programs = self.server.programs
        dump = [programs / "pg_dump", "--no-owner", "--no-privileges", database_url()]
        load = [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", self.server.url]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumped:
            subprocess.run(load, stdin=dumped.stdout, stdout=subprocess.DEVNULL, check=True)
