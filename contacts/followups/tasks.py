from celery import shared_task

from contacts.followups import ticking
from contacts.followups.delivery_tasks import send_reminder

__all__ = ["send_reminder", "tick"]


@shared_task
def tick() -> None:
    ticking.tick()
