from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from zentrum.local import catalogues


class Command(BaseCommand):
    help = "Compile the translations (.po) that changed into what Django reads (.mo)."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        for path in catalogues.compile_all([Path(path) for path in settings.LOCALE_PATHS]):
            self.stdout.write(f"Compiled {path}")
