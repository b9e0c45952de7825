import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from actors.exchange import workbooks
from actors.exchange.opening import open_file
from zentrum.files.xlsx import workbook

HEADING = ["Nr", "Name", "PLZ", "Telefon"]
ROW = ["1", "Café Öztürk", "01067", "030 1"]


def book(*rows, **changes):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    return made


def saved(made):
    stream = io.BytesIO()
    made.save(stream)
    stream.seek(0)
    return stream


def cells(made):
    return [line.cells for line in open_file(saved(made)).lines()]


def test_cells_are_read_under_their_headings_with_the_row_of_the_sheet():
    (line,) = open_file(saved(book(HEADING, [], ROW))).lines()

    assert (line.number, line.problem) == (3, "")
    assert line.cells == dict(zip(HEADING, ROW, strict=True))


def test_numbers_and_dates_are_read_as_people_see_them():
    made = book(["a", "b", "c", "d", "e", "f", "g"])
    made.active.append([10551, 52.5258, 3.0e10, date(2025, 11, 1), True, 1067, 45962])
    made.active["F2"].number_format = "00000"
    made.active["G2"].number_format = "dd.mm.yyyy"

    assert list(cells(made)[0].values()) == [
        *("10551", "52.5258", "30000000000", "01.11.2025", "ja", "01067", "01.11.2025")
    ]


def with_xml(stream, change):
    """The workbook with its first sheet's XML changed, as other programs would write it."""
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    changed.seek(0)
    return changed


def test_result_of_a_formula_is_read_and_not_the_formula():
    stream = saved(book(["Nr", "Name"], [1, '="Café"&" Möwe"']))
    result = "</f><v>Café Möwe</v></c>".encode()
    stream = with_xml(
        stream,
        lambda xml: xml.replace(b"</f><v></v></c>", result).replace(b'"B2"', b'"B2" t="str"'),
    )

    table = open_file(stream)

    assert [line.cells["Name"] for line in table.lines()] == ["Café Möwe"]
    assert table.notices == []


def test_formula_without_a_result_is_said():
    table = open_file(saved(book(["Nr", "Name"], [1, "=A1"])))

    assert len(table.notices) == 1


def test_merged_cells_are_filled_downwards_and_titles_skipped():
    made = book(
        ["Akteure der Werbegemeinschaft"],
        ["Stand:", "November"],
        ["Straße", "Name", "Nr", "PLZ"],
        ["Turmstraße", "A", 1],
        [None, "B", 2],
        ["Alt-Moabit", "C", 3],
    )
    made.active.merge_cells("A1:D1")
    made.active.merge_cells("A4:A5")

    table = open_file(saved(made))

    assert table.heading == ["Straße", "Name", "Nr", "PLZ"]
    assert [(line.number, line.cells["Straße"]) for line in table.lines()] == [
        (4, "Turmstraße"),
        (5, "Turmstraße"),
        (6, "Alt-Moabit"),
    ]


def test_only_the_first_visible_sheet_is_read_and_that_is_said():
    made = book(["geheim"], ["x"])
    made.active.sheet_state = "hidden"
    second = made.create_sheet("Liste")
    second.append(["Name"])
    second.append(["A"])

    table = open_file(saved(made))

    assert [line.cells for line in table.lines()] == [{"Name": "A"}]
    assert ["Liste" in notice for notice in table.notices] == [True]


def test_row_with_an_error_of_excel_or_beyond_the_heading_is_unusable():
    made = book(["Nr", "Name"], [1, "#REF!"], [2, "A", "zu viel"], [3, "B"])
    made.active["B2"].data_type = "e"

    problems = [bool(line.problem) for line in open_file(saved(made)).lines()]

    assert problems == [True, True, False]


def test_cell_far_away_does_not_make_the_table_wide_or_long():
    made = book(["Nr", "Name"], [1, "A"])
    made.active["A60000"] = None
    made.active["XFD2"] = None

    table = open_file(saved(made))

    assert (table.heading, len(list(table.lines()))) == (["Nr", "Name"], 1)


def test_workbook_of_50_000_rows_is_read_whole():
    rows = ([number, f"Laden {number}"] for number in range(50_000))

    table = open_file(io.BytesIO(workbook("Liste", ["Nr", "Name"], rows)))

    assert sum(not line.problem for line in table.lines()) == 50_000


def test_more_rows_than_anybody_keeps_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)

    with pytest.raises(ValidationError):
        cells(book(["Name"], ["A"], ["B"], ["C"]))


def test_workbook_that_unpacks_to_more_than_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1000)

    with pytest.raises(ValidationError):
        cells(book(["Name"], ["A"]))


def ole(*words):
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + b"".join(word.encode("utf-16-le") for word in words)
    )


REFUSED = [
    (ole("Workbook"), "old"),
    (ole("EncryptionInfo", "EncryptedPackage"), "password"),
    (b"PK\x03\x04", "damaged"),
    (saved(book(["Name"])).getvalue()[:-100], "damaged"),
    (saved(book()).getvalue(), "empty"),
]


@pytest.mark.parametrize(("content", "code"), REFUSED, ids=[code for _content, code in REFUSED])
def test_file_that_cannot_be_read_is_refused_in_words(content, code):
    with pytest.raises(ValidationError) as refusal:
        list(open_file(io.BytesIO(content)).lines())

    assert (refusal.value.code, len(refusal.value.messages[0]) > 10) == (code, True)


def test_sheet_that_breaks_off_in_the_middle_is_refused_in_words():
    stream = with_xml(
        saved(book(["Nr", "Name"], *([i, "A"] for i in range(5000)))), lambda x: x[:90000]
    )

    with pytest.raises(ValidationError) as refusal:
        list(open_file(stream).lines())

    assert refusal.value.code == "damaged"
