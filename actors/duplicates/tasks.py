from celery import shared_task

from actors.duplicates import finding


@shared_task
def find_duplicates() -> None:
    """Each night, and after an import: it may run twice."""
    finding.find()
