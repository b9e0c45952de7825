"""The tick's part: have every mailbox fetched, and take up mails that nobody finished."""

from datetime import datetime, timedelta

from contacts.mailbox.models import IncomingMail, Mailbox
from contacts.mailbox.tasks import fetch, process
from zentrum.common.queueing import queue

LEFT_ALONE = timedelta(minutes=2)  # a mail that is younger is being worked on
AT_ONCE = 500  # the next tick takes the next ones


def fetch_mailboxes() -> int:
    """Queue a fetch of each mailbox; returns how many. Two fetches of one are one."""
    return _queue_all(fetch, list(Mailbox.objects.fetched().values_list("pk", flat=True)))


def sweep(now: datetime) -> int:
    """Queue every mail that was kept but not understood yet; returns how many."""
    undone = IncomingMail.objects.unprocessed().filter(created_at__lte=now - LEFT_ALONE)
    return _queue_all(process, list(undone.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))


def _queue_all(task: object, ids: list[int]) -> int:
    for count, pk in enumerate(ids):
        if not queue(task, pk):  # the broker is down: the next tick tries again
            return count
    return len(ids)
