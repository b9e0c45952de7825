"""The worker's part of the import benchmark, in a process of its own: prints what it took."""

import json
import sys
import time

import django

django.setup()

from actors.exchange import applying, services, staging  # noqa: E402 - Django comes first
from actors.models import ImportRun  # noqa: E402
from zentrum.celery import spare_the_collector  # noqa: E402
from zentrum.local.benchmarks.workers import peak_megabytes  # noqa: E402


def main(run_id: int) -> None:
    started = time.perf_counter()
    staging.stage_file(run_id)
    staged = time.perf_counter()
    services.confirm_at_once(ImportRun.objects.get(pk=run_id))
    applying.apply(run_id)
    figures = {
        "stage_seconds": round(staged - started, 2),
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(time.process_time(), 2),
        "peak_mb": peak_megabytes(),
    }
    print(json.dumps(figures))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    spare_the_collector()
    main(int(sys.argv[1]))
