"""Two versions of premises beside each other, for somebody whose form is older than the row."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from actors.premises.forms import UnitForm
from actors.premises.models import Unit


@dataclass(frozen=True)
class Difference:
    label: str
    mine: str
    theirs: str


def differences(form: UnitForm, stored: Unit) -> list[Difference]:
    """What the valid form and the stored premises do not share, in words."""
    rows = []
    for name in form.Meta.fields:
        theirs = _place(stored) if name == "place" else getattr(stored, name)
        mine = form.cleaned_data.get(name)
        rows.append(Difference(str(form.fields[name].label), _text(mine), _text(theirs)))
    return [row for row in rows if row.mine != row.theirs]


def _place(unit: Unit) -> tuple[float, float] | None:
    return None if unit.latitude is None else (unit.latitude, unit.longitude or 0.0)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        return f"{value[0]:.6f}; {value[1]:.6f}"
    return "" if value is None else str(value)
