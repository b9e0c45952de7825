"""Real workbooks for Excel and LibreOffice."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,  # a cell is never a formula, whatever somebody typed
    "strings_to_urls": False,
    "strings_to_numbers": False,  # postcodes and telephone numbers keep their zeros
    "default_date_format": "dd.mm.yyyy",
}
LONGEST_CELL = 32_767  # characters; Excel refuses a file with a longer one
WIDEST = 60  # characters


def workbook(sheet: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet with a heading that stays in view and can be filtered.

    Dates and numbers stay dates and numbers; moments are written in the office's time.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        page.write_row(0, 0, [str(heading) for heading in headings], bold)
        widths = [len(str(heading)) for heading in headings]
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                cell = _cell(value)
                widths[column] = max(widths[column], len(str(cell)))
                page.write(last, column, cell, moment if isinstance(cell, datetime) else None)
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, WIDEST) + 2)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, max(len(headings) - 1, 0))
    return file.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, bool | date | int | float):
        return value
    return str(value)[:LONGEST_CELL] if not hasattr(value, "as_tuple") else float(value)
