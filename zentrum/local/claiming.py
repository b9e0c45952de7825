"""One `manage.py up` at a time in one checkout, on a port that is free."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.core.management import CommandError

from zentrum.local import ports
from zentrum.local.locks import Lock

MARK = "ZENTRUM_RUN"  # in the environment of every process that `up` starts


@contextmanager
def sole_run(folder: Path, port: int) -> Iterator[None]:
    lock = Lock(folder / "up.lock")
    if not lock.try_alone():
        raise CommandError("Zentrum already runs from this folder. Stop it first (Ctrl-C there).")
    end_processes(folder)  # left behind by a run that was killed
    if not ports.is_free(port):
        raise CommandError(
            f"Port {port} is taken by another program. Choose one: PORT={_next_free(port)} make run"
        )
    os.environ[MARK] = str(folder)
    try:
        yield
    finally:
        end_processes(folder)
        lock.release()


def end_processes(folder: Path) -> None:
    """End every process of a run in `folder`, however deep; first politely, then by force."""
    left = [process for process in psutil.process_iter() if _belongs(process, folder)]
    for process in left:
        _try(process.terminate)
    _ended, alive = psutil.wait_procs(left, timeout=5)
    for process in alive:
        _try(process.kill)
    psutil.wait_procs(alive, timeout=5)


def _belongs(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == str(folder)
    except (psutil.Error, OSError):
        return False


def _try(action) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        return


def _next_free(port: int) -> int:
    candidates = range(port + 1, min(port + 100, 65536))
    return next(filter(ports.is_free, candidates), None) or ports.any_free()
