"""Read the first sheet of an Excel workbook as a table, row by row."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from actors.exchange.tables import NULL_SIGN, Line, line_of, unique

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_UNPACKED = 400 * 1024 * 1024  # bytes; a workbook of 50,000 rows has some 40 MB
CHUNK = 1024 * 1024
OVERLAP = 200  # bytes; longer than any of the marks below
AT_ONCE = 500
TITLE_ROWS = 20  # among which the heading is looked for
OLD_FILE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}
LEADING_ZEROS = re.compile(r'^"?(0{2,})"?$')  # a number format such as 00000: a postcode
MERGED = re.compile(rb'mergeCell [^>]*?ref="([A-Z0-9]+:[A-Z0-9]+)"')
NO_RESULT = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, IndexError, AttributeError),
    *(OSError, EOFError, SyntaxError, RuntimeError, NotImplementedError, AssertionError),
)

Rows = Iterator[tuple[int, list[str]]]


@dataclass
class Sheet:
    """The headings of a sheet, and its rows one by one."""

    heading: list[str]
    rows: Rows = field(repr=False)
    notices: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        count = 0
        for number, cells in self.rows:
            if any(cells):
                if (count := count + 1) > MOST_ROWS:
                    raise ValidationError(
                        _("The sheet has more than %(most)s rows. Please cut it into parts."),
                        params={"most": MOST_ROWS},
                    )
                yield self._line(number, cells)

    def _line(self, number: int, cells: list[str]) -> Line:
        cells += [""] * (len(self.heading) - len(cells))
        problem = ""
        if wrong := next((cell for cell in cells if cell in ERRORS), ""):
            problem = _("A cell holds Excel's error %(error)s.") % {"error": wrong}
        return line_of(number, self.heading, cells, problem)


def open_workbook(stream: IO[bytes]) -> Sheet:
    """The first visible sheet: results instead of formulas, merged cells filled downwards.

    The heading is the first row that is more than half as full as the fullest: titles above it do
    not count.
    Raises ValidationError with what to do when the workbook cannot be read.
    """
    with _explaining():
        _check_size(stream)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheets = [s for s in book.worksheets if s.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise ValidationError(_("The workbook has no sheet with cells."), code="empty")
        ranges, lacks_results = _marks(book._archive, sheets[0]._worksheet_path)
    notices = []
    if len(book.worksheets) > 1:
        words = {"count": len(book.worksheets), "name": sheets[0].title}
        notices.append(_("Of the %(count)s sheets, only the first is read: “%(name)s”.") % words)
    if lacks_results:
        notices.append(
            _("Some formulas have no result, their cells are empty. Save the file in Excel again.")
        )
    heading, rows = _beneath_the_heading(_filled(_rows(sheets[0]), ranges))
    return Sheet(unique(heading), rows, notices)


def refuse_old(stream: IO[bytes]) -> None:
    """Raise ValidationError with what to do for a file of old Excel or with a password."""
    stream.seek(0)
    content = stream.read()
    stream.seek(0)
    if not content.startswith(OLD_FILE):
        return
    if ENCRYPTED in content:
        raise ValidationError(
            _("The file is protected by a password. Please save it without one and try again."),
            code="password",
        )
    raise ValidationError(
        _("This is a file of an old Excel (.xls). Please save it as “.xlsx” and try again."),
        code="old",
    )


@contextmanager
def _explaining() -> Iterator[None]:
    """Whatever the library stumbles over becomes a message; what it only mutters is ignored."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ValidationError:
        raise
    except DAMAGED as error:
        raise ValidationError(
            _("The workbook is damaged or no Excel file. Please save it again as “.xlsx”."),
            code="damaged",
        ) from error


def _check_size(stream: IO[bytes]) -> None:
    """A small file may unpack to more than the memory holds."""
    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise ValidationError(_("The workbook is too large. Please cut it into parts."))
    stream.seek(0)


def _marks(archive: zipfile.ZipFile, path: str) -> tuple[list[tuple[int, ...]], bool]:
    """Merged ranges, and whether formulas lack results: the library's quick way shows neither."""
    ranges, lacks_results, rest = set(), False, b""
    with archive.open(path) as source:
        while chunk := source.read(CHUNK):
            text = rest + chunk
            ranges |= {found.decode() for found in MERGED.findall(text)}
            lacks_results = lacks_results or bool(NO_RESULT.search(text))
            rest = text[-OVERLAP:]
    return [range_boundaries(name) for name in ranges], lacks_results


def _rows(sheet: Any) -> Rows:
    """All rows with their numbers. What the file says of its own size is often wrong."""
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(), 1)
    while True:
        with _explaining():
            batch = [(number, _texts(cells)) for number, cells in islice(rows, AT_ONCE)]
        if not batch:
            return
        yield from batch


def _texts(cells: tuple[Any, ...]) -> list[str]:
    texts = [_text(cell) for cell in cells[: MOST_COLUMNS + 1]]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(cell: Any) -> str:
    """The value as people read it in the cell."""
    value = cell.value
    if isinstance(value, str):
        return value.strip().replace("\0", NULL_SIGN)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, date):
        has_time = isinstance(value, datetime) and value.time() != MIDNIGHT
        return value.strftime("%d.%m.%Y %H:%M" if has_time else "%d.%m.%Y")
    return str(value)


MIDNIGHT = datetime.min.time()


def _number(value: float, number_format: str) -> str:
    """Without “.0”, without an exponent, with the leading zeros that the format shows."""
    if value != int(value):
        return repr(value)
    zeros = LEADING_ZEROS.match(number_format)
    return str(int(value)).zfill(len(zeros[1]) if zeros else 0)


def _filled(rows: Rows, ranges: list[tuple[int, ...]]) -> Rows:
    """A cell merged over several rows stands in each of them; over columns, in the first."""
    begin: dict[int, list[tuple[int, int]]] = {}
    for column, first, _last_column, last in ranges:
        if last > first:
            begin.setdefault(first, []).append((column - 1, last))
    open_ones: dict[int, tuple[int, str]] = {}
    for number, cells in rows:
        for column, (last, text) in open_ones.items():
            if number <= last and text:
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = cells[column] or text
        for column, last in begin.get(number, ()):
            open_ones[column] = (last, cells[column] if column < len(cells) else "")
        yield number, cells


def _beneath_the_heading(rows: Rows) -> tuple[list[str], Rows]:
    above = [row for row in islice(rows, TITLE_ROWS) if row[1]]
    if not above:
        above = list(islice((row for row in rows if row[1]), 1))
    if not above:
        raise ValidationError(_("The file is empty."), code="empty")
    filled = [sum(map(bool, cells)) for _number, cells in above]
    place = next(place for place, count in enumerate(filled) if count * 2 > max(filled))
    heading = above[place][1]
    if len(heading) > MOST_COLUMNS:
        raise ValidationError(
            _("The sheet has more than %(most)s columns."), params={"most": MOST_COLUMNS}
        )
    return heading, chain(above[place + 1 :], rows)
