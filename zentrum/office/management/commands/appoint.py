from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from zentrum.accounts.inviting import password_link
from zentrum.accounts.roles import Role
from zentrum.office.founding import appoint
from zentrum.office.models import Carrier, Centre


class Command(BaseCommand):
    help = "Give a person a mandate, with an account if they have none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="Needed for a new person.")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--carrier", required=True, help="Name of an existing carrier.")
        parser.add_argument("--centre", default="", help="Short name; without it all centres.")
        parser.add_argument("--from", dest="starts_on", type=_day, metavar="DATE")
        parser.add_argument("--to", dest="ends_on", type=_day, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        carrier = Carrier.objects.filter(name=options["carrier"]).first()
        if not carrier:
            names = ", ".join(Carrier.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no carrier of this name. Carriers: {names}.")
        centre = Centre.objects.filter(slug=options["centre"]).first()
        if options["centre"] and not centre:
            slugs = ", ".join(Centre.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no centre of this short name. Centres: {slugs}.")
        try:
            person = appoint(
                carrier=carrier,
                centre=centre,
                **{
                    name: options[name]
                    for name in ("email", "name", "role", "starts_on", "ends_on")
                },
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{person.name} <{person.email}> is {options['role']} now.")
        if not person.has_usable_password():
            self.stdout.write(f"One-time link to choose a password: {password_link(person)}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day, please write YYYY-MM-DD") from None
