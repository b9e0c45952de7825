"""Write space requests: once per form, never over somebody else's change."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.premises.requests import SpaceRequest

STALE = _(
    "Somebody else changed this request in the meantime. Open it again to see the new version; "
    "your input below is not saved yet."
)


def create_request(row: SpaceRequest) -> SpaceRequest:
    """Save a new request. The same form sent twice gives the first one back."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if existing := SpaceRequest.objects.filter(submission=row.submission).first():
            return existing
        raise
    return row


@transaction.atomic
def update_request(row: SpaceRequest, *, version: int | None) -> None:
    """Save a changed request, if nobody else did since `version` was shown (else: stale)."""
    locked = SpaceRequest.objects.select_for_update(of=("self",)).filter(pk=row.pk)
    if locked.values_list("version", flat=True).get() != version:
        raise ValidationError(STALE, code="stale")
    row.version += 1
    row.full_clean()
    row.save()


@transaction.atomic
def settle_request(row: SpaceRequest, *, result: str) -> None:
    """Close a request with what came of it; one that is settled stays as it is."""
    row.refresh_from_db(from_queryset=SpaceRequest.objects.select_for_update(of=("self",)))
    if row.closed_on:
        return
    row.closed_on, row.result = timezone.localdate(), result
    row.version += 1
    row.save(update_fields=["closed_on", "result", "version", "updated_at"])


@transaction.atomic
def reopen_request(row: SpaceRequest) -> None:
    row.refresh_from_db(from_queryset=SpaceRequest.objects.select_for_update(of=("self",)))
    if not row.closed_on:
        return
    row.closed_on, row.result = None, ""
    row.version += 1
    row.save(update_fields=["closed_on", "result", "version", "updated_at"])
