"""Working days and office hours of a centre, in the town's local time (Europe/Berlin)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

import holidays
from django.db.models import Q
from django.utils import timezone

from zentrum.office.models import Centre, ClosingDay

Hours = tuple[time, time]
DEFAULT_HOURS = {weekday: [(time(9), time(17))] for weekday in range(5)}
ONE_DAY = timedelta(days=1)
HORIZON = 800  # days; an office that closes for longer has no next working day to compute


@lru_cache(maxsize=256)
def holidays_in(land: str, year: int) -> dict[date, str]:
    """The statutory holidays of a Land in a year, with their German names.

    Those that hold only in some municipalities (Augsburg's peace day) are entered as closing days.
    """
    names = holidays.country_holidays("DE", subdiv=land, years=year, language="de")
    return dict(sorted(names.items()))


@dataclass
class OfficeCalendar:
    """When the office of one centre works; loaded once, then answers without a query.

    A working day is Monday to Friday, neither a holiday of the Land nor a closing day, whatever
    the hours of the desk. 24 and 31 December are ordinary days unless entered as closing days.
    """

    land: str
    hours: dict[int, list[Hours]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    _known: dict[date, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, centre: Centre) -> "OfficeCalendar":
        """The calendar of a centre: at most three queries. Without office hours: Mon-Fri 9-17."""
        hours: dict[int, list[Hours]] = {}
        for row in centre.office_hours.order_by("weekday", "opens_at"):
            hours.setdefault(row.weekday, []).append((row.opens_at, row.closes_at))
        spans = ClosingDay.objects.filter(Q(centre=centre) | Q(centre__isnull=True))
        closed = frozenset(_days_of(spans.values_list("starts_on", "ends_on")))
        return cls(land=centre.town.land, hours=hours or DEFAULT_HOURS, closed=closed)

    def holiday(self, day: date) -> str:
        """The German name of the holiday, or an empty text."""
        return holidays_in(self.land, day.year).get(day, "")

    def is_working_day(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = day.weekday() < 5 and not self._is_shut(day)
        return self._known[day]

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that many working days later; count 0: the same or next working day."""
        if count <= 0:
            return next(self._working_days_from(day), day)
        days = list(islice(self._working_days_from(day + ONE_DAY), count))
        return days[-1] if days else day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + ONE_DAY * number for number in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def hours_on(self, day: date) -> list[Hours]:
        """From when to when the desk is staffed, in local time; empty when it is closed."""
        return [] if self._is_shut(day) else self.hours.get(day.weekday(), [])

    def is_open(self, moment: datetime) -> bool:
        return any(opens <= moment < closes for opens, closes in self._spans_on(_local_day(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself while the desk is open, else when it opens next, in local time."""
        day = _local_day(moment)
        for number in range(HORIZON):
            for opens, closes in self._spans_on(day + ONE_DAY * number):
                if moment < closes:
                    return max(moment, opens) if opens <= moment else timezone.localtime(opens)
        return moment

    def _is_shut(self, day: date) -> bool:
        return day in self.closed or bool(self.holiday(day))

    def _working_days_from(self, day: date) -> Iterator[date]:
        """Ends only where no working day follows within the horizon."""
        idle = 0
        while idle < HORIZON:
            if self.is_working_day(day):
                idle = 0
                yield day
            idle += 1
            day += ONE_DAY

    def _spans_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing in UTC: local times compare wrongly where clocks change."""
        for opens, closes in self.hours_on(day):
            yield _moment(day, opens), _moment(day, closes)


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_default_timezone()).astimezone(UTC)


def _local_day(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())


def _days_of(spans: Iterable[tuple[date, date]]) -> Iterator[date]:
    for start, end in spans:
        for number in range(min((end - start).days, HORIZON * 5) + 1):
            yield start + ONE_DAY * number
