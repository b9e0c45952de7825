"""The Celery application; tasks are found through CELERY_IMPORTS, because they live in slices."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zentrum.settings")

app = Celery("zentrum")
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_process_init.connect
def spare_the_collector(**_sent: Any) -> None:
    """What a worker process has loaded by now stays until its end: the garbage collector need not
    look at it again with every few thousand rows (a fifth of the time of an import)."""
    gc.collect()
    gc.freeze()
