"""The nightly search for actors that stand in the directory twice."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from actors.duplicates import blocking, profiles
from actors.duplicates.comparing import compare
from actors.duplicates.models import Candidate

LOCK = "duplicates"
BATCH = 1000


@transaction.atomic
def find() -> int:
    """Compare all active actors and store the pairs that may be one; returns how many there are.

    It may run twice or at the same time: the second run then finds the work taken and returns 0.
    A pair of which somebody said "not the same" keeps this decision; an undecided pair that is no
    longer alike goes.
    """
    if not _is_mine():
        return 0
    started = timezone.now()
    candidates = compared(blocking.pairs())
    Candidate.objects.bulk_create(
        candidates,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "reasons", "updated_at"],
    )
    _forget(started)
    return len(candidates)


def compared(pairs: set[blocking.Pair]) -> list[Candidate]:
    found = profiles.load({pk for pair in pairs for pk in pair}, ignored=blocking.shared_by_many())
    candidates = []
    for first, second in sorted(pairs):
        result = compare(found[first], found[second])
        if result and _is_worth_a_look(result.reasons):
            candidates.append(
                Candidate(
                    first_id=first, second_id=second, score=result.score, reasons=result.reasons
                )
            )
    return candidates


def _is_worth_a_look(reasons: list[dict]) -> bool:
    """Nothing speaks against it, or something beside the name speaks for it."""
    gained = sum(reason["points"] for reason in reasons[1:])
    return gained > 0 or (gained == 0 and reasons[0]["score"] == 100)


def _is_mine() -> bool:
    """Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
        return cursor.fetchone()[0]


def _forget(before: datetime) -> None:
    Candidate.objects.filter(decided_at__isnull=True, updated_at__lt=before).delete()
