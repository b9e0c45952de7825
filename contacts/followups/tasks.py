from celery import shared_task

from contacts.followups import ticking
from contacts.followups.delivery_tasks import send_reminders

__all__ = ["send_reminders", "tick"]


@shared_task
def tick() -> None:
    ticking.tick()
