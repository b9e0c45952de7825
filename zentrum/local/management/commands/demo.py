import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from zentrum.local.demo.building import build_demo
from zentrum.local.demo.removing import remove_demo


class Command(BaseCommand):
    help = "Build the demo town Birkenfurt in an empty database, or remove it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove the demo town")

    def handle(self, *args: Any, remove: bool, **options: Any) -> None:
        try:
            counts = {"removed": remove_demo()} if remove else build_demo(timezone.localdate())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(json.dumps(counts))
