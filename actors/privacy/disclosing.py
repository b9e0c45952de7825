"""Gather everything that is kept about an actor, and was kept once (Auskunft, Art. 15 GDPR).

Other people stand in it by what they are, not by name; a text that names one is flagged for the
person at the desk, and the full name is replaced.
"""

import re
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.functions import Lower, StrIndex
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.privacy.former import former_values
from actors.privacy.naming import SHORTEST
from actors.privacy.packing import Disclosed, Row, Section
from actors.privacy.tracing import Model, Rows, Trace, trace
from actors.privacy.wording import in_reading_order, label_of
from zentrum.accounts.models import User
from zentrum.files.models import StoredFile

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
    "content",
    "content_type",
    "sha256",
    "attempts",
    "begun_at",
}
NOT_TOLD = {"actors.candidate", "actors.merge", "actors.disclosure", "contacts.attachment"}
NOT_TOLD |= {"contacts.mailbox", "mail.mailattachment"}

Progress = Callable[[int, int], None]  # steps done, steps in all


def disclose(actor: Actor, *, progress: Progress | None = None) -> Disclosed:
    """Everything about an actor, in all apps; upper ones by the names of their relations.

    `progress` is told after each kind of data how far it is; packing is the last step.
    """
    found = trace(actor)
    rows = _told(found)
    steps = len(rows) + 2  # the former values, and packing
    sections = []
    for number, (model, keys) in enumerate(rows.items(), 1):
        sections.append(_section(model, keys, found))
        if progress:
            progress(number, steps)
    sections.append(former_values(found, rows, SKIPPED))
    if progress:
        progress(steps - 1, steps)
    _flag_others(sections, found)
    return Disclosed(actor, sections, timezone.now())


def _told(found: Trace) -> Rows:
    """The keys of all rows that are told, by model, in the order in which they are read."""
    rows = _together([found.going, found.staying, found.loose, _own_texts(found)])
    rows |= {Actor: set(found.keys)} | ({StoredFile: found.files} if found.files else {})
    told = {
        model._meta.label_lower: model
        for model in rows
        if not model._meta.auto_created and model._meta.label_lower not in NOT_TOLD
    }
    return {told[key]: rows[told[key]] for key in in_reading_order(told)}


def _own_texts(found: Trace) -> Rows:
    """Without the mails to colleagues in which the actor is one of many."""
    return {
        m: keys for m, keys in found.texts.items() if m._meta.label_lower != "mail.outgoingmail"
    }


def _together(places: list[Rows]) -> Rows:
    rows: Rows = {}
    for place in places:
        for model, keys in place.items():
            rows.setdefault(model, set()).update(keys)
    return rows


def _section(model: Model, keys: set[Any], found: Trace) -> Section:
    relations = [f.name for f in model._meta.local_fields if f.is_relation]
    rows = model._base_manager.filter(pk__in=keys).select_related(*relations).order_by("pk")
    section = Section(model._meta.label_lower)
    section.rows = [Row(_values(row, found)) for row in rows]
    return section


def _values(row: models.Model, found: Trace) -> dict[str, Any]:
    values = {}
    for column in row._meta.local_fields:
        if column.name in SKIPPED or isinstance(column, models.GeneratedField):
            continue
        value = _value(row, column, found)
        if value not in (None, "", {}, []):
            values[label_of(column)] = value
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
