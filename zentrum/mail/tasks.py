from celery import shared_task

from zentrum.mail import delivering


@shared_task
def deliver(mail_id: int) -> None:
    delivering.deliver(mail_id)
