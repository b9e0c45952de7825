"""Two versions of an actor beside each other, for somebody whose form is older than the row."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actors.directory.consenting import is_listed
from actors.directory.forms import ActorEditor
from actors.directory.models import Actor, Sector
from actors.directory.services import Contact

FIELDS = (
    "kind",
    "name",
    "given_name",
    "legal_form",
    "centre",
    "description",
    "website",
)


@dataclass(frozen=True)
class Difference:
    label: str
    mine: str
    theirs: str


def differences(editor: ActorEditor, stored: Actor) -> list[Difference]:
    """What the valid form and the stored actor do not share, in words."""
    data, contact = editor.form.cleaned_data, Contact.of(stored)
    labels = {name: str(editor.form.fields[name].label) for name in FIELDS}
    rows = [(labels[name], _text(data[name]), _text(getattr(stored, name))) for name in FIELDS]
    agreed = editor.form.cleaned_data["is_listed"]
    label = str(editor.form.fields["is_listed"].label)
    rows.append((label, _text(agreed), _text(is_listed(stored))))
    rows.append((_("Sectors"), _names(data["sectors"]), _names(stored.sectors.all())))
    for label, mine, theirs in (
        (_("E-mail addresses"), editor.contact.emails, contact.emails),
        (_("Phone numbers"), editor.contact.phones, contact.phones),
        (_("Address"), [editor.contact.address], [contact.address]),
    ):
        rows.append((label, _lines(mine), _lines(theirs)))
    return [Difference(*row) for row in rows if row[1] != row[2]]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(Actor.Kind(value).label) if value in Actor.Kind.values else str(value)


def _names(sectors: Iterable[Sector]) -> str:
    return ", ".join(str(sector) for sector in sectors)


def _lines(rows: list[dict]) -> str:
    parts = [[_part(value) for value in row.values() if value] for row in rows]
    return "\n".join(sorted(", ".join(row) for row in parts))


def _part(value: object) -> str:
    if value is True:
        return _("main address")
    if isinstance(value, tuple):
        return f"{value[0]:.6f}; {value[1]:.6f}"
    return str(value)
