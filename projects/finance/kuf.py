"""The cost and finance overview as a workbook (KuF): a line per project, its sources per year."""

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.finance import summing
from projects.finance.models import Booking
from projects.finance.summing import NOTHING, Cell
from projects.finance.sums import YearSum
from projects.pipeline.models import Project
from zentrum.files.xlsx import LONGEST_CELL, OPTIONS

# The four parties of a KuF; private money and the fund are the third parties (Dritte).
PARTIES = {
    Booking.Source.FEDERAL: Booking.Source.FEDERAL.label,
    Booking.Source.STATE: Booking.Source.STATE.label,
    Booking.Source.TOWN: gettext_lazy("Municipality"),
    Booking.Source.PRIVATE: gettext_lazy("Third parties"),
}
OF_THIRD_PARTIES = (Booking.Source.PRIVATE, Booking.Source.FUND)
FIXED = 4  # columns before the years: number, project, field of action, total
EURO = "#,##0.00 €"


def workbook(sums: QuerySet[YearSum]) -> bytes:
    """One sheet for each of planned, committed, called and paid; amounts are numbers in euro."""
    cells = summing.per_project(sums)
    keys = {cell.project for cell in cells if cell.project}
    projects = Project.objects.filter(pk__in=keys).select_related("field_of_action")
    rows = list(projects.defer("search_text", "likeness", "summary").order_by("pk"))
    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        for kind, name in Booking.Kind.choices:
            _write_sheet(book, str(name), kind, cells, rows)
    return file.getvalue()


def _write_sheet(
    book: Any, name: str, kind: str, cells: list[Cell], projects: list[Project]
) -> None:
    page = book.add_worksheet(name[:31])
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": EURO})
    sums = book.add_format({"num_format": EURO, "bold": True})
    years = sorted({cell.year for cell in cells})
    _write_headings(page, years, bold)
    amounts = summing.grouped(cells, lambda cell: (cell.project, cell.year, _party(cell)))
    columns = [(year, party) for year in years for party in PARTIES]
    below = [NOTHING] * (len(columns) + 1)
    for line, project in enumerate(projects, start=2):
        found = [amounts.get((project.pk, *column)) for column in columns]
        values = [getattr(one, kind) if one else NOTHING for one in found]
        values.insert(0, sum(values, NOTHING))
        _write_words(page, line, project)
        _write_amounts(page, line, values, money)
        below = [have + more for have, more in zip(below, values, strict=True)]
    page.write_string(len(projects) + 2, 1, _("Sum"), bold)
    _write_amounts(page, len(projects) + 2, below, sums)
    page.freeze_panes(2, FIXED)


def _write_headings(page: Any, years: list[int], bold: Any) -> None:
    names = [_("Reference"), _("Project"), _("Field of action"), _("Total")]
    page.write_row(1, 0, names, bold)
    for number, year in enumerate(years):
        first = FIXED + number * len(PARTIES)
        page.merge_range(0, first, 0, first + len(PARTIES) - 1, year, bold)
        page.write_row(1, first, [str(party) for party in PARTIES.values()], bold)
    page.set_column(0, 0, 14)
    page.set_column(1, 2, 34)
    page.set_column(3, FIXED + len(years) * len(PARTIES), 16)


def _write_words(page: Any, line: int, project: Project) -> None:
    words = (project.reference, project.title, str(project.field_of_action))
    for column, text in enumerate(words):
        page.write_string(line, column, text[:LONGEST_CELL])


def _write_amounts(page: Any, line: int, amounts: Iterable[Decimal], form: Any) -> None:
    for column, amount in enumerate(amounts, start=FIXED - 1):
        page.write_number(line, column, float(amount), form)


def _party(cell: Cell) -> str:
    third = cell.source in OF_THIRD_PARTIES
    return Booking.Source.PRIVATE if third else cell.source
