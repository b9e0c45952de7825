from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from zentrum.local.gathering import update


class Command(BaseCommand):
    help = "Bring the German catalogue up to the code; prints the texts that lack a translation."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"
        catalogue = update(settings.BASE_DIR, file)
        for message in catalogue:
            if message.id and not _is_translated(message.string):
                self.stdout.write(str(message.id))


def _is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)
