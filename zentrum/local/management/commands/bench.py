import json
import sys

from django.core.management.base import BaseCommand

from zentrum.local.benchmarks.running import run


class Command(BaseCommand):
    help = "Measure the portal on a database of its own; prints JSON, fails when a budget breaks."

    def add_arguments(self, parser):
        parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
        parser.add_argument("--rounds", type=int, default=60, help="requests per page and size")

    def handle(self, *args, **options):
        report = run(quick=options["quick"], rounds=options["rounds"], say=self._say)
        self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
        if not all(budget["holds"] for budget in report["budgets"]):
            sys.exit(1)

    def _say(self, text: str) -> None:
        self.stderr.write(text)
