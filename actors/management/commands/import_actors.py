import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from actors.exchange import applying, services, staging
from actors.exchange.models import ImportRun
from zentrum.office.models import Centre


class Command(BaseCommand):
    """Take over actors from a file of delimited text.

    Every row of the file is counted once: created + updated + unchanged + rejected are the rows
    read (an empty line is no row). A place that stands in the file a second time with another
    category gets that sector too, its second row counts as updated (as unchanged once it is known);
    any other second row with the same identifier is rejected. A place without a name is kept under
    its kind and street ("Café ohne Namen, Turmstraße 3"). `missing` are actors of this source that
    the file lacks: they are only counted.
    """

    help = "Takes over actors from a CSV file and prints what became of its rows as one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="name of the source, such as osm")
        parser.add_argument("--mapping", type=Path, help='JSON file: {"name": "column", …}')
        parser.add_argument(
            "--centre", help="short name; without it that of the source's last file, else the first"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = self._run(options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(json.dumps({name: counts[name] for name in staging.COUNTED}))

    def _run(self, options: dict[str, Any]) -> dict[str, int]:
        with transaction.atomic():
            run = self._stage(options)
            counts = run.counts
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                services.confirm_at_once(run)
        if not options["dry_run"]:
            applying.apply(run.pk)
            run.refresh_from_db()
            counts = run.counts
        return counts

    def _stage(self, options: dict[str, Any]) -> ImportRun:
        source = options["source"].strip()
        if not 0 < len(source) <= 50 or "\0" in source:
            raise CommandError("--source: please give a name of at most 50 characters.")
        try:
            with options["file"].open("rb") as stream:
                return services.stage_at_once(
                    stream,
                    file_name=options["file"].name[:200],
                    source=source,
                    centre=_centre(options["centre"], source),
                    mapping=_mapping(options["mapping"]),
                )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error


def _centre(slug: str | None, source: str) -> Centre:
    """The one that is named, else where this source went before, else the office's first."""
    centres = Centre.objects.order_by("pk")
    if slug:
        found = centres.filter(slug=slug).first()
        if found is None and centres:
            known = ", ".join(sorted(centre.slug for centre in centres))
            raise CommandError(f"--centre: please name one of the centres: {known}.")
    else:
        before = ImportRun.objects.filter(source=source).select_related("centre").first()
        found = before.centre if before else centres.first()
    if found is None:
        raise CommandError("There is no centre yet: set up the town with `manage.py found` first.")
    return found


def _mapping(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        mapping = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"--mapping {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"--mapping {path}: this is not JSON ({error}).") from error
    return {} if mapping is None else mapping  # None would have the columns guessed
