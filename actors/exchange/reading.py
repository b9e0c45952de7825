"""Read a table of text in any encoding, delimiter and line end that spreadsheets write."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from actors.exchange.tables import NULL_SIGN, Line, line_of, unique

DELIMITERS = ",;\t|"
GUARDED = "=+-@\t\r"  # a cell that begins so would be a formula in Excel
MOST_LINES_OF_A_ROW = 50  # beyond, a quotation mark is not closed
CHUNK = 64 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OTHER_FILES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)


@dataclass
class Table:
    """The headings of a file, and its rows one by one: never the whole file in memory."""

    heading: list[str]
    reader: Any = field(repr=False)  # of the csv module
    skipped: int = 0
    notices: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """The rows that carry anything; an empty line is no row."""
        while True:
            start = self._position + 1
            try:
                cells = next(self.reader)
            except StopIteration:
                return
            except csv.Error:
                yield Line(start, {}, _("A cell is too long. Is a quotation mark not closed?"))
                continue
            if any(cell.strip() for cell in cells):
                yield self._line(start, cells)

    @property
    def _position(self) -> int:
        return self.reader.line_num + self.skipped

    def _line(self, start: int, cells: list[str]) -> Line:
        cells = [_unescaped(cell) for cell in cells]
        return line_of(start, self.heading, cells, self._problem(start, cells))

    def _problem(self, start: int, cells: list[str]) -> str:
        if self._position - start >= MOST_LINES_OF_A_ROW:
            return _("The row spans %(count)s lines. Is a quotation mark not closed?") % {
                "count": self._position - start + 1
            }
        if any(NULL_SIGN in cell for cell in cells):
            return _("The row contains a NULL byte (␀). Please remove it.")
        return ""


def _unescaped(cell: str) -> str:
    """Without NULL bytes, and without the apostrophe that guards a sign (as `refusing` writes)."""
    if len(cell) > 1 and cell[0] == "'" and cell[1] in GUARDED:
        cell = cell[1:]
    return cell.replace("\0", NULL_SIGN) if "\0" in cell else cell


def open_table(stream: IO[bytes]) -> Table:
    """The table in a file of delimited text.

    UTF-8 with or without mark, UTF-16 with mark, else Windows-1252; comma, semicolon, tab or bar;
    all line ends. Raises ValidationError with what to do when it is no such file.
    """
    text = _text_lines(stream, encoding_of(stream))
    skipped, first = 0, ""
    for line in text:
        if line.strip():
            first = line
            break
        skipped += 1
    if not first:
        raise ValidationError(_("The file is empty."), code="empty")
    delimiter = _delimiter(first)
    if _declares_delimiter(first):
        skipped, first = skipped + 1, next(text, "")
    reader = csv.reader(chain([first], text), delimiter=delimiter)
    try:
        heading = next(reader, [])
    except csv.Error as error:
        raise ValidationError(_("The first line is no heading: it is too long.")) from error
    if not any(cell.strip() for cell in heading):
        raise ValidationError(_("The file is empty."), code="empty")
    return Table(unique(heading), reader, skipped)


def _text_lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """The lines of the text, every line end made LF. (A TextIOWrapper would close the stream.)"""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    rest = ""
    while chunk := stream.read(CHUNK):
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from (f"{line}\n" for line in lines)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def encoding_of(stream: IO[bytes]) -> str:
    """The name of the encoding; the stream is back at its beginning."""
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(OTHER_FILES):
        raise ValidationError(
            _("This is not a text file. Please save the table as “CSV UTF-8” and try again."),
            code="not_text",
        )
    for mark, name in MARKS:
        if head.startswith(mark):
            return _checked(stream, [name])
    if head.count(b"\0") * 5 > len(head):
        raise ValidationError(
            _("The encoding is not clear. Please save the table as “CSV UTF-8”."), code="encoding"
        )
    return _checked(stream, ["utf-8", "cp1252"])


def _checked(stream: IO[bytes], names: list[str]) -> str:
    for name in names:
        if _decodes(stream, name):
            return name
    raise ValidationError(
        _("The encoding is not clear. Please save the table as “CSV UTF-8”."), code="encoding"
    )


def _decodes(stream: IO[bytes], name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def as_utf8(stream: IO[bytes]) -> bytes:
    """The text as UTF-8 with NULL bytes shown as ␀: the form in which uploads are kept."""
    name = encoding_of(stream)
    return stream.read().decode(name).replace("\0", NULL_SIGN).encode()


def _declares_delimiter(line: str) -> bool:
    """Excel's first line "sep=;"."""
    return line.lower().startswith("sep=") and len(line.strip("\n")) == 5


def _delimiter(line: str) -> str:
    if _declares_delimiter(line):
        return line[4]
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), [])))
