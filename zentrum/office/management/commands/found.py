from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from zentrum.accounts.inviting import password_link
from zentrum.office.founding import found
from zentrum.office.places import LAENDER


class Command(BaseCommand):
    help = "Set up a town with its first centre and manager. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--town", required=True, help="Name of the town.")
        lands = [code for code, _name in LAENDER]
        parser.add_argument("--land", required=True, choices=lands, help="Two letters.")
        parser.add_argument("--carrier", required=True, help="Who runs the office.")
        parser.add_argument("--centre", required=True, help="Name of the first centre.")
        parser.add_argument("--manager", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("town", "land", "carrier", "centre", "manager")
        try:
            founded = found(**{name: options[name].strip() for name in names})
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        verb = "is set up" if founded.is_new else "was already set up"
        self.stdout.write(f"{founded.town.name} {verb}, centre {founded.centre.name}.")
        if not founded.manager.has_usable_password():
            link = password_link(founded.manager)
            self.stdout.write(f"Link to choose a password for {founded.manager.email}: {link}")
