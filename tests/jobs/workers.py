"""Real Celery workers as processes of their own, on the suite's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.db import connection

BASE = Path(__file__).resolve().parent.parent.parent


def wait_until(
    condition: Callable[[], object], *, seconds: float = 60, what: str = "", pause: float = 0.02
) -> None:
    """Look again and again; fail with `what`, or the condition's name, when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still waiting: {what or condition.__qualname__}"
        time.sleep(pause)


class Worker:
    """`celery --app <app> worker` with one child process, in a process group of its own."""

    def __init__(self, name: str, *, redis_url: str, smtp_port: int, app: str, log: Path) -> None:
        command = [sys.executable, "-m", "celery", "--app", app, "worker", "--concurrency", "1"]
        command += ["--hostname", f"{name}@test", "--without-gossip", "--without-mingle"]
        self._output = log.open("w")
        self.log = log
        self.process = subprocess.Popen(
            [*command, "--loglevel", "INFO"],
            cwd=BASE,
            env=_environment(redis_url, smtp_port),
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return " ready." in self.log.read_text()

    def kill(self) -> None:
        """No goodbye: the process and its children are gone at once."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(timeout=60)
        self._output.close()


def _environment(redis_url: str, smtp_port: int) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "zentrum.settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "PYTHONUNBUFFERED": "1",
    }


def database_url() -> str:
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
