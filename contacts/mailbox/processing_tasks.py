from celery import shared_task

from contacts.mailbox import processing


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=2)
def process(mail_id: int) -> None:
    """One mail, so that one bad mail stays one."""
    processing.process(mail_id)
