"""The vacancy rate (Leerstandsquote): per street and day, by units and by floor area.

Rate = vacant premises among those whose state is known on the day. Interim use and conversion are
no vacancy. By area only premises count whose floor area is known.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Q, Sum, Value
from django.db.models.functions import Coalesce

from actors.premises.models import Occupancy, UnitQuerySet

State = Occupancy.State
QUARTERS = 12  # of the look back


@dataclass(frozen=True)
class Rate:
    """How many premises of a street (or of all) were in which state on a day."""

    label: str
    day: date
    total: int
    unknown: int
    vacant: int
    interim: int
    area: int  # m² of the premises whose state and area are known
    vacant_area: int  # m²

    @property
    def known(self) -> int:
        return self.total - self.unknown

    @property
    def percent(self) -> float | None:
        return 100 * self.vacant / self.known if self.known else None

    @property
    def area_percent(self) -> float | None:
        return 100 * self.vacant_area / self.area if self.area else None


COUNTS: dict[str, Any] = {
    "total": Count("pk"),
    "unknown": Count("pk", filter=Q(now__isnull=True)),
    "vacant": Count("pk", filter=Q(now__state=State.VACANT)),
    "interim": Count("pk", filter=Q(now__state=State.INTERIM)),
    "area": Coalesce(Sum("floor_area", filter=Q(now__isnull=False)), 0),
    "vacant_area": Coalesce(Sum("floor_area", filter=Q(now__state=State.VACANT)), 0),
}


def by_street(units: UnitQuerySet, day: date) -> list[Rate]:
    """One row per street by the alphabet."""
    rows: Any = _standing(units, day).values("street").annotate(**COUNTS).order_by("street")
    return [Rate(row.pop("street"), day, **row) for row in rows]


def together(rates: list[Rate], label: str, day: date) -> Rate:
    """The streets as one."""
    names = ("total", "unknown", "vacant", "interim", "area", "vacant_area")
    sums = {name: sum(getattr(rate, name) for rate in rates) for name in names}
    return Rate(label, day, **sums)


def over_time(units: UnitQuerySet, days: list[date]) -> list[Rate]:
    """The whole of the premises on each day, in one query."""
    parts = [_on(units, day) for day in days]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = {row.pop("day"): row for row in rows}
    return [Rate("", day, **found.get(day, dict.fromkeys(COUNTS, 0))) for day in days]


def _on(units: UnitQuerySet, day: date) -> Any:
    marked = _standing(units, day).annotate(day=Value(day, output_field=DateField()))
    return marked.order_by().values("day").annotate(**COUNTS)


def _standing(units: UnitQuerySet, day: date) -> UnitQuerySet:
    return units.there_on(day).as_on(day)


def quarter_days(last: date, number: int = QUARTERS) -> list[date]:
    """The day itself and the same day of the quarters before it, the oldest first."""
    days = [_months_before(last, 3 * step) for step in range(number)]
    return days[::-1]


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))
