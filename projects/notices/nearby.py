"""Who has an address in an area or near it, and where an address lies."""

from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from shapely.geometry import Point, shape

from actors.directory.models import Actor, ActorQuerySet, Address
from zentrum.common.text import normalise
from zentrum.office.areas import Plane, position_in

TOLERANCE = 0.2  # metres: places are rounded to six digits


def find_place(text: str, actors: ActorQuerySet) -> tuple[float, float]:
    """The place of an address, as an actor of the directory has it, or the coordinates themselves.

    Raises ValidationError when nobody there has such an address with a place on the map.
    """
    if position := position_in(text):
        return position
    addresses = Address.objects.filter(actor__in=actors, latitude__isnull=False)
    for word in normalise(text).split():
        addresses = addresses.filter(search_text__contains=word)
    found = addresses.order_by(Length("street"), "pk").values_list("latitude", "longitude")
    if not normalise(text).split() or not (place := found.first()):
        raise ValidationError(
            _(
                "No actor of the directory has this address with a place on the map. Please write"
                " one nearby, or latitude and longitude."
            ),
            code="unknown",
        )
    return place


def actors_in(area: dict[str, Any], buffer: int, actors: ActorQuerySet) -> ActorQuerySet:
    """The actors with an address inside the area or at most `buffer` metres from it."""
    whole = shape(area)
    plane = Plane(whole.centroid.y)
    wide = plane.flat(whole).buffer(buffer + TOLERANCE)
    west, south, east, north = plane.round(wide).bounds
    near = Address.objects.filter(
        actor__in=actors, latitude__range=(south, north), longitude__range=(west, east)
    ).values_list("actor", "longitude", "latitude")
    shapely.prepare(wide)
    inside = {
        actor
        for actor, longitude, latitude in near
        if wide.covers(plane.flat(Point(longitude, latitude)))
    }
    return Actor.objects.filter(pk__in=inside)
