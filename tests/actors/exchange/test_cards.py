import io

import pytest

from actors.exchange.cards import HEADING
from actors.exchange.mapping import guess
from actors.exchange.opening import open_file
from actors.exchange.rows import values_of

V21 = """BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=D6zt=FCrk;Ay=\r
=FEe\r
TEL;WORK;VOICE:030 1\r
TEL;CELL;PREF:0170 2\r
ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Turmstra=C3=9Fe 5;Berlin;;10551;\r
PHOTO;JPEG;ENCODING=BASE64:\r
 /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsL\r
 DBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL=\r
\r
EMAIL;INTERNET:ayse@example.org\r
END:VCARD\r
"""
V30 = """BEGIN:VCARD\r
VERSION:3.0\r
UID:urn:uuid:1\r
FN:Café Möwe\\, Inh. Kühn\r
N:;;;;\r
ORG:Café Möwe\\, Inh. Kühn;Filiale Turm\r
 straße\r
item1.TEL;type=WORK;type=pref:+49 30 1\r
item1.X-ABLabel:_$!<Work>!$_\r
item2.ADR;TYPE="work,pref":;Hof 2;Turmstraße 5\\; Ecke;Berlin;;10551;Deutschland\r
GEO:52.5258;13.3423\r
URL:https\\://moewe.example\r
CATEGORIES:Café,Kuchen\r
NOTE:Zeile 1\\nZeile 2\r
X-ABShowAs:COMPANY\r
END:VCARD\r
"""
V40 = """BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Buchhandlung Ümlaut
TEL;VALUE=uri;PREF=2:tel:+49-30-2
TEL;VALUE=uri;PREF=1;TYPE="voice,work":tel:+49-30-1
EMAIL;PREF=1:laden@example.org
EMAIL:zweite@example.org
GEO:geo:52.5,13.3
ADR;LABEL="Turmstraße 1\\n10551 Berlin":;;Turmstraße 1;Berlin;;10551;
PHOTO:data:image/jpeg;base64,AAAA
END:VCARD
"""


def read(*texts, encoding="utf-8"):
    return list(open_file(io.BytesIO("".join(texts).encode(encoding))).lines())


def filled(line):
    return {name: cell for name, cell in line.cells.items() if cell}


def test_card_2_1_with_quoted_printable_folded_lines_and_a_photo():
    (line,) = read(V21)

    assert filled(line) == {
        "UID": "oeztuerk | ayþe | ayse@example.org | turmstrasse 5",
        "Name": "Öztürk",
        "Vorname": "Ayþe",
        "Straße": "Turmstraße 5",
        "Postleitzahl": "10551",
        "Ort": "Berlin",
        "E-Mail": "ayse@example.org",
        "Telefon": "0170 2",
        "Weiteres Telefon": "030 1",
    }


def test_card_3_0_with_groups_escapes_and_folded_lines():
    (line,) = read(V30)

    assert filled(line) == {
        "UID": "urn:uuid:1",
        "Name": "Café Möwe, Inh. Kühn",
        "Straße": "Turmstraße 5; Ecke Hof 2",
        "Postleitzahl": "10551",
        "Ort": "Berlin",
        "Telefon": "+49 30 1",
        "Webseite": "https://moewe.example",
        "Kategorie": "Café; Kuchen",
        "Breite": "52.5258",
        "Länge": "13.3423",
        "Notiz": "Zeile 1\nZeile 2",
    }


def test_card_4_0_of_an_organisation_with_preferences_and_uris():
    (line,) = read(V40)

    assert filled(line) == {
        "UID": "buchhandlung uemlaut | laden@example.org | turmstrasse 1",
        "Name": "Buchhandlung Ümlaut",
        "Straße": "Turmstraße 1",
        "Postleitzahl": "10551",
        "Ort": "Berlin",
        "E-Mail": "laden@example.org",
        "Weitere E-Mail": "zweite@example.org",
        "Telefon": "+49-30-1",
        "Weiteres Telefon": "+49-30-2",
        "Breite": "52.5",
        "Länge": "13.3",
    }


def test_person_of_a_firm_is_a_person_and_the_firm_stands_in_the_note():
    lines = ("N:Kühn;Eva;;Dr.;", "FN:Dr. Eva Kühn", "ORG:Sparkasse", "TITLE:Leitung")
    (line,) = read("\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD\n"]))

    values = values_of(line.cells, guess(HEADING))

    assert (values["name"], values["given_name"]) == ("Kühn", "Eva")
    assert values["description"] == "Leitung, Sparkasse"


def test_several_cards_are_several_rows_with_their_lines():
    lines = read(V30, "\r\n", V30.replace("uuid:1", "uuid:2").replace("\r\n", "\n"))

    assert [(line.number, line.cells["UID"]) for line in lines] == [
        (1, "urn:uuid:1"),
        (18, "urn:uuid:2"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_cards_in_any_encoding_are_read(encoding):
    assert [line.cells["Name"] for line in read(V40, encoding=encoding)] == ["Buchhandlung Ümlaut"]


def test_card_inside_a_card_is_left_out():
    inner = "AGENT:\nBEGIN:VCARD\nFN:Innen\nEND:VCARD\n"

    lines = read(V40.replace("KIND:org\n", f"KIND:org\n{inner}"))

    assert [line.cells["Name"] for line in lines] == ["Buchhandlung Ümlaut"]


def test_card_without_an_end_is_unusable_and_says_so():
    lines = read(V40, V40.replace("END:VCARD\n", ""))

    assert [bool(line.problem) for line in lines] == [False, True]


@pytest.mark.parametrize(
    "content",
    [
        "BEGIN:VCARD",
        "BEGIN:VCARD\nEND:VCARD\n",
        "begin:vcard\nfn:\nend:vcard",
        "BEGIN:VCARD\n:::\n;;;\nTEL\nN:\nADR:\nGEO:x\nFN;=;:\x01\nEND:VCARD\n",
        "BEGIN:VCARD\nFN;CHARSET=nirgends;ENCODING=QUOTED-PRINTABLE:=FF=00=\nEND:VCARD\n",
        "BEGIN:VCARD\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:x\nEND:VCARD\n",
    ],
)
def test_cards_of_any_shape_are_read_without_a_fall(content):
    lines = open_file(io.BytesIO(content.encode())).lines()

    assert all(set(line.cells) == set(HEADING) for line in lines)


def test_columns_of_the_cards_are_guessed():
    guessed = guess(HEADING)

    assert {HEADING[0], *HEADING[1:3], *HEADING[5:]} == set(guessed.values())
