"""How long one tick takes with ten thousand things due, and how many queries it needs."""

import time
from datetime import date, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.followups import ticking
from contacts.models import Case, Reminder
from zentrum.local.benchmarks.loading import Office
from zentrum.office.models import Centre
from zentrum.office.working_time import OfficeCalendar

FEW, MANY = 100, 10_000


def measure(office: Office, most: int = MANY) -> dict[str, float]:
    """Half of them wait until today, half are promised for today; all reminders are new."""
    few, many = _tick(office, FEW), _tick(office, most)
    # The measurement of the delivery brings its own.
    Reminder.objects.undelivered().update(skipped_at=timezone.now(), skipped_reason="bench")
    return {
        "many_seconds": round(many[0], 2),
        "many_queries": many[1],
        "few_queries": few[1],
    }


def _tick(office: Office, count: int) -> tuple[float, int]:
    written = Reminder.objects.count()
    now = _in_office_hours(office)
    _make_due(timezone.localdate(now), count)
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        counts = ticking.tick(now)
        seconds = time.perf_counter() - started
    if counts["failed"] or Reminder.objects.count() - written < count:
        raise RuntimeError(f"The tick did not do its work: {counts}")
    return seconds, len(queries)


def _in_office_hours(office: Office) -> datetime:
    """The next moment the office is open: nothing is due on a weekend."""
    centre = Centre.objects.get(pk=office.centres[0])
    return OfficeCalendar.of(centre).next_opening(timezone.now())


def _make_due(today: date, count: int) -> None:
    untold = Case.objects.filter(state=Case.State.CLOSED, reminders=None)
    keys = list(untold.order_by("-pk").values_list("pk", flat=True)[:count])
    opened = {"outcome": "", "outcome_text": "", "closed_at": None}
    rows = Case.objects.order_by()
    rows.filter(pk__in=keys[::2]).update(
        state="waiting", waiting_until=today, waiting_since=today, waiting_on="sender", **opened
    )
    rows.filter(pk__in=keys[1::2]).update(state="open", reply_by=today, **opened)
