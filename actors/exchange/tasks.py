from celery import shared_task

from actors.exchange import applying, staging


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def stage_import(run_id: int) -> None:
    """Read the file of an import; a second run finds it read."""
    staging.stage_file(run_id)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def apply_import(run_id: int) -> None:
    """Take over the rows of a confirmed import; a second run goes on where the first stopped."""
    applying.apply(run_id)
