"""Sums as lines of a table; each figure leads to the rows behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.finance import summing
from projects.finance.models import Booking
from projects.finance.summing import Cell, Sums
from projects.pipeline.models import Project

Filters = dict[str, str]
AT_RISK = "at_risk"
NAMES: Mapping[str, str | Promise] = dict(Booking.Kind.choices) | {AT_RISK: _("at risk")}


@dataclass(frozen=True)
class Figure:
    """Euro, under its column's name; the address shows the bookings that it adds up."""

    name: str | Promise
    amount: Decimal
    url: str


@dataclass(frozen=True)
class Line:
    label: str | Promise
    figures: list[Figure]
    project: Project | None = None


def query(filters: Filters, **more: Any) -> str:
    """The filters of a page with what a line adds to them; an empty one is taken away."""
    wanted = filters | more
    return urlencode({name: value for name, value in wanted.items() if value and name != "page"})


def figures(sums: Sums, filters: Filters, **more: Any) -> list[Figure]:
    """One for each kind of booking, and what is at risk, which needs the rows of every kind."""
    rows = f"{reverse('projects:booking_list')}?{query(filters, **more, kind='')}"
    return [
        Figure(label, getattr(sums, name), rows if name == AT_RISK else f"{rows}&kind={name}")
        for name, label in _names(get_language())
    ]


@cache
def _names(language: str | None) -> list[tuple[str, str]]:
    """The columns in words. Kept, because each figure names its own; `language` is the key."""
    return [(name, str(label)) for name, label in NAMES.items()]


def by_year(cells: Iterable[Cell], filters: Filters) -> list[Line]:
    sums = summing.grouped(cells, lambda cell: cell.year)
    return [Line(str(year), figures(sums[year], filters, year=year)) for year in sorted(sums)]


def by_source(cells: Iterable[Cell], filters: Filters) -> list[Line]:
    sums = summing.grouped(cells, lambda cell: cell.source)
    return [
        Line(name, figures(sums[source], filters, source=source))
        for source, name in Booking.Source.choices
        if source in sums
    ]


def by_year_and_source(cells: Iterable[Cell], filters: Filters) -> list[Line]:
    return [
        Line(
            f"{cell.year} · {Booking.Source(cell.source).label}",
            figures(cell.sums, filters, year=cell.year, source=cell.source),
        )
        for cell in cells
    ]


def by_project(cells: Iterable[Cell], projects: Iterable[Project], filters: Filters) -> list[Line]:
    sums = summing.grouped(cells, lambda cell: cell.project)
    return [
        Line(
            project.title,
            figures(sums.get(project.pk, Sums()), filters, project=project.pk),
            project,
        )
        for project in projects
    ]


def of_kind(cells: Iterable[Cell], kind: str | None) -> list[Figure]:
    """What the rows of a list add up to: one figure for its kind, or all that are not nothing."""
    found = zip(NAMES, figures(summing.total(cells), {}), strict=True)
    return [figure for name, figure in found if figure.amount and kind in (None, "", name)]


def total(cells: Iterable[Cell], filters: Filters) -> Line:
    return Line(_("Sum"), figures(summing.total(cells), filters))


def ratios(cells: list[Cell]) -> list[tuple[str | Promise, Decimal | None]]:
    """Private euro per public euro, by kind; nothing of the kind can be said of what is at risk."""
    return [
        (label, None if name == AT_RISK else summing.private_per_public(cells, name))
        for name, label in NAMES.items()
    ]
