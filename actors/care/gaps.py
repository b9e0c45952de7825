"""What nobody takes care of: streets without an idea, sectors without a seat in a body."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, Func, Q, QuerySet, TextField, Value

from actors.bodies.models import Seat
from actors.care.above import other_end, related
from actors.directory.models import Actor, ActorQuerySet, Address, Sector
from actors.directory.relations import Relation
from zentrum.accounts.models import User
from zentrum.common.text import normalise

# A house number at the end, such as 12, 12 a, 12-14 or 3/5; "Straße des 17. Juni" has none.
HOUSE_NUMBER = r"\s+\d+\s*[a-zA-Z]?(\s*[-/–+]\s*\d*\s*[a-zA-Z]?)*\s*$"
NO_LETTERS = re.compile(r"[^a-z0-9]+")
SPEAKS_FOR = (Relation.Kind.WORKS_FOR, Relation.Kind.OWNS, Relation.Kind.REPRESENTS)


@dataclass(frozen=True)
class Street:
    name: str
    actors: int
    latitude: float | None
    longitude: float | None


def street_name() -> Func:
    """The street of an address without its house number."""
    return Func(
        F("street"),
        Value(HOUSE_NUMBER),
        Value(""),
        function="regexp_replace",
        output_field=TextField(),
    )


def streets_of(actors: ActorQuerySet) -> QuerySet[Address, Any]:
    """The streets of the actors' main addresses by name, with how many actors and the middle."""
    addresses = Address.objects.filter(actor__in=actors.order_by(), is_main=True)
    named = addresses.exclude(street="").annotate(name=street_name())
    return (
        named.values("name")
        .annotate(actors=Count("pk"), latitude=Avg("latitude"), longitude=Avg("longitude"))
        .order_by("name")
    )


def actors_in(street: str) -> QuerySet[Address, Any]:
    """The ids of the actors whose main address lies in a street."""
    addresses = Address.objects.filter(is_main=True, street__startswith=street)
    return addresses.annotate(name=street_name()).filter(name=street).values("actor")


def streets_without_idea(actors: ActorQuerySet, user: User) -> list[Street]:
    """Streets in which actors sit and that no idea names as its place. Two queries."""
    idea = other_end(related("cases"), "idea")
    places = idea.objects.visible_to(user).exclude(place="").order_by()
    named = " | ".join(map(_plain, places.values_list("place", flat=True).distinct()))
    return [
        Street(**row)
        for row in streets_of(actors)
        if f" {_plain(row['name'])} " not in f" {named} "
    ]


def _plain(text: str) -> str:
    """Words of letters and digits only; "Lindenstr. 5" is in the Lindenstraße too."""
    words = NO_LETTERS.sub(" ", normalise(text)).split()
    return " ".join(re.sub(r"str$", "strasse", word) for word in words)


def sectors_without_seat(actors: ActorQuerySet, user: User, on: date) -> QuerySet[Sector]:
    """Sectors of which no actor sits in a body, or has somebody there who speaks for it.

    Each with `count`, how many of the actors it has.
    """
    heard = _heard(user, on)
    of_these = Q(actors__in=actors.order_by())
    return (
        Sector.objects.filter(pk__in=Sector.objects.filter(of_these).values("pk"))
        .exclude(pk__in=Sector.objects.filter(actors__in=heard).values("pk"))
        .annotate(count=Count("actors", filter=of_these, distinct=True))
        .order_by("name")
    )


def _heard(user: User, on: date) -> set[int]:
    """Actors that sit in a body, are members of one, or for whom somebody there speaks."""
    seats = Seat.objects.visible_to(user).current(on).order_by()
    sitting = _ids(seats.values_list("person", "represents"))
    relations = Relation.objects.visible_to(user).current(on).order_by()
    members = relations.filter(kind=Relation.Kind.MEMBER_OF, other__kind=Actor.Kind.BODY)
    sitting |= _ids(members.values_list("actor"))
    spoken_for = relations.filter(actor__in=sitting, kind__in=SPEAKS_FOR)
    return sitting | _ids(spoken_for.values_list("other"))


def _ids(rows: Iterable[tuple]) -> set[int]:
    return {pk for row in rows for pk in row if pk is not None}
