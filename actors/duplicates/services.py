"""What the office decides about two actors that look alike."""

from django.db import transaction
from django.utils import timezone

from actors.duplicates import tasks
from actors.duplicates.merging import Undone, merge, undo
from actors.duplicates.models import Candidate
from zentrum.accounts.models import User
from zentrum.common.queueing import queue_on_commit

__all__ = ["Undone", "merge", "reject", "search_now", "undo"]


@transaction.atomic
def reject(candidate: Candidate, *, by: User) -> None:
    """Remember that the two are not the same: the nightly search does not propose them again."""
    candidate.refresh_from_db(from_queryset=Candidate.objects.select_for_update())
    if candidate.decided_at is None:
        candidate.decided_at, candidate.decided_by = timezone.now(), by
        candidate.save(update_fields=["decided_at", "decided_by", "updated_at"])


def search_now() -> None:
    queue_on_commit(tasks.find_duplicates)
