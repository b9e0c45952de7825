"""Who is connected with whom on a day: actors, bodies and projects as one graph."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actors.bodies.models import Seat
from actors.directory.models import Actor
from actors.directory.relations import Relation
from zentrum.accounts.models import User

PROJECT, SEAT, PARTICIPATION = "project", "seat", "participation"
NODE_KINDS: list[tuple[str, str | Promise]] = [
    (Actor.Kind.PERSON, _("Persons")),
    (Actor.Kind.ORGANISATION, _("Organisations")),
    (Actor.Kind.BODY, _("Bodies")),
    (PROJECT, _("Projects")),
]
EDGE_KINDS: list[tuple[str, str | Promise]] = [
    *Relation.Kind.choices,
    (SEAT, _("has a seat in")),
    (PARTICIPATION, _("takes part in")),
]


@dataclass(frozen=True)
class Node:
    id: str
    name: str
    kind: str
    url: str
    sort_text: str = ""
    sectors: frozenset[int] = frozenset()
    actor_id: int | None = None


@dataclass(frozen=True)
class Edge:
    source: Node
    target: Node
    kind: str
    words: str | Promise
    function: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Network:
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    @cached_property
    def neighbours(self) -> dict[str, list[str]]:
        """Per node those it is connected with, each once, in a stable order."""
        found: dict[str, dict[str, None]] = {key: {} for key in self.nodes}
        for edge in self.edges:
            found[edge.source.id][edge.target.id] = None
            found[edge.target.id][edge.source.id] = None
        return {key: list(others) for key, others in found.items()}

    @cached_property
    def isolated(self) -> list[Node]:
        return [node for key, node in self.nodes.items() if not self.neighbours[key]]

    def within(self, keys: Iterable[str]) -> "Network":
        """The part of the network that these nodes make up."""
        kept = set(keys)
        return Network(
            {key: node for key, node in self.nodes.items() if key in kept},
            [edge for edge in self.edges if edge.source.id in kept and edge.target.id in kept],
        )


def load(user: User, on: date, *, edge_kinds: Iterable[str] = ()) -> Network:
    """What the user may see of the network as it was on that day, in four queries.

    Without `edge_kinds` all connections. An actor archived later still stood there on that day.
    """
    nodes = {node.id: node for node in _actors(user, on)}
    wanted = set(edge_kinds) or {kind for kind, _label in EDGE_KINDS}
    edges = [*_relations(user, on, nodes, wanted)]
    if SEAT in wanted:
        edges += _seats(user, on, nodes)
    if user.has_perm("projects.view_project"):
        projects = list(_participations(user, nodes))
        nodes |= {edge.target.id: edge.target for edge in projects}
        edges += projects if PARTICIPATION in wanted else []
    return Network(nodes, edges)


def actor_key(pk: int) -> str:
    return f"a{pk}"


def _actors(user: User, on: date) -> Iterator[Node]:
    there = Q(archived_at__isnull=True) | Q(archived_at__date__gt=on)
    actors = Actor.objects.visible_to(user).filter(there).order_by("sort_text", "pk")
    columns = (*Actor.NAMED_BY, "sort_text")
    used = ArrayAgg("sectors", filter=Q(sectors__isnull=False), default=[])
    for actor in actors.only(*columns).annotate(used_sectors=used):
        yield Node(
            id=actor_key(actor.pk),
            name=str(actor),
            kind=actor.kind,
            url=actor.get_absolute_url(),
            sort_text=actor.sort_text,
            sectors=frozenset(actor.used_sectors),
            actor_id=actor.pk,
        )


def _relations(user: User, on: date, nodes: dict[str, Node], wanted: set[str]) -> Iterator[Edge]:
    relations = Relation.objects.visible_to(user).current(on).filter(kind__in=wanted)
    columns = ("actor", "other", "kind", "function", "starts_on", "ends_on")
    labels = dict(Relation.Kind.choices)
    for actor, other, kind, *rest in relations.order_by("pk").values_list(*columns):
        yield from _edge(nodes, actor, other, kind, labels[kind], *rest)


def _edge(
    nodes: dict[str, Node], actor: int, other: int, kind: str, words: str | Promise, *rest: Any
) -> Iterator[Edge]:
    source, target = nodes.get(actor_key(actor)), nodes.get(actor_key(other))
    if source and target and source is not target:
        yield Edge(source, target, kind, words, *rest)


def _seats(user: User, on: date, nodes: dict[str, Node]) -> Iterator[Edge]:
    seats = Seat.objects.visible_to(user).current(on).order_by("pk")
    columns = ("body__actor", "function", "starts_on", "ends_on")
    roles: dict[str, str | Promise] = {
        "person": _("has a seat in"),
        "represents": _("is represented in"),
        "deputy": _("is a deputy in"),
    }
    for body, *rest, person, represents, deputy in seats.values_list(*columns, *roles):
        for words, actor in zip(roles.values(), (person, represents, deputy), strict=True):
            yield from _edge(nodes, actor, body, SEAT, words, *rest)


def _participations(user: User, nodes: dict[str, Node]) -> Iterator[Edge]:
    """By the reverse relation of the actor: projects lie above."""
    participant: Any = Actor._meta.get_field("participations").related_model
    project: Any = participant._meta.get_field("project").related_model
    rows = participant.objects.filter(project__in=project.objects.visible_to(user))
    columns = ("actor", "function", "project", "project__title")
    made: dict[int, Node] = {}
    for actor, function, pk, title in rows.order_by("pk").values_list(*columns):
        if source := nodes.get(actor_key(actor)):
            if pk not in made:
                url = project(pk=pk).get_absolute_url()
                made[pk] = Node(f"p{pk}", title, PROJECT, url, title.lower())
            yield Edge(source, made[pk], PARTICIPATION, _("takes part in"), function)


def around(network: Network, key: str, depth: int) -> Network:
    """The node, those connected with it, and at depth 2 those connected with them."""
    seen = {key}
    reached = {key}
    for _step in range(depth):
        reached = {other for one in reached for other in network.neighbours[one]} - seen
        seen |= reached
    return network.within(seen)


def of_kinds(network: Network, kinds: Iterable[str]) -> Network:
    wanted = set(kinds)
    return network.within(key for key, node in network.nodes.items() if node.kind in wanted)


def of_sector(network: Network, sector: int) -> Network:
    """The actors of a sector, and whoever is connected with one of them."""
    members = {key for key, node in network.nodes.items() if sector in node.sectors}
    near = {other for key in members for other in network.neighbours[key]}
    return network.within(members | near)


def sectors_of(network: Network) -> dict[int, list[Node]]:
    """The actors of each sector, by its key."""
    found: dict[int, list[Node]] = defaultdict(list)
    for node in network.nodes.values():
        for sector in node.sectors:
            found[sector].append(node)
    return found
