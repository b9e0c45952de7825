from celery import shared_task

from contacts.mailbox import fetching
from contacts.mailbox.processing_tasks import process

__all__ = ["fetch", "process"]


@shared_task
def fetch(mailbox_id: int) -> None:
    """One mailbox, so that a server that hangs holds up no other."""
    fetching.fetch(mailbox_id)
