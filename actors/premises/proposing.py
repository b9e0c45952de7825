"""Make premises of the actors of the directory: one unit per actor with an address and a position.

A shop of a map import so becomes a unit where it trades. Running it again adds only what is new.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.directory.models import Actor, Address
from actors.premises.models import Occupancy, Unit
from zentrum.common.text import normalise
from zentrum.office.models import Centre

# "Alt-Moabit 101 a", "Arminiusstraße 2-4", "Alt-Moabit 73/73A", "Straße des 17. Juni 135". Each
# space has one place in the pattern, so that a long odd address does not keep it busy.
PART = r"\d+(?:\s?[a-z])?"
HOUSE = re.compile(
    rf"^(?P<street>.+?)[\s,]+(?P<number>{PART}(?:\s?[-–/+]\s?(?:{PART}|[a-z]))*)$", re.IGNORECASE
)
LONGEST_NUMBER, LONGEST_LABEL = 20, 100
# Sectors of map imports that never are premises (their short names).
OUTDOORS = (
    "bus-stops",
    "sbahn-stops",
    "tram-stops",
    "ubahn-stops",
    "playgrounds",
    "marketplaces",
    "bicycle-rentals",
)
BATCH = 500


def split_address(text: str) -> tuple[str, str]:
    """Street and house number of "Turmstraße 21"; without a number the text itself and ""."""
    text = " ".join(text.split())
    found = HOUSE.match(text)
    if not found or len(found["number"]) > LONGEST_NUMBER:
        return text, ""
    return found["street"].rstrip(","), found["number"]


@dataclass
class Proposal:
    """What the directory tells about premises that are not known yet."""

    units: list[tuple[Unit, Occupancy]] = field(default_factory=list)
    known: int = 0  # actors that stand in a unit of their house already
    without_place: int = 0  # no street or no position
    undecided: list[Actor] = field(default_factory=list)  # the house has free premises: which?


Key = tuple[str, str]


@dataclass
class _Houses:
    """The premises of the centre by house, and who was ever there."""

    labels: dict[Key, set[str]] = field(default_factory=dict)
    actors: set[tuple[Key, int]] = field(default_factory=set)
    free: set[Key] = field(default_factory=set)  # houses with premises where nobody trades now

    @classmethod
    def of(cls, centre: Centre, today: date) -> "_Houses":
        houses = cls()
        units = Unit.objects.filter(centre=centre).as_on(today).order_by("pk")
        keys = {}
        for unit in units:
            keys[unit.pk] = key = _key(unit.street, unit.number)
            houses.labels.setdefault(key, set()).add(unit.label)
            if not unit.archived_at and (not unit.now or unit.now.state == "vacant"):
                houses.free.add(key)
        rows = Occupancy.objects.filter(unit__centre=centre, actor__isnull=False).order_by("pk")
        for unit_id, actor_id in rows.values_list("unit", "actor"):
            houses.actors.add((keys[unit_id], actor_id))
        return houses


def propose(centre: Centre, today: date) -> Proposal:
    """What `units_from_actors` would add, in the order of the names."""
    houses, proposal = _Houses.of(centre, today), Proposal()
    for actor in _organisations(centre):
        address = next(iter(actor.addresses.all()), None)
        if not address or not address.street or address.latitude is None:
            proposal.without_place += 1
            continue
        key = _key(*split_address(address.street))
        if (key, actor.pk) in houses.actors:
            proposal.known += 1
        elif key in houses.free:
            proposal.undecided.append(actor)
        else:
            unit = _unit(centre, address, actor, houses)
            proposal.units.append((unit, _occupancy(unit, actor)))
    return proposal


def _organisations(centre: Centre) -> Iterable[Any]:
    actors = Actor.objects.active().filter(centre=centre, kind=Actor.Kind.ORGANISATION)
    main = Prefetch("addresses", Address.objects.filter(is_main=True))
    rows = actors.exclude(sectors__slug__in=OUTDOORS).order_by("sort_text", "pk")
    return rows.prefetch_related(main, "source_records")


def _key(street: str, number: str) -> Key:
    return normalise(street), normalise(number).replace(" ", "")


def _unit(centre: Centre, address: Address, actor: Actor, houses: _Houses) -> Unit:
    street, number = split_address(address.street)
    taken = houses.labels.setdefault(_key(street, number), set())
    label = _free_label(taken, actor)
    taken.add(label)
    return Unit(
        centre=centre,
        street=street,
        number=number,
        label=label,
        latitude=address.latitude,
        longitude=address.longitude,
    )


def _free_label(taken: set[str], actor: Actor) -> str:
    """The first unit of a house needs no label; the others are called by who is there."""
    if not taken:
        return ""
    name = str(actor)[:LONGEST_LABEL]
    return name if name not in taken else f"{name[: LONGEST_LABEL - 20]} ({actor.pk})"


def _occupancy(unit: Unit, actor: Any) -> Occupancy:
    record = next(iter(actor.source_records.all()), None)
    known_since = record.created_at if record else actor.created_at
    return Occupancy(
        unit=unit,
        state=Occupancy.State.TRADING,
        actor=actor,
        starts_on=timezone.localdate(known_since),
        source=_("Import “%(source)s”") % {"source": record.source} if record else _("Directory"),
        confidence=Occupancy.Confidence.TOLD,
        note=_("Known since this day; it may have stood there longer."),
    )


@transaction.atomic
def units_from_actors(centre: Centre) -> Proposal:
    """Add the proposed premises of a centre, each with who trades there; returns what was done.

    Running it twice, or at the same time, adds nothing twice: the centre's row is locked.
    """
    Centre.objects.select_for_update(of=("self",)).get(pk=centre.pk)
    proposal = propose(centre, timezone.localdate())
    Unit.objects.bulk_create([unit for unit, _row in proposal.units], batch_size=BATCH)
    Occupancy.objects.bulk_create([row for _unit, row in proposal.units], batch_size=BATCH)
    return proposal
