"""Where premises stand on the map, as GeoJSON (RFC 7946); for the public rounded if wished."""

from math import cos, radians
from typing import Any

from actors.premises.listing import state_of, with_place
from actors.premises.models import Unit, UnitQuerySet

MOST_PLACES = 5000  # on one map; a browser gets slow beyond
GRID_METRES = 200
METRES_PER_DEGREE = 111_320  # of latitude; of longitude at the equator


def feature_collection(units: UnitQuerySet) -> dict[str, Any]:
    """Points with address, state on the day, who trades there, and the page; at most 5,000."""
    features = [_feature(unit) for unit in with_place(units)[:MOST_PLACES]]
    return {"type": "FeatureCollection", "features": features}


def _feature(unit: Any) -> dict[str, Any]:
    text = ", ".join(part for part in (state_of(unit), unit.now.who if unit.now else "") if part)
    properties = {"name": str(unit), "url": unit.get_absolute_url(), "text": text}
    return point(unit.latitude, unit.longitude, **properties)


def point(latitude: float, longitude: float, **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties,
    }


def public_position(unit: Unit) -> tuple[float, float] | None:
    """Degrees north and east as the public may see them: exact, or on a grid of about 200 metres.

    A grid and no chance: whoever asks twice learns no more.
    """
    if unit.latitude is None or unit.longitude is None:
        return None
    if not unit.is_blurred:
        return unit.latitude, unit.longitude
    step = GRID_METRES / METRES_PER_DEGREE
    latitude = min(90.0, max(-90.0, round(unit.latitude / step) * step))
    wider = step / max(cos(radians(latitude)), 0.01)
    longitude = min(180.0, max(-180.0, round(unit.longitude / wider) * wider))
    return round(latitude, 6), round(longitude, 6)
