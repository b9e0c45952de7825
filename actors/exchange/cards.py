"""Read vCards 2.1 (vCard Specification of 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350) as a table.

Our own reader, because vobject knows no 4.0 and stumbles over 2.1. The columns are German words in
every language, so that a saved choice of columns fits whoever reads the file.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from actors.exchange.tables import Line
from zentrum.common.text import normalise

HEADING = [
    *("UID", "Name", "Vorname", "Organisation", "Funktion", "Straße", "Postleitzahl", "Ort"),
    *("E-Mail", "Weitere E-Mail", "Telefon", "Weiteres Telefon", "Webseite", "Kategorie"),
    *("Breite", "Länge", "Notiz"),
]
MOST_CARDS = 100_000
PARAMETER = re.compile(r';([^=;:"]+)(?:=((?:"[^"]*"|[^";:])*))?')
SKIPPED = {"PHOTO", "LOGO", "SOUND", "KEY"}  # pictures and the like; nothing here shows them
ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"}


class Entry(NamedTuple):
    """A line of a card: `item1.TEL;TYPE=work:030 1` is TEL, {"TYPE": "work"}, "030 1"."""

    name: str
    parameters: dict[str, str]
    value: str

    def parts(self) -> list[str]:
        """The components of a structured value, each unescaped."""
        return [_unescape(part) for part in re.split(r"(?<!\\);", self.value)]

    def words(self) -> list[str]:
        return [_unescape(part).strip() for part in re.split(r"(?<!\\),", self.value)]

    @property
    def text(self) -> str:
        return _unescape(self.value).strip()

    @property
    def rank(self) -> int:
        """The preferred one first (PREF=1 in 4.0, TYPE=pref before)."""
        if "PREF" in self.parameters:
            number = self.parameters["PREF"]
            return int(number) if number.isdecimal() else 1
        return 1 if "PREF" in self.parameters.get("TYPE", "").upper().split(",") else 101


@dataclass
class Cards:
    """The cards of a file, each as a row."""

    text: str = field(repr=False)
    heading: list[str] = field(default_factory=lambda: list(HEADING))
    notices: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        for number, entries, is_closed in _cards(self.text):
            cells = cells_of(entries)
            if not is_closed:
                yield Line(number, cells, _("The card has no end (END:VCARD)."))
            elif any(cells.values()):
                yield Line(number, cells)


def is_cards(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:11].upper() == "BEGIN:VCARD"


def open_cards(text: str) -> Cards:
    """The cards in a text. Raises ValidationError when there are more than anybody keeps."""
    if text.upper().count("BEGIN:VCARD") > MOST_CARDS:
        raise ValidationError(
            _("The file has more than %(most)s cards. Please cut it into parts."),
            params={"most": MOST_CARDS},
        )
    return Cards(text)


def _cards(text: str) -> Iterator[tuple[int, list[Entry], bool]]:
    """Line of BEGIN, entries, whether END was found; cards inside cards (2.1) are left out."""
    start, depth = 0, 0
    entries: list[Entry] = []
    for number, line in _logical_lines(text):
        word = line.strip().upper().replace(" ", "")
        if word == "BEGIN:VCARD":
            if depth == 0:
                start, entries = number, []
            depth += 1
        elif word == "END:VCARD" and depth:
            depth -= 1
            if depth == 0:
                yield start, entries, True
        elif depth == 1 and (entry := _entry(line)):
            entries.append(entry)
    if depth:
        yield start, entries, False


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Folded lines joined: a leading blank goes on (RFC 6350 3.2), in 2.1 also a final “=”."""
    current, begun = "", 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if current.endswith("=") and _is_quoted(current):
            current = current[:-1] + line.lstrip(" \t" if line[:1].isspace() else "")
        elif line[:1] in (" ", "\t") and current:
            current += line[1:]
        else:
            if current:
                yield begun, current
            current, begun = line, number
    if current:
        yield begun, current


def _is_quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _entry(line: str) -> Entry | None:
    head = re.match(r"(?:[\w-]+\.)?([\w-]+)", line)
    if not head or head[1].upper() in SKIPPED:
        return None
    parameters: dict[str, str] = {}
    end = head.end()
    while found := PARAMETER.match(line, end):
        _take_parameter(parameters, found[1].strip().upper(), found[2])
        end = found.end()
    if line[end : end + 1] != ":":
        return None
    return Entry(head[1].upper(), parameters, _decoded(line[end + 1 :], parameters))


