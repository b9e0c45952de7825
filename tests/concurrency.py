"""Run the same thing in several threads at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


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
