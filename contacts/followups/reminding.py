"""Write one reminder per occurrence; a key that is already there is left alone."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import cast

from django.db import transaction
from django.utils import timezone

from contacts.cases.models import Case
from contacts.cases.resuming import resume_all
from contacts.followups import finding
from contacts.followups.models import Reminder
from contacts.followups.occurrences import Calendars, Occurrence
from zentrum.accounts.roles import OFFICE
from zentrum.office.models import Centre, Mandate
from zentrum.office.working_time import OfficeCalendar

logger = logging.getLogger(__name__)

AT_ONCE = 10_000  # cases taken up by one tick; the next one takes the next


def write_due(now: datetime) -> int:
    """What the finders find, one reminder each; returns how many are new."""
    calendars = Calendars()
    count = 0
    for centre in Centre.objects.select_related("town"):
        calendar = calendars.of(centre)
        found = (finder.find(centre, calendar, now) for finder in finding.FINDERS)
        due = chain.from_iterable(found)
        count += _write(due, due_at=calendar.next_opening(now))
    return count


def _write(occurrences: Iterable[Occurrence], *, due_at: datetime) -> int:
    return _insert(
        Reminder(
            key=occurrence.key,
            kind=occurrence.kind,
            occurs_on=occurrence.occurs_on,
            owner_id=occurrence.owner_id,
            due_at=due_at,
            **{f"{occurrence.about}_id": occurrence.about_id},
        )
        for occurrence in occurrences
    )


def _insert(reminders: Iterable[Reminder]) -> int:
    """Two clocks may tick at once: the unique key decides which row stays."""
    by_key = {reminder.key: reminder for reminder in reminders}
    known = Reminder.objects.filter(key__in=by_key).values_list("key", flat=True)
    for key in list(known):
        del by_key[key]
    Reminder.objects.bulk_create(by_key.values(), ignore_conflicts=True)
    return len(by_key)


def resume_waiting(now: datetime) -> int:
    """Take up the waiting cases whose day has come, and tell their owners; returns how many.

    All together, with as many statements for ten thousand as for one. If that fails, one by one: a
    case that cannot be taken up does not hold back the others.
    """
    today = timezone.localdate(now)
    ids = finding.waits_over(today)[:AT_ONCE]
    try:
        return _resume(ids, today, now) if ids else 0
    except Exception:
        logger.exception("%s cases could not be taken up together", len(ids))
        return sum(_resume_one(pk, today, now) for pk in ids)


def _resume_one(case_id: int, today: date, now: datetime) -> int:
    try:
        return _resume([case_id], today, now)
    except Exception:
        logger.exception("Case %s could not be taken up again", case_id)
        return 0


@transaction.atomic
def _resume(case_ids: list[int], today: date, now: datetime) -> int:
    waiting = Case.objects.filter(state=Case.State.WAITING, waiting_until__lte=today)
    locked = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=case_ids)
    rows = locked.select_related("centre__town").defer("search_text", "centre__area")
    cases, calendars = list(rows.order_by("pk")), Calendars()
    for centre in {case.centre_id: case.centre for case in cases}.values():
        over = [wait_over(case) for case in cases if case.centre_id == centre.pk]
        _write(over, due_at=calendars.of(centre).next_opening(now))
    resume_all(cases, calendars.of, today)
    return len(cases)


def wait_over(case: Case) -> Occurrence:
    day = cast("date", case.waiting_until)  # a waiting case has one
    return Occurrence(Reminder.Kind.WAIT_OVER, "case", case.pk, day, case.owner_id)


def write_digests(now: datetime) -> int:
    """One morning digest per person at a desk that opens today; returns how many are new.

    Whether there is anything to say is seen when it is delivered.
    """
    today = timezone.localdate(now)
    calendars = Calendars()
    people = {mandate.user_id: mandate for mandate in reversed(office_mandates(today))}
    return _insert(
        _digest(mandate.user_id, today, opening)
        for mandate in people.values()
        if (desk := desk_of(mandate)) and (opening := _opening(calendars.of(desk), today))
    )


def _digest(user_id: int, day: date, opening: datetime) -> Reminder:
    return Reminder(
        key=digest_key(user_id, day),
        kind=Reminder.Kind.DIGEST,
        occurs_on=day,
        owner_id=user_id,
        due_at=opening,
    )


def digest_key(user_id: int, day: date) -> str:
    return f"digest:{user_id}:{day}"


def _opening(calendar: OfficeCalendar, day: date) -> datetime | None:
    """When the desk opens on a working day; none when it stays closed."""
    midnight = timezone.make_aware(datetime.combine(day, time()))
    opening = calendar.next_opening(midnight)
    is_that_day = calendar.is_working_day(day) and opening < midnight + timedelta(hours=25)
    return opening if is_that_day and timezone.localdate(opening) == day else None


def office_mandates(today: date, user_id: int | None = None) -> list[Mandate]:
    """The mandates at a desk that hold today, oldest first; of one person or of all."""
    mandates = Mandate.objects.current(today).filter(role__in=OFFICE, user__is_active=True)
    if user_id:
        mandates = mandates.filter(user=user_id)
    mandates = mandates.select_related("centre__town", "carrier").order_by("starts_on", "pk")
    return list(mandates.prefetch_related("carrier__centres__town"))


def desk_of(mandate: Mandate) -> Centre | None:
    """The centre whose office hours hold for this person; the first one of a mandate for all."""
    return mandate.centre or next(iter(mandate.carrier.centres.all()), None)
