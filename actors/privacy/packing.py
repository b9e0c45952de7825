"""What an actor is told (Auskunft) as a ZIP file with JSON and a readable PDF, and read again."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.privacy.wording import title_of
from zentrum.files.models import StoredFile
from zentrum.files.pdf import pdf

JSON, PDF = "auskunft.json", "auskunft.pdf"
LONGEST_PDF = 500_000  # characters; typesetting takes some 200 megabytes for them


@dataclass
class Row:
    """One row in words: label and value of each field. Flagged: it names another person."""

    values: dict[str, Any]
    is_flagged: bool = False


@dataclass
class Section:
    key: str
    rows: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        return title_of(self.key)


@dataclass
class Disclosed:
    """Everything that is kept about an actor, by kind."""

    actor: Actor
    sections: list[Section]
    made_at: datetime

    @property
    def counts(self) -> dict[str, int]:
        return {section.key: len(section.rows) for section in self.sections}

    @cached_property
    def flagged(self) -> int:
        return sum(row.is_flagged for section in self.sections for row in section.rows)

    def as_zip(self) -> bytes:
        """The ZIP file with `auskunft.json` and `auskunft.pdf`, or `auskunft-1.pdf` and so on."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(JSON, self.as_json())
            parts = _parts([(section.title, _in_words(section)) for section in self.sections])
            for number, part in enumerate(parts, 1):
                name = PDF if len(parts) == 1 else PDF.replace(".", f"-{number}.")
                archive.writestr(name, self._as_pdf(part, number, len(parts)))
        return content.getvalue()

    def as_json(self) -> str:
        told = {
            "actor": str(self.actor),
            "made_at": self.made_at,
            "sections": {
                section.key: [row.values | _flag(row) for row in section.rows]
                for section in self.sections
            },
        }
        return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)

    def _as_pdf(self, part: list["Titled"], number: int, of: int) -> bytes:
        day = formats.date_format(timezone.localdate(), "DATE_FORMAT")
        title = _("Information about the data kept on %(name)s") % {"name": self.actor}
        if of > 1:
            title += " – " + _("part %(number)s of %(of)s") % {"number": number, "of": of}
        intro = _(
            "This is everything that the office keeps in its portal, as of %(day)s "
            "(Art. 15 GDPR). Other people stand in it without their names."
        )
        sections = [{"title": heading, "rows": rows} for heading, rows in part]
        return pdf(
            "disclosure.typ",
            {"title": title, "intro": intro % {"day": day}, "sections": sections, "footer": day},
        )


Titled = tuple[str, list[list[list[str]]]]  # a section's title; of each row the label and words


def _in_words(section: Section) -> list[list[list[str]]]:
    return [[[name, _words(value)] for name, value in row.values.items()] for row in section.rows]


def _parts(sections: list[Titled]) -> list[list[Titled]]:
    """The sections as one document after the other, none of them much longer than LONGEST_PDF."""
    parts: list[list[Titled]] = [[]]
    length = 0
    for title, rows in sections:
        parts[-1].append((title, []))
        for row in rows:
            if length > LONGEST_PDF:
                parts.append([(title, [])])
                length = 0
            parts[-1][-1][1].append(row)
            length += sum(len(name) + len(words) for name, words in row)
    return parts


def flagged_texts(stored: StoredFile) -> list[tuple[str, dict[str, Any]]]:
    """The rows of a packed file that name another person, each with the title of its section."""
    with stored.content.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        sections = json.loads(archive.read(JSON))["sections"]
    return [
        (title_of(key), row)
        for key, rows in sections.items()
        for row in rows
        if row.pop("names_another_person", False)
    ]


def _flag(row: Row) -> dict[str, bool]:
    return {"names_another_person": True} if row.is_flagged else {}


def _words(value: Any) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
    return str(formats.localize(value))
