"""The worksheet of an idea: saved as a whole, every version kept, nobody overwrites another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from projects.ideas import moving
from projects.ideas.models import Idea
from projects.ideas.worksheets import Worksheet
from zentrum.accounts.models import User as Person

if TYPE_CHECKING:
    from zentrum.accounts.models import User

SHOWN = 50  # versions


@transaction.atomic
def save_worksheet(idea: Idea, *, by: "User", version: int | None = None, **fields: Any) -> None:
    """Save the worksheet as its next version; the same words again are the same version.

    The idea's lock lets two people save the first version one after the other. Raises
    ValidationError (code "stale") when somebody was faster than the one who saw this version.
    """
    with pghistory.context(user=by.pk):
        moving.lock([idea])
        sheet = Worksheet.objects.filter(idea=idea).first() or Worksheet(idea=idea)
        if all(getattr(sheet, name) == value for name, value in fields.items()):
            return
        if version is not None and version != sheet.version:
            raise ValidationError(
                _("Somebody else has changed this in the meantime. Please look at it again."),
                code="stale",
            )
        for name, value in fields.items():
            setattr(sheet, name, value)
        sheet.version += 1
        sheet.full_clean()
        sheet.save()


@dataclass(frozen=True)
class Version:
    """What somebody wrote at a moment: the fields that became something else."""

    number: int
    at: datetime
    changes: list[tuple[str, str]]
    user_id: int | None
    user: Person | None = None


def versions(sheet: Worksheet) -> list[Version]:
    """Newest first. Two queries."""
    events = sheet.events.exclude(pgh_label="delete").select_related("pgh_context")
    found = list(_versions(list(events.order_by("-pgh_id")[: SHOWN + 1])[::-1]))[-SHOWN:]
    people = Person.objects.in_bulk({row.user_id for row in found if row.user_id})
    return [Version(**{**vars(row), "user": people.get(row.user_id)}) for row in reversed(found)]


def _versions(events: list[Any]) -> Iterator[Version]:
    before = Worksheet()
    for event in events:
        changes = [
            (label(name), said(event, name))
            for name in Worksheet.FIELDS
            if getattr(event, name) != getattr(before, name)
        ]
        context = event.pgh_context.metadata if event.pgh_context else {}
        yield Version(event.version, event.pgh_created_at, changes, context.get("user"))
        before = event


def label(name: str) -> str:
    field: Any = Worksheet._meta.get_field(name)
    return str(field.verbose_name)


def said(row: Any, name: str) -> str:
    """The field in words, "–" when it is empty."""
    value = getattr(row, name)
    if name == "effort":
        value = dict(Worksheet.Effort.choices).get(value, "")
    if name == "cost" and value is not None:
        return f"{value:,} €".replace(",", ".")
    return str(value) if value not in (None, "") else "–"
