from celery import shared_task

from contacts.followups import delivering


@shared_task(expires=300)
def send_reminders(reminder_ids: list[int]) -> None:
    """Each tick queues what is still undelivered, so an old message in the queue may go."""
    delivering.send_all(reminder_ids)
