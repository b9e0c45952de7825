"""The desks for which a person may enter ideas and projects: a carrier in a centre."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms

from zentrum.accounts.roles import LEADING, OFFICE, Role
from zentrum.office.access import centres_of
from zentrum.office.models import Carrier, Centre

if TYPE_CHECKING:
    from zentrum.accounts.models import User


@dataclass(frozen=True)
class Desk:
    carrier: Carrier
    centre: Centre

    @property
    def key(self) -> str:
        return f"{self.carrier.pk}-{self.centre.pk}"

    def __str__(self) -> str:
        return f"{self.centre} ({self.carrier})"


def desks_of(user: "User", roles: tuple[str, ...] = LEADING) -> list[Desk]:
    """Each desk once, by name. Two queries."""
    mandates = [mandate for mandate in user.current_mandates if mandate.role in roles]
    carriers = Carrier.objects.in_bulk({mandate.carrier_id for mandate in mandates})
    found = {
        Desk(carriers[mandate.carrier_id], centre)
        for centre in centres_of(user, roles)
        for mandate in mandates
        if mandate.centre_id in (None, centre.pk)
    }
    return sorted(found, key=str)


def show_around(position: forms.Field, centre: Centre | None) -> None:
    """Open the map of a place field where the centre lies."""
    if centre and centre.latitude is not None:
        position.widget.centre = (centre.latitude, centre.longitude)


def centres_to_choose(user: "User") -> list[Centre]:
    """The centres whose ideas and projects a person may find in the lists."""
    return list(centres_of(user, (*OFFICE, Role.CITY, Role.BODY_MEMBER)))
