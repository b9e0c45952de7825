"""Tell an actor everything that is kept about it (Auskunft, Art. 15 GDPR): JSON and a readable PDF.

Other people stand in it by what they are, not by name; a text that names one is flagged for the
person at the desk, and the full name is replaced.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower, StrIndex
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.privacy.naming import SHORTEST
from actors.privacy.tracing import Model, Trace, trace
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile
from zentrum.files.pdf import pdf

# What only the machine needs, and what says more about another actor than about this one.
SKIPPED = {
    "id",
    "key",
    "message_id",
    "html",
    "references",
    "in_reply_to",
    "unsubscribe_url",
    "token",
    "code",
    "public_id",
    "version",
    "submission",
    "fingerprint",
    "search_text",
    "sort_text",
    "updated_at",
    "position",
    "mail",
    "merged_into",
}
NOT_TOLD = {"actors.candidate", "actors.merge", "actors.disclosure", "contacts.attachment"}
NOT_TOLD |= {"mail.mailattachment"}


@dataclass
class Row:
    """One row in words: label and value of each field. Flagged: it names another person."""

    values: dict[str, Any]
    is_flagged: bool = False


@dataclass
class Section:
    key: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def flagged(self) -> int:
        return sum(row.is_flagged for row in self.rows)


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
        return sum(section.flagged for section in self.sections)

    def as_zip(self) -> bytes:
        """The ZIP file with `auskunft.json` and `auskunft.pdf`."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("auskunft.json", self.as_json())
            archive.writestr("auskunft.pdf", self.as_pdf())
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

    def as_pdf(self) -> bytes:
        sections = [
            {
                "title": section.title,
                "rows": [
                    [[name, _words(value)] for name, value in row.values.items()]
                    for row in section.rows
                ],
            }
            for section in self.sections
        ]
        day = formats.date_format(timezone.localdate(), "DATE_FORMAT")
        title = _("Information about the data kept on %(name)s") % {"name": self.actor}
        intro = _(
            "This is everything that the office keeps in its portal, as of %(day)s "
            "(Art. 15 GDPR). Other people stand in it without their names."
        )
        return pdf(
            "disclosure.typ",
            {"title": title, "intro": intro % {"day": day}, "sections": sections, "footer": day},
        )


def disclose(actor: Actor) -> Disclosed:
    """Everything about an actor, in all apps; upper ones by the names of their relations."""
    found = trace(actor)
    sections = [_section(Actor, set(found.keys), found)]
    places = [found.going, found.staying, found.loose, _own_texts(found)]
    for model, keys in sorted(
        _together(places).items(), key=lambda item: item[0]._meta.label_lower
    ):
        if not model._meta.auto_created and model._meta.label_lower not in NOT_TOLD:
            sections.append(_section(model, keys, found))
    if found.files:
        sections.append(_section(StoredFile, found.files, found))
    _flag_others(sections, found)
    return Disclosed(actor, sections, timezone.now())


def _own_texts(found: Trace) -> dict[Model, set[Any]]:
    """Without the mails to colleagues in which the actor is one of many."""
    return {
        m: keys for m, keys in found.texts.items() if m._meta.label_lower != "mail.outgoingmail"
    }


def _together(places: list[dict[Model, set[Any]]]) -> dict[Model, set[Any]]:
    rows: dict[Model, set[Any]] = {}
    for place in places:
        for model, keys in place.items():
            rows.setdefault(model, set()).update(keys)
    return rows


def _section(model: Model, keys: set[Any], found: Trace) -> Section:
    relations = [f.name for f in model._meta.local_fields if f.is_relation]
    rows = model._base_manager.filter(pk__in=keys).select_related(*relations).order_by("pk")
    section = Section(model._meta.label_lower, str(model._meta.verbose_name_plural))
    section.rows = [Row(_values(row, found)) for row in rows]
    return section


def _values(row: models.Model, found: Trace) -> dict[str, Any]:
    values = {}
    for column in row._meta.local_fields:
        if column.name in SKIPPED or isinstance(column, models.GeneratedField):
            continue
        value = _value(row, column, found)
        if value not in (None, "", {}, []):
            values[str(column.verbose_name)] = value
    return values


def _value(row: models.Model, column: models.Field, found: Trace) -> Any:
    value = getattr(row, column.name)
    if isinstance(value, User):
        return _("a person of the office")
    if isinstance(value, Actor):
        if value.pk in found.keys:
            return None
        return _("another person") if value.kind == Actor.Kind.PERSON else str(value)
    if isinstance(value, models.Model):
        return str(value)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    return str(value) if isinstance(column, models.FileField) else value


def _flag_others(sections: list[Section], found: Trace) -> None:
    """Flag the rows that name another person of the directory; the name is replaced."""
    texts = "\n".join(
        value
        for section in sections
        for row in section.rows
        for value in row.values.values()
        if isinstance(value, str)
    )
    people = Actor.objects.order_by().filter(kind=Actor.Kind.PERSON).exclude(pk__in=found.keys)
    place = StrIndex(models.Value(texts.lower(), models.TextField()), Lower("name"))
    named = people.alias(place=place).filter(place__gt=0).values_list("given_name", "name")
    pairs = [(given, name) for given, name in named if len(name) >= SHORTEST]
    if pairs:
        part = _any_of({name for _given, name in pairs})
        whole = _any_of({f"{given} {name}".strip() for given, name in pairs})
        for row in [row for section in sections for row in section.rows]:
            _flag_row(row, part, whole)


def _any_of(names: set[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _flag_row(row: Row, part: re.Pattern[str], whole: re.Pattern[str]) -> None:
    for label, value in row.values.items():
        if isinstance(value, str) and part.search(value):
            row.is_flagged = True
            row.values[label] = whole.sub(_("another person"), value)


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
