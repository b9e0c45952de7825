"""The morning digest of the last working day, as each of the desk got it."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from contacts.followups import digest, reminding
from contacts.followups.delivering import LANGUAGE
from contacts.models import Case, Reminder
from zentrum.local.demo.history import at_hour
from zentrum.local.demo.office import Office
from zentrum.local.demo.sending import keep_sent

ROUNDS = 2  # whoever has quiet hours at the opening gets it after them


def build_digests(office: Office) -> None:
    """What the clock of the office did that morning: sent, or not sent with the reason."""
    reminding.write_digests(at_hour(office.working_day(-1), 8))
    for _round in range(ROUNDS):
        for reminder in Reminder.objects.undelivered().order_by("due_at", "pk"):
            _settle(reminder, reminder.due_at)


def _settle(reminder: Reminder, at: datetime) -> None:
    with transaction.atomic():  # what came later was not known yet
        Case.objects.filter(received_at__gt=at).update(read_at=at)
        with translation.override(LANGUAGE):
            digest.settle(reminder, at)
        transaction.set_rollback(True)
    if reminder.mail:
        keep_sent([reminder.mail], at)
    reminder.save()
    Reminder.objects.filter(pk=reminder.pk).update(created_at=at, updated_at=at)
