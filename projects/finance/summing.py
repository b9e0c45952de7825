"""Sums of bookings by project, programme year and source; what is at risk at the year's end."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest

from projects.finance.models import Booking, this_year
from projects.finance.sums import COLUMNS, YearSum
from zentrum.common.money import CENT

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Sums:
    """Euro, each to the cent."""

    planned: Decimal = NOTHING
    committed: Decimal = NOTHING
    called: Decimal = NOTHING
    paid: Decimal = NOTHING
    at_risk: Decimal = NOTHING

    def __add__(self, other: "Sums") -> "Sums":
        pairs = ((getattr(self, name), getattr(other, name)) for name in (*COLUMNS, "at_risk"))
        return Sums(*(mine + theirs for mine, theirs in pairs))


@dataclass(frozen=True)
class Cell:
    """The sums of one source in one programme year, of one project or of several."""

    project: int | None
    year: int
    source: str
    sums: Sums


def per_project(sums: QuerySet[YearSum]) -> list[Cell]:
    """One cell per project, programme year and source. One query."""
    return _cells(sums, "project", "year", "source")


def per_year(sums: QuerySet[YearSum]) -> list[Cell]:
    """One cell per programme year and source over all projects. One query.

    The money at risk is that of each project: what one has paid too much saves no other one.
    """
    return _cells(sums, "year", "source")


def _cells(sums: QuerySet[YearSum], *keys: str) -> list[Cell]:
    columns = {f"{name}_sum": Sum(name) for name in COLUMNS} | {"risk_sum": Sum(_at_risk())}
    rows = sums.order_by(*keys).values(*keys).annotate(**columns)
    return [
        Cell(row.get("project"), row["year"], row["source"], Sums(*(row[name] for name in columns)))
        for row in rows
    ]


def _at_risk() -> Case:
    """In euro: what was committed or called, whichever is more, and not paid in its year.

    Money of a budget year that does not flow in it lapses (domain.md 1.2, Mittelabfluss: "funds
    lapse: the manager's real fear"). Years to come are not at risk yet.
    """
    not_paid = Greatest("committed", "called") - F("paid_in_time")
    is_due = When(year__lte=this_year(), then=Greatest(not_paid, _zero()))
    return Case(is_due, default=_zero())


def _zero() -> Value:
    return Value(NOTHING, output_field=DecimalField(max_digits=14, decimal_places=2))


def total(cells: Iterable[Cell]) -> Sums:
    return sum((cell.sums for cell in cells), Sums())


def grouped(cells: Iterable[Cell], key: Callable[[Cell], Hashable]) -> dict[Any, Sums]:
    """The sums by what the key says of each cell, in the order of its first appearance."""
    found: dict[Any, Sums] = {}
    for cell in cells:
        found[key(cell)] = found.get(key(cell), Sums()) + cell.sums
    return found


def private_per_public(cells: Iterable[Cell], kind: str) -> Decimal | None:
    """Private euro for each euro of federation, state and town; None without public money.

    The disposition fund stays out: it is private and public money already mixed (domain.md 1.4).
    """
    private = public = NOTHING
    for cell in cells:
        if cell.source == Booking.Source.PRIVATE:
            private += getattr(cell.sums, kind)
        elif cell.source in Booking.PUBLIC_SOURCES:
            public += getattr(cell.sums, kind)
    return (private / public).quantize(CENT, ROUND_HALF_UP) if public else None
