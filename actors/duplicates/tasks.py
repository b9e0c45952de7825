from celery import shared_task

from actors.duplicates import finding, merging


@shared_task
def find_duplicates() -> None:
    """Each night, and when somebody asks for it: it may run twice."""
    merging.forget_old()
    merging.move_late()
    finding.find()
