from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from actors.premises.listing import state_of
from zentrum.files.xlsx import workbook


def units_workbook(units: Iterable[Any], day: date) -> bytes:
    """Premises with what stood there on the day; `units` come from `UnitQuerySet.as_on`."""
    headings = [
        _("Street"),
        _("House number"),
        _("Which part of the house?"),
        _("Centre"),
        _("State"),
        _("Who trades there?"),
        _("since"),
        _("to"),
        _("Source"),
        _("How sure?"),
        _("Floor area (m²)"),
        _("Rent (euro per month, net cold)"),
        _("Property owner"),
        _("Vacancy list"),
        _("Latitude"),
        _("Longitude"),
    ]
    sheet = _("Premises %(day)s") % {"day": day.isoformat()}
    return workbook(sheet, headings, (_row(unit) for unit in units))


def _row(unit: Any) -> list[Any]:
    now = unit.now
    standing = (
        [now.who, now.starts_on, now.ends_on, now.source, now.get_confidence_display()]
        if now
        else ["", None, None, "", ""]
    )
    place = [unit.latitude, unit.longitude]
    house = [unit.street, unit.number, unit.label, unit.centre, state_of(unit)]
    offered = _("yes") if unit.is_offered else _("no")
    owner = unit.owner or ""
    return [*house, *standing, unit.floor_area, unit.rent, owner, offered, *place]
