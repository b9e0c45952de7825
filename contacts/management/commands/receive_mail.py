import json
import sys
from contextlib import closing

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from contacts.mailbox import receiving, storing

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and comes again


class Command(BaseCommand):
    help = (
        "Take in one mail from standard input, as a mail server's pipe gives it. Prints one line of"
        " JSON and ends with 0 once the mail is safe; else with 75, so that the server tries again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mailbox", help="name or address; not needed when there is one only")

    def handle(self, *args, **options):
        with closing(storing.spooled(sys.stdin.buffer)) as content:
            try:
                mailbox = receiving.mailbox_named(options["mailbox"])
                found = receiving.receive(mailbox, content)
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages), returncode=TRY_LATER) from None
            except (OSError, DatabaseError) as error:
                sentence = f"The mail could not be kept: {error}"
                raise CommandError(sentence, returncode=TRY_LATER) from None
        self.stdout.write(json.dumps(found))
