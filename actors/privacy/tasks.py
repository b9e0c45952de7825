from celery import shared_task

from actors.privacy import preparing, retention


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def propose_retention() -> None:
    """Runs every night; a second run finds everything proposed."""
    retention.propose()


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=2)
def put_together_disclosure(disclosure_id: int) -> None:
    """Put the file of one Auskunft together; a second run finds it done, or another one at it."""
    preparing.put_together(disclosure_id)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def remove_old_disclosures() -> None:
    """Runs every night; a second run finds the old files removed."""
    preparing.remove_old()
