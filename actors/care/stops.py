"""The stops of a round with their places, and the way past them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from actors.care.models import Round, Visit, VisitQuerySet
from actors.care.routing import Position, length
from actors.directory.models import Address


@dataclass(frozen=True)
class Stop:
    visit: Visit
    address: Address | None

    @property
    def position(self) -> Position | None:
        place = self.address
        if not place or place.latitude is None or place.longitude is None:
            return None
        return (place.latitude, place.longitude)


def stops_of(visits: VisitQuerySet) -> list[Stop]:
    """The stops in their order, each with the main address of its actor. Two queries."""
    rows = visits.select_related("actor__centre", "user").prefetch_related("actor__addresses")
    return [Stop(visit, _main(visit.actor.addresses.all())) for visit in rows]


def _main(addresses: Iterable[Address]) -> Address | None:
    return next((address for address in addresses if address.is_main), None)


def metres_of(row: Round, stops: Iterable[Stop]) -> int:
    """The straight ways from the office past all stops that have a place, in metres."""
    return round(length(_way(row, stops)))


def _way(row: Round, stops: Iterable[Stop]) -> list[Position]:
    office = row.centre
    way = [stop.position for stop in stops if stop.position]
    if office.latitude is not None and office.longitude is not None:
        way.insert(0, (office.latitude, office.longitude))
    return way


def feature_collection(row: Round, stops: list[Stop]) -> dict[str, Any]:
    """The numbered stops as points and the way past them as a line (GeoJSON, RFC 7946)."""
    features = [_point(stop) for stop in stops if stop.position]
    if len(way := _way(row, stops)) > 1:
        line = [[east, north] for north, east in way]
        geometry = {"type": "LineString", "coordinates": line}
        features.insert(0, {"type": "Feature", "geometry": geometry, "properties": {}})
    return {"type": "FeatureCollection", "features": features}


def _point(stop: Stop) -> dict[str, Any]:
    north, east = stop.position or (0, 0)
    visit = stop.visit
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [east, north]},
        "properties": {
            "name": f"{visit.position}. {visit.actor}",
            "url": visit.actor.get_absolute_url(),
            "text": stop.address.street if stop.address else "",
        },
    }
