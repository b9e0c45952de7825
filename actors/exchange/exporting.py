"""Exactly the actors that a list shows, as a workbook, as vCards or as GeoJSON (RFC 7946)."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.directory.listing import ActorFilter, sorted_by
from actors.directory.models import Actor, ActorQuerySet, Address
from zentrum.accounts.models import User
from zentrum.files import xlsx

MOST_ACTORS = 20_000
AT_ONCE = 2_000


def chosen_actors(query: QueryDict, user: User) -> ActorQuerySet:
    """The rows and the order of the list under this address, all of its pages."""
    actors = ActorFilter(query, user=user).narrow(Actor.objects.visible_to(user))
    return sorted_by(actors, query.get("sort", ""))


def whole(actors: ActorQuerySet) -> Iterator[Actor]:
    """The actors with all that an export names. Raises ValidationError when they are too many."""
    if (count := actors.count()) > MOST_ACTORS:
        message = ngettext(
            "The list has %(count)s actor, an export at most %(most)s. Please narrow the list.",
            "The list has %(count)s actors, an export at most %(most)s. Please narrow the list.",
            count,
        )
        raise ValidationError(message, params={"count": count, "most": MOST_ACTORS})
    children = ("sectors", "addresses", "emails", "phones")
    return actors.prefetch_related(*children).iterator(chunk_size=AT_ONCE)


def workbook(actors: Iterator[Actor]) -> bytes:
    headings = (
        *(
            _("Kind"),
            _("Name"),
            _("Given name"),
            _("Legal form"),
            _("Sectors"),
            _("Street and number"),
        ),
        *(_("Postcode"), _("Town"), _("Latitude"), _("Longitude"), _("E-mail addresses")),
        *(_("Phones"), _("Website"), _("Description")),
    )
    return xlsx.workbook(_("Actors"), headings, map(_row, actors))


def _row(actor: Actor) -> tuple[Any, ...]:
    address = main_address(actor)
    return (
        *(actor.get_kind_display(), actor.name, actor.given_name, actor.legal_form),
        *("; ".join(map(str, actor.sectors.all())), address.street, address.postcode),
        *(address.town, address.latitude, address.longitude),
        *("; ".join(map(str, actor.emails.all())), "; ".join(map(str, actor.phones.all()))),
        *(actor.website, actor.description),
    )


def main_address(actor: Actor) -> Address:
    """The first one, or an empty one."""
    return next(iter(actor.addresses.all()), None) or Address()


def geojson(actors: Iterator[Actor]) -> Iterator[bytes]:
    """A feature per actor; one without a position has no geometry, but is there."""
    yield b'{"type": "FeatureCollection", "features": ['
    for number, actor in enumerate(actors):
        yield (b",\n" if number else b"\n") + json.dumps(
            _feature(actor), ensure_ascii=False
        ).encode()
    yield b"\n]}\n"


def _feature(actor: Actor) -> dict[str, Any]:
    address = main_address(actor)
    properties = {
        "name": str(actor),
        "kind": actor.kind,
        "sectors": [sector.name for sector in actor.sectors.all()],
        "street": address.street,
        "postcode": address.postcode,
        "town": address.town,
        "website": actor.website,
    }
    point = None
    if address.latitude is not None:
        point = {"type": "Point", "coordinates": [address.longitude, address.latitude]}
    return {"type": "Feature", "id": actor.pk, "geometry": point, "properties": properties}
