"""Which premises fit a space request, and why: every reason is said, also the ones against it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from actors.premises.models import Occupancy, Unit
from actors.premises.requests import SpaceRequest
from zentrum.common.text import normalise

FITS, NEARLY, UNKNOWN, NO = 2, 1, 0, -2
NEAR_AREA = 15  # percent of the wanted area, up or down
NEAR_RENT = 10  # percent above the wanted rent
SOON = timedelta(days=183)  # premises that get free within half a year are looked at
MOST_AGAINST = 1  # reasons; premises with more are no match
MOST_MATCHES = 20
WORDS = {FITS: "success", NEARLY: "warning", UNKNOWN: "neutral", NO: "danger"}


@dataclass(frozen=True)
class Reason:
    points: int
    text: str

    @property
    def tone(self) -> str:
        return WORDS[self.points]

    @property
    def verdict(self) -> str:
        words = {FITS: _("fits"), NEARLY: _("nearly"), UNKNOWN: _("not known"), NO: _("against")}
        return words[self.points]


@dataclass(frozen=True)
class Match:
    unit: Any
    request: SpaceRequest
    reasons: list[Reason] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)

    @property
    def is_possible(self) -> bool:
        return sum(reason.points == NO for reason in self.reasons) <= MOST_AGAINST

    @property
    def fitting(self) -> int:
        return sum(reason.points == FITS for reason in self.reasons)


def matches_of(request: SpaceRequest, today: date) -> list[Match]:
    """The premises of the centre that are free, or soon will be; best ones first, at most 20."""
    units = available_units(request.centre_id, today, request.wanted_from)
    found = [Match(unit, request, reasons(request, unit, today)) for unit in units]
    possible = [match for match in found if match.is_possible]
    possible.sort(key=lambda match: (-match.points, match.unit.sort_text, match.unit.pk))
    return possible[:MOST_MATCHES]


def seekers_of(unit: Any, today: date) -> list[Match]:
    """The open requests that these premises would fit; none unless they are free, or soon."""
    if unit.archived_at or not _gets_free(unit, today + SOON):
        return []
    rows = SpaceRequest.objects.open().filter(centre=unit.centre_id)
    found = [
        Match(unit, row, reasons(row, unit, today))
        for row in rows.select_related("actor", "sector")
    ]
    possible = [match for match in found if match.is_possible]
    return sorted(possible, key=lambda match: (-match.points, match.request.pk))[:MOST_MATCHES]


def available_units(centre_id: int, today: date, wanted_from: date | None) -> Any:
    """Vacant today, in interim use, or ending soon (by the wanted day, if that is later)."""
    latest = max(today + SOON, wanted_from or today)
    free = Q(now__state__in=(Occupancy.State.VACANT, Occupancy.State.INTERIM))
    units = Unit.objects.active().filter(centre=centre_id).as_on(today)
    ending = units.filter(free | Q(now__ends_on__lte=latest)).order_by("sort_text", "pk")
    return ending.prefetch_related("occupancies__actor__sectors")


def _gets_free(unit: Any, latest: date) -> bool:
    if not (now := unit.now):
        return False
    free = (Occupancy.State.VACANT, Occupancy.State.INTERIM)
    return now.state in free or (now.ends_on is not None and now.ends_on <= latest)


def reasons(request: SpaceRequest, unit: Any, today: date) -> list[Reason]:
    """Every wish of the request held against the premises; a wish that was not named is silent."""
    found = [
        _area(request, unit),
        _rent(request, unit),
        _street(request, unit),
        _sector(request, unit),
        _free_from(request, unit, today),
    ]
    return [reason for reason in found if reason]


def _area(request: SpaceRequest, unit: Unit) -> Reason | None:
    low, high = request.area_from, request.area_to
    if low is None and high is None:
        return None
    area = unit.floor_area
    if area is None:
        return Reason(UNKNOWN, _("The floor area is not known."))
    wished = _range(low, high)
    text = _("%(area)s m², wanted: %(wished)s") % {"area": number_format(area), "wished": wished}
    if (low or 0) <= area <= (high or area):
        return Reason(FITS, text)
    least, most = (low or 0) * (100 - NEAR_AREA), (high or area) * (100 + NEAR_AREA)
    near = least <= area * 100 <= most
    return Reason(NEARLY if near else NO, text)


def _range(low: int | None, high: int | None) -> str:
    values = {"low": number_format(low or 0), "high": number_format(high or 0)}
    if low is None:
        return _("up to %(high)s m²") % values
    if high is None:
        return _("from %(low)s m²") % values
    return _("%(low)s to %(high)s m²") % values


def _rent(request: SpaceRequest, unit: Unit) -> Reason | None:
    most = request.rent_to
    if most is None:
        return None
    if unit.rent is None:
        return Reason(UNKNOWN, _("The rent is not known."))
    values = {"rent": number_format(unit.rent, 2), "most": number_format(most, 2)}
    text = _("%(rent)s € rent, wanted: at most %(most)s €") % values
    if unit.rent <= most:
        return Reason(FITS, text)
    return Reason(NEARLY if unit.rent * 100 <= most * (100 + NEAR_RENT) else NO, text)


def _street(request: SpaceRequest, unit: Unit) -> Reason | None:
    wanted = request.wanted_streets
    if not wanted:
        return None
    values = {"street": unit.street, "wanted": ", ".join(wanted)}
    if normalise(unit.street) in {normalise(street) for street in wanted}:
        return Reason(FITS, _("%(street)s is one of the wanted streets.") % values)
    return Reason(NO, _("%(street)s, wanted: %(wanted)s") % values)


def _sector(request: SpaceRequest, unit: Any) -> Reason | None:
    """The same line of business stood there before: shop front, air, permit may still fit."""
    sector = request.sector
    if sector is None:
        return None
    for occupancy in unit.occupancies.all():
        actor = occupancy.actor
        if actor and sector in actor.sectors.all():
            values = {"sector": sector, "name": actor}
            return Reason(FITS, _("%(sector)s stood there before: %(name)s") % values)
    return Reason(UNKNOWN, _("No %(sector)s is known to have stood there.") % {"sector": sector})


def _free_from(request: SpaceRequest, unit: Any, today: date) -> Reason:
    now, wanted = unit.now, request.wanted_from or today
    if now.state == Occupancy.State.VACANT:
        return Reason(FITS, _("vacant since %(day)s") % {"day": _day(now.starts_on)})
    if now.ends_on is None:
        return Reason(NEARLY, _("in interim use, no end agreed"))
    free = now.ends_on + timedelta(days=1)
    text = _("free from %(day)s") % {"day": _day(free)}
    if free <= wanted:
        return Reason(FITS, text)
    return Reason(NEARLY if free <= wanted + SOON else NO, text)


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
