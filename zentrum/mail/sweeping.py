"""Queue again what a lost queue or a failed attempt left in the outbox."""

from zentrum.common.queueing import queue
from zentrum.mail import tasks
from zentrum.mail.models import OutgoingMail

AT_ONCE = 1000  # the next tick takes the next ones


def sweep() -> int:
    """Queue every mail that is due; returns how many. A mail queued twice is still sent once."""
    due = OutgoingMail.objects.due().order_by("next_attempt_at", "pk")
    count = 0
    for pk in due.values_list("pk", flat=True)[:AT_ONCE]:
        if not queue(tasks.deliver, pk):
            break  # the broker is down: the next tick tries again
        count += 1
    return count
