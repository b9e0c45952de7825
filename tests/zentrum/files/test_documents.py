"""Workbooks and PDF files that other programs can read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from zentrum.files import pdf as documents
from zentrum.files.xlsx import workbook


def cells_of(content):
    return [list(row) for row in openpyxl.load_workbook(BytesIO(content)).active.values]


def test_workbook_keeps_dates_numbers_and_leading_zeros():
    summer = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)

    content = workbook(
        "Akteure",
        ["Name", "PLZ", "seit", "Fläche", "Miete", "gesehen"],
        [["Café Öztürk", "01067", date(2026, 5, 4), 80, Decimal("950.50"), summer]],
    )

    assert cells_of(content) == [
        ["Name", "PLZ", "seit", "Fläche", "Miete", "gesehen"],
        [
            "Café Öztürk",
            "01067",
            datetime(2026, 5, 4),  # noqa: DTZ001 - a workbook knows no zones
            80,
            950.5,
            datetime(2026, 7, 1, 12, 30),  # noqa: DTZ001
        ],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "http://example.org"])
def test_nothing_that_somebody_typed_becomes_a_formula(text):
    book = openpyxl.load_workbook(BytesIO(workbook("x", ["Text"], [[text]])))

    cell = book.active["A2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_text_that_is_too_long_for_a_cell_is_cut_so_that_the_file_opens():
    assert len(cells_of(workbook("x", ["Text"], [["a" * 40_000]]))[1][0]) == 32_767


def test_pdf_is_accessible_and_takes_text_as_data(tmp_path, monkeypatch):
    (tmp_path / "page.typ").write_text((documents.FOLDER / "page.typ").read_text())
    (tmp_path / "try.typ").write_text(
        '#import "page.typ": data, sheet\n#show: sheet.with(title: data.title)\n#data.text'
    )
    monkeypatch.setattr(documents, "FOLDER", tmp_path)

    content = documents.pdf("try.typ", {"title": "Übergabe", "text": '#panic("no") $x$ *not bold*'})

    assert content.startswith(b"%PDF-")
    assert b"pdfuaid" in content


def test_text_that_the_typesetter_refuses_is_told_in_its_words(tmp_path, monkeypatch):
    (tmp_path / "wrong.typ").write_text('#panic("no such town")')
    monkeypatch.setattr(documents, "FOLDER", tmp_path)

    with pytest.raises(ValueError, match="no such town"):
        documents.pdf("wrong.typ", {})
