"""Boundaries as planning offices hand them over: GeoJSON files (RFC 7946) with one area or more."""

import json
from math import cos, radians
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from shapely import GEOSException, force_2d, set_precision, transform
from shapely.geometry import mapping, shape
from shapely.ops import unary_union

from zentrum.office.places import validate_area

MOST_POINTS = 5000  # a boundary along every house corner of a centre has some hundred
FAR_AWAY = 0.5  # degrees from the centre's office; farther, the two numbers are swapped
PRECISION = 0.000001  # degrees: 11 centimetres
METRES_PER_DEGREE = 111_320


def read_boundary(text: str | bytes) -> dict[str, Any]:
    """The Polygon or MultiPolygon (WGS84) in a GeoJSON text: of a geometry, a feature, or several.

    Heights are dropped and places rounded to six decimals. Raises ValidationError, with words
    that say how to mend it, for anything that is no area.
    """
    shapes = [_area(geometry) for geometry in _geometries(_parse(text))]
    if not shapes:
        raise ValidationError(_("This file holds no area."), code="empty")
    whole = force_2d(shapes[0] if len(shapes) == 1 else unary_union(shapes))
    if _count(whole) > MOST_POINTS:
        raise ValidationError(
            _("This boundary has more than %(most)s points. Please simplify it."),
            code="long",
            params={"most": MOST_POINTS},
        )
    area = json.loads(json.dumps(mapping(set_precision(whole, PRECISION))))
    validate_area(area)
    return area


def is_far_from(area: dict[str, Any], latitude: float | None, longitude: float | None) -> bool:
    """Whether the area lies where the centre cannot be; False when its place is not known."""
    if latitude is None or longitude is None:
        return False
    middle = shape(area).centroid
    return abs(middle.y - latitude) > FAR_AWAY or abs(middle.x - longitude) > FAR_AWAY


def hectares(area: dict[str, Any]) -> float:
    """The size of an area in WGS84, on a plane that touches the earth in its middle."""
    whole = shape(area)
    east = METRES_PER_DEGREE * cos(radians(whole.centroid.y))
    flat = transform(whole, lambda points: points * [east, METRES_PER_DEGREE])
    return float(flat.area) / 10_000


def _parse(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is no GeoJSON: the text cannot be read."), code="json") from (
            error
        )


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _geometries(data: Any) -> list[Any]:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection" and isinstance(data.get("features"), list):
        return [geometry for feature in data["features"] for geometry in _geometries(feature)]
    if kind == "Feature":
        return [data["geometry"]] if data.get("geometry") else []
    return [data]


def _area(geometry: Any) -> Any:
    try:
        validate_area(geometry)
        return shape(geometry)
    except (GEOSException, IndexError) as error:
        raise ValidationError(_("This is not a GeoJSON geometry.")) from error


def _count(whole: Any) -> int:
    parts = getattr(whole, "geoms", [whole])
    return sum(len(ring.coords) for part in parts for ring in (part.exterior, *part.interiors))
