"""The network's picture with 3,000 nodes: its queries, and what reading and arranging take."""

import time
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.utils import timezone

from actors.models import Actor, Relation
from actors.network import finding
from actors.network.arranging import arrange
from actors.network.loading import load
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.office.models import Centre, Mandate

NODES = 3000
HUBS = 150  # bodies; every actor is a member of one


def figures() -> dict[str, Any]:
    """Queries for the data, seconds for the data with all places, and for the findings.

    The nodes stand in a centre of their own, which is gone afterwards.
    """
    with transaction.atomic():
        with pgtrigger.ignore():
            user = _fill()
        queries: list[str] = []

        def count(execute: Any, sql: str, *arguments: Any) -> Any:
            queries.append(sql)
            return execute(sql, *arguments)

        started = time.perf_counter()
        with connection.execute_wrapper(count):
            network = load(user, timezone.localdate())
        arrange(network)
        drawn = time.perf_counter()
        finding.weak_points(network)
        found = time.perf_counter()
        transaction.set_rollback(True)
    if len(network.nodes) != NODES:
        raise RuntimeError(f"{len(network.nodes)} nodes instead of {NODES}")
    return {
        "network_queries": len(queries),
        "network_seconds": round(drawn - started, 3),
        "network_findings_seconds": round(found - drawn, 3),
    }


def _fill() -> User:
    """A centre with bodies, people and organisations; returns the one who may see only these."""
    first = Centre.objects.order_by("pk")[0]
    centre = Centre.objects.create(
        town=first.town, carrier=first.carrier, name="Netz", slug="bench-netz"
    )
    kinds = ["body"] * HUBS + ["person", "organisation"] * ((NODES - HUBS) // 2)
    actors = Actor.objects.bulk_create(
        Actor(kind=kind, name=f"Netz {number}", centre=centre) for number, kind in enumerate(kinds)
    )
    people = actors[HUBS:]
    rows = [(one, "member_of", actors[number * 7 % HUBS]) for number, one in enumerate(people)]
    rows += [
        (one, "works_for", other) for one, other in zip(people[::2], people[1::2], strict=True)
    ]
    rows += [(one, "cooperates", people[number * 11 % 997]) for number, one in enumerate(people)]
    Relation.objects.bulk_create(
        Relation(actor=one, kind=kind, other=other) for one, kind, other in rows if one != other
    )
    user = User.objects.create(email="bench-network@example.org", name="Netz")
    Mandate.objects.create(
        user=user,
        role=Role.MANAGER,
        carrier=first.carrier,
        centre=centre,
        starts_on=timezone.localdate(),
    )
    return user
