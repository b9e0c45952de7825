from celery import shared_task

from actors.privacy import retention


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def propose_retention() -> None:
    """Runs every night; a second run finds everything proposed."""
    retention.propose()
