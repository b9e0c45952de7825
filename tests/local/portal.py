"""`manage.py up` as a first visitor starts it: nothing is set but a folder of its own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
from django.conf import settings

from zentrum.local import claiming, ports

READY = "Zentrum runs at"
SET_BY_THE_SUITE = {
    *("ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "DEMO", "EMAIL_URL", "HTTPS", "MEDIA_ROOT"),
    *("PYTEST_CURRENT_TEST", "REDIS_URL", "SECRET_KEY", "STATIC_ROOT", "TILE_CACHE"),
}


class LocalPortal:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = ports.any_free()
        self.log = folder.parent / "log"
        self.run = None

    def start(self, **environment: str) -> None:
        """Start `manage.py up` and wait until it greets."""
        self.run = self.begin("up", **environment)
        deadline = time.monotonic() + 120
        while READY not in self.output():
            assert self.run.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.1)

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen:
        with self.log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=settings.BASE_DIR,
                env=self._environment() | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def command(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run another command to its end; its status and what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            check=False,
            cwd=settings.BASE_DIR,
            env=self._environment() | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    def output(self) -> str:
        return self.log.read_text()

    def status_of(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}{path}") as response:
                return response.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def processes(self) -> list[str]:
        """Everything that still runs: what `up` started, PostgreSQL, Redis."""
        notes = [self.folder / "postgresql/data/postmaster.pid", self.folder / "redis/pid"]
        return [note.name for note in notes if note.exists()] + [
            process.name() for process in psutil.process_iter() if self._owns(process)
        ]

    def end(self) -> None:
        if self.run and self.run.poll() is None:
            self.run.terminate()
            self.run.wait(60)

    def _owns(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, OSError):
            marked = process.environ().get(claiming.MARK) == str(self.folder)
            return marked or str(self.folder) in process.cmdline()
        return False

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_SUITE}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "zentrum.settings",
            "LOCAL_FOLDER": str(self.folder),
            "PORT": str(self.port),
        }
