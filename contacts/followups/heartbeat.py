"""Whether the clock of the office runs: the page of the desk turns red when it does not."""

from datetime import datetime, timedelta

from django.utils import timezone

from contacts.followups.models import Tick

STALE_AFTER = timedelta(minutes=5)
ONLY_ROW = 1


def beat(now: datetime, counts: dict[str, int]) -> None:
    """Note that a tick ran and what it did; ticks of two clocks write the same row."""
    Tick.objects.bulk_create(
        [Tick(pk=ONLY_ROW, ran_at=now, counts=counts)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["ran_at", "counts"],
    )


def last_tick() -> datetime | None:
    return Tick.objects.filter(pk=ONLY_ROW).values_list("ran_at", flat=True).first()


def is_stale(now: datetime | None = None) -> bool:
    """No tick within five minutes: reminders and mails wait, and people should know. One query."""
    return is_late(last_tick(), now)


def is_late(ran_at: datetime | None, now: datetime | None = None) -> bool:
    return ran_at is None or (now or timezone.now()) - ran_at > STALE_AFTER
