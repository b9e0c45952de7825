"""Run the same thing in several threads at the same moment.

Two threads seldom meet between reading and writing by chance. `meet_before` makes them meet there,
so that a deleted lock is noticed every time; with the lock only one of them gets that far.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

MEETING_SECONDS = 0.5  # a thread that the lock holds back comes never
# Not pg_stat_activity: within a transaction it goes on showing what it showed first.
BLOCKED = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def run_at_once(function: Callable[[], Any], times: int = 4) -> list[Any]:
    """Call `function` in `times` threads that start together; needs `django_db(transaction=True)`.

    Returns what each call returned, or the exception it raised.
    """
    barrier = threading.Barrier(times, timeout=30)

    def call() -> Any:
        try:
            connection.ensure_connection()  # connecting takes longer than the work
            barrier.wait()
            return function()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(call) for _ in range(times)]]


def meet_before(monkeypatch: Any, owner: Any, name: str, times: int = 2) -> None:
    """Let `times` threads wait for each other, for a moment, before they call `owner.name`."""
    barrier = threading.Barrier(times, timeout=MEETING_SECONDS)
    original = getattr(owner, name)

    def met(*args: Any, **kwargs: Any) -> Any:
        with suppress(threading.BrokenBarrierError):  # others are held back, or were here already
            barrier.wait()
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, met)


def run_beside_locked(rows: QuerySet, function: Callable[[], Any]) -> Any:
    """Call `function` in another thread while these rows are locked here; it must not wait."""

    def call() -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert list(rows.select_for_update().order_by("pk"))
        return pool.submit(call).result()


def wait_until_blocked_or_done(future: Future) -> None:
    """Return once the other thread waits for a lock of this transaction, or has finished."""
    while not future.done():
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
