import io

import pytest
from django.core.exceptions import ValidationError

from actors.exchange.reading import as_utf8, open_table

TEXT = "Name;Straße\nCafé „Möwe“;Weg 1\n"
CELLS = [{"Name": "Café „Möwe“", "Straße": "Weg 1"}]


def read(content):
    table = open_table(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
    return list(table.lines())


def cells(content):
    return [line.cells for line in read(content)]


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_gives_the_same_cells(name):
    assert cells(TEXT.encode(name)) == CELLS
    assert cells(as_utf8(io.BytesIO(TEXT.encode(name)))) == CELLS


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_in_either_order(mark):
    name = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"

    assert cells(mark + TEXT.encode(name)) == CELLS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_found(delimiter):
    assert cells(TEXT.replace(";", delimiter)) == CELLS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(end):
    lines = read(TEXT.replace("\n", end) + f"Zwei;{end}")

    assert [(line.number, line.cells["Name"]) for line in lines] == [
        (2, "Café „Möwe“"),
        (3, "Zwei"),
    ]


def test_excels_own_first_line_names_the_delimiter():
    lines = read("sep=;\n" + TEXT)

    assert [(line.number, line.cells) for line in lines] == [(3, CELLS[0])]


def test_quoted_line_break_stays_in_its_cell_and_lines_are_counted():
    lines = read('a,b\n"eins\r\nzwei",1\n\n,\nx,2\n')

    assert [(line.number, line.cells["a"]) for line in lines] == [(2, "eins\nzwei"), (6, "x")]


def test_headings_are_made_unique():
    table = open_table(io.BytesIO(b"name,,name, id \n1,2,3,4\n"))

    assert table.heading[0::2] == ["name", "name (3)"]
    assert table.heading[3] == "id"
    assert len(set(table.heading)) == 4


PROBLEMS = [
    ("a,b\n1\n", 2),
    ("a,b\n1,2,3\n", 2),
    ("a,b\n1,x\0y\n", 2),
    ('a,b\n1,"' + "x\n" * 60 + '"\n', 2),
    ("a,b\n1," + "x" * 200_000 + "\n", 2),
]


@pytest.mark.parametrize(("content", "number"), PROBLEMS)
def test_unusable_row_says_why_and_the_next_one_is_read(content, number):
    lines = read(content + "gut,ja\n")

    assert (lines[0].number, bool(lines[0].problem)) == (number, True)
    assert (lines[-1].cells, lines[-1].problem) == ({"a": "gut", "b": "ja"}, "")


def test_unclosed_quotation_mark_is_named():
    lines = read('a,b\n1,"offen\n' + "2,x\n" * 60)

    assert [(line.number, bool(line.problem)) for line in lines] == [(2, True)]


NO_TABLES = [
    b"",
    b"\xef\xbb\xbf",
    b"\n \n\r\n",
    b",,,\n",
    b"PK\x03\x04xlsx",
    b"%PDF-1.7",
    b"\x89PNG\r\n",
    "Name\nX\n".encode("utf-16-le"),
    b"Name\n\x81\x8d\xff\n",
    b"\xff\xfeN",
]


@pytest.mark.parametrize("content", NO_TABLES)
def test_file_that_is_no_table_is_refused_with_a_message(content):
    with pytest.raises(ValidationError) as refusal:
        read(content)

    assert len(refusal.value.messages[0]) > 10


def test_heading_without_rows_is_an_empty_table():
    assert read("Name;Straße\n") == []
