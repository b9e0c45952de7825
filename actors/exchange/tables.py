"""What every kind of file becomes before its columns are chosen: headings and lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

NULL_SIGN = "␀"  # stands for a NULL byte, which PostgreSQL cannot keep


@dataclass
class Line:
    """A row of the table: where it begins in the file, its cells by heading, why it is unusable."""

    number: int
    cells: dict[str, str]
    problem: str = ""


class AnyTable(Protocol):
    """The headings of a file, what to know about it, and its rows one by one."""

    heading: list[str]
    notices: list[str]

    def lines(self) -> Iterator[Line]:
        """The rows that carry anything; an empty line is no row."""


def line_of(number: int, heading: list[str], cells: list[str], problem: str = "") -> Line:
    """The cells under their headings; cells beyond the last heading make the row unusable."""
    named = dict(zip(heading, cells, strict=False))
    named |= {f"+{place}": cell for place, cell in enumerate(cells[len(heading) :], 1)}
    if not problem and len(cells) != len(heading):
        problem = _("The row has %(cells)s cells, the heading has %(columns)s.") % {
            "cells": len(cells),
            "columns": len(heading),
        }
    return Line(number, named, problem)


def unique(heading: list[str]) -> list[str]:
    """Headings without blanks around them; an empty or a repeated one gets a number."""
    names: list[str] = []
    for number, cell in enumerate(heading, 1):
        name = cell.replace("\0", NULL_SIGN).strip()[:100] or _("Column %(number)s") % {
            "number": number
        }
        names.append(name if name not in names else f"{name} ({number})")
    return names
