"""Queue Celery tasks so that a broker that is down never fails a request."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def queue_on_commit(task: Task, *args: Any, seconds: int = 0) -> None:
    """Queue the task once the surrounding transaction is committed (at once when there is none).

    It runs after so many seconds: less than a minute, longer waits belong into a row.
    A broker that cannot be reached is only logged: the row says that the work is undone, and the
    tick sweeps it later.
    """
    transaction.on_commit(lambda: queue(task, *args, seconds=seconds))


def queue(task: Task, *args: Any, seconds: int = 0) -> bool:
    """Queue the task now. False, and a line in the log, when the broker cannot be reached."""
    try:
        if seconds:
            task.apply_async(args, countdown=seconds)
        else:
            task.delay(*args)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("%s%r was not queued, the tick will sweep it: %s", task.name, args, error)
        return False
    return True
