import atexit
import subprocess
import sys

from django.core.management.base import BaseCommand
from django.utils import autoreload

from zentrum.local.processes import PROCESSES


class Command(BaseCommand):
    help = "Run the Celery worker for developers: it restarts when code changes."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        autoreload.run_with_reloader(_work)


def _work() -> None:
    worker = subprocess.Popen([sys.executable, "-m", *PROCESSES["worker"].split()])
    atexit.register(worker.terminate)
    worker.wait()
