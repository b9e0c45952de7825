from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actors.premises.proposing import units_from_actors
from zentrum.office.models import Centre


class Command(BaseCommand):
    help = "Makes premises of the actors of a centre that have an address with a position."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--centre", required=True, help="short name of the centre")

    def handle(self, *args: Any, **options: Any) -> None:
        centre = Centre.objects.filter(slug=options["centre"]).first()
        if centre is None:
            raise CommandError(f"--centre: there is no centre “{options['centre']}”.")
        done = units_from_actors(centre)
        self.stdout.write(
            f"{len(done.units)} added, {done.known} known, {len(done.undecided)} to be decided, "
            f"{done.without_place} without street or position"
        )
