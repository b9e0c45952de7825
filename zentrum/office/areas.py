"""Areas on the map as GeoJSON polygons: from corners, or around a place."""

import re
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from shapely.geometry import Point, Polygon, mapping

from zentrum.office.boundaries import METRES_PER_DEGREE

FEWEST_CORNERS, MOST_CORNERS = 3, 200
DIGITS = 6
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
ROUND = 12  # lines for a quarter of a circle


@dataclass(frozen=True)
class Plane:
    """Metres on a plane that touches the earth at a latitude; exact enough for a few kilometres."""

    latitude: float

    @property
    def east(self) -> float:
        return METRES_PER_DEGREE * cos(radians(self.latitude))

    def flat(self, whole: Any) -> Any:
        return shapely.transform(whole, lambda points: points * [self.east, METRES_PER_DEGREE])

    def round(self, whole: Any) -> Any:
        return shapely.transform(whole, lambda points: points / [self.east, METRES_PER_DEGREE])


def position_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude when the text is just these two numbers, with comma or with point."""
    numbers = NUMBER.findall(text)
    if len(numbers) != 2 or NUMBER.sub("", text).strip(" \t,;°") != "":
        return None
    latitude, longitude = (float(number.replace(",", ".")) for number in numbers)
    is_on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if is_on_earth else None


def from_corners(text: str) -> dict[str, Any]:
    """The GeoJSON Polygon with these corners: one line each, latitude and longitude (WGS84).

    Raises ValidationError for a line that is no place, too few or too many corners, and for an
    outline that crosses itself.
    """
    corners = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        if not (position := position_in(line)):
            raise ValidationError(
                _("Corner %(number)s is no place: write latitude and longitude in degrees."),
                code="corner",
                params={"number": number},
            )
        corners.append((round(position[1], DIGITS), round(position[0], DIGITS)))
    if corners and corners[0] == corners[-1]:
        corners.pop()
    if len(set(corners)) < FEWEST_CORNERS:
        raise ValidationError(_("An area has at least three corners."), code="few")
    if len(corners) > MOST_CORNERS:
        raise ValidationError(
            _("An area has at most %(most)s corners."), code="many", params={"most": MOST_CORNERS}
        )
    return _checked(Polygon(corners))


def _checked(whole: Polygon) -> dict[str, Any]:
    if not whole.is_valid:
        raise ValidationError(
            _(
                "The outline crosses or touches itself. Please set the corners one after the other"
                " around the area."
            ),
            code="crossed",
        )
    return _as_json(whole)


def _as_json(whole: Any) -> dict[str, Any]:
    rings = [[list(corner) for corner in ring] for ring in mapping(whole)["coordinates"]]
    return {"type": "Polygon", "coordinates": rings}


def corners_of(area: dict[str, Any]) -> str:
    """The corners of an area as `from_corners` reads them."""
    ring = area["coordinates"][0][:-1]
    return "\n".join(f"{latitude:.6f} {longitude:.6f}" for longitude, latitude in ring)


def around(latitude: float, longitude: float, radius: int) -> dict[str, Any]:
    """A circle of so many metres as GeoJSON Polygon."""
    plane = Plane(latitude)
    circle = plane.flat(Point(longitude, latitude)).buffer(radius, quad_segs=ROUND)
    corners = plane.round(circle).exterior.coords
    return _as_json(Polygon([(round(x, DIGITS), round(y, DIGITS)) for x, y in corners]))
