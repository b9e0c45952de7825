import json

from django.core.management.base import BaseCommand

from contacts.followups.ticking import tick


class Command(BaseCommand):
    help = "Run one tick of the office's clock: find what is due, queue it, sweep the outbox."

    def handle(self, *args, **options):
        self.stdout.write(json.dumps(tick()))
