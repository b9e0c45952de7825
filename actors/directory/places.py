"""Where actors stand on the map, as GeoJSON (RFC 7946)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import FilteredRelation, Q
from django.urls import reverse

from actors.directory.models import Actor, ActorQuerySet

MOST_PLACES = 5000  # on one map; a browser gets slow beyond


def with_place(actors: ActorQuerySet) -> ActorQuerySet:
    """Actors whose main address has a position, that address joined as `place`."""
    joined = actors.annotate(
        place=FilteredRelation("addresses", condition=Q(addresses__is_main=True))
    )
    return joined.filter(place__latitude__isnull=False)


def feature_collection(actors: ActorQuerySet, page: str = "actors:actor_detail") -> dict[str, Any]:
    """Points with name, address of the page (by its URL name), and street; at most 5,000."""
    columns = ("pk", "kind", "name", "given_name", "legal_form")
    place = ("place__street", "place__latitude", "place__longitude")
    rows = with_place(actors).order_by("sort_text", "pk").values_list(*columns, *place)
    return {"type": "FeatureCollection", "features": list(_features(rows[:MOST_PLACES], page))}


def _features(rows: Iterable[tuple], page: str) -> Iterable[dict[str, Any]]:
    pattern = reverse(page, args=[0])
    for pk, kind, name, given_name, legal_form, street, latitude, longitude in rows:
        actor = Actor(kind=kind, name=name, given_name=given_name, legal_form=legal_form)
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {
                "name": str(actor),
                "url": pattern.replace("/0/", f"/{pk}/"),
                "text": street,
            },
        }