def _take_parameter(parameters: dict[str, str], name: str, value: str | None) -> None:
    """2.1 leaves names out: `TEL;WORK;QUOTED-PRINTABLE:…`."""
    if value is None:
        name, value = ("ENCODING" if name in ENCODINGS else "TYPE"), name
    value = value.replace('"', "")
    parameters[name] = f"{parameters[name]},{value}" if name in parameters else value


def _decoded(value: str, parameters: dict[str, str]) -> str:
    """Quoted-printable as text in its charset; an unknown charset is read as UTF-8, then 1252."""
    if parameters.get("ENCODING", "").upper() != "QUOTED-PRINTABLE":
        return value
    content = quopri.decodestring(value.encode("utf-8"))
    for charset in (parameters.get("CHARSET", ""), "utf-8", "cp1252"):
        try:
            return content.decode(charset or "utf-8").replace("\0", "")
        except (LookupError, UnicodeError):
            continue
    return content.decode("latin-1").replace("\0", "")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


# --- a card as a row ----------------------------------------------------------------------------


def cells_of(entries: list[Entry]) -> dict[str, str]:
    """The row of a card. A card of a firm has its name, one of a person family and given name."""
    by_name: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.rank):
        by_name.setdefault(entry.name, []).append(entry)
    cells = dict.fromkeys(HEADING, "")
    cells |= _who(by_name) | _where(by_name)
    for name, columns in (("EMAIL", ("E-Mail", "Weitere E-Mail")), ("TEL", TELEPHONES)):
        found = list(
            dict.fromkeys(_without_scheme(e.text) for e in by_name.get(name, []) if e.text)
        )
        cells |= dict(zip(columns, found, strict=False))
    cells["Webseite"] = _first(by_name, "URL")
    cells["Kategorie"] = "; ".join(
        word for entry in by_name.get("CATEGORIES", []) for word in entry.words() if word
    )
    position = ", ".join(cells[name] for name in ("Funktion", "Organisation") if cells[name])
    notes = [position, *(entry.text for entry in by_name.get("NOTE", []))]
    cells["Notiz"] = "\n".join(note for note in notes if note)
    cells["UID"] = _first(by_name, "UID") or _own_identifier(cells)
    return cells


TELEPHONES = ("Telefon", "Weiteres Telefon")


def _first(by_name: dict[str, list[Entry]], name: str) -> str:
    return next((entry.text for entry in by_name.get(name, []) if entry.text), "")


def _who(by_name: dict[str, list[Entry]]) -> dict[str, str]:
    organisation = next((e.parts()[0].strip() for e in by_name.get("ORG", [])), "")
    family, given = ([*_parts(by_name, "N"), "", ""])[:2]
    shown = _first(by_name, "FN")
    if _is_organisation(by_name) or not (given or family) or (not given and family == organisation):
        return {"Name": organisation or shown or family}
    if not given and shown != family:
        return {"Name": shown or family, "Organisation": organisation}
    if not family:
        family, given = given, ""
    function = _first(by_name, "TITLE") or _first(by_name, "ROLE")
    return {
        "Name": family,
        "Vorname": given,
        "Organisation": organisation,
        "Funktion": function,
    }


def _is_organisation(by_name: dict[str, list[Entry]]) -> bool:
    kind = _first(by_name, "KIND") or _first(by_name, "X-ADDRESSBOOKSERVER-KIND")
    return kind.lower() in ("org", "group") or _first(by_name, "X-ABSHOWAS").lower() == "company"


def _parts(by_name: dict[str, list[Entry]], name: str) -> list[str]:
    return [part.strip() for entry in by_name.get(name, [])[:1] for part in entry.parts()]


def _where(by_name: dict[str, list[Entry]]) -> dict[str, str]:
    """The preferred address (post box, extension, street, town, region, postcode) and position."""
    parts = ([*_parts(by_name, "ADR"), *[""] * 7])[:7]
    street = " ".join(part for part in (parts[2], parts[1], parts[0]) if part)
    cells = {"Straße": " ".join(street.split()), "Ort": parts[3], "Postleitzahl": parts[5]}
    position = re.split("[;,]", _first(by_name, "GEO").removeprefix("geo:"))
    if len(position) >= 2:
        cells |= {"Breite": position[0].strip(), "Länge": position[1].strip()}
    return cells


def _without_scheme(text: str) -> str:
    return re.sub(r"^(tel|mailto):", "", text, flags=re.IGNORECASE)


def _own_identifier(cells: dict[str, str]) -> str:
    names = ("Name", "Vorname", "Organisation", "E-Mail", "Straße")
    return normalise(" | ".join(cells[name] for name in names if cells[name]))[:200]
