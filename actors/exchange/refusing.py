"""The refused rows of an import, in the file's own columns, to be mended and read again."""

import csv
import io
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from actors.exchange.models import ImportRow, ImportRun
from actors.exchange.opening import open_file
from actors.exchange.reading import GUARDED
from zentrum.files.xlsx import workbook


def as_workbook(run: ImportRun) -> bytes:
    heading = heading_of(run)
    return workbook(_("Refused rows"), _titles(heading), _rows(run, heading))


def as_text(run: ImportRun) -> bytes:
    """For Excel: UTF-8 with mark, semicolons; a cell that looks like a formula gets an apostrophe,
    which the reading takes away again."""
    heading = heading_of(run)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(_titles(heading))
    writer.writerows([_guarded(cell) for cell in row] for row in _rows(run, heading))
    return file.getvalue().encode("utf-8-sig")


def heading_of(run: ImportRun) -> list[str]:
    """The columns of the file in its order. Without the file those that the rows name."""
    if run.file:
        try:
            with run.file.content.open("rb") as stream:
                return open_file(stream).heading
        except (OSError, ValidationError):
            pass
    found = dict.fromkeys(run.mapping.values())
    for raw in _refused(run).values_list("raw", flat=True):
        found |= dict.fromkeys(name for name in raw if not name.startswith("+"))
    return list(found)


def _refused(run: ImportRun):
    rows = run.rows.filter(action=ImportRow.Action.REJECT)
    return rows.order_by("number", "pk")


def _titles(heading: list[str]) -> list[str]:
    return [*heading, _("Line in the file"), _("Why it was refused")]


def _rows(run: ImportRun, heading: list[str]) -> Iterator[list[str]]:
    for row in _refused(run).iterator():
        cells = [row.raw.get(name, "") for name in heading]
        surplus = [row.raw[name] for name in sorted(row.raw) if name.startswith("+")]
        yield [*cells, str(row.number), " ".join([row.reason, *surplus])]


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell[:1] and cell[0] in GUARDED else cell
