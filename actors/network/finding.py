"""What a network tells: who holds it together, who stands alone, who connects two sectors."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx

from actors.directory.models import Actor, Sector
from actors.directory.relations import Relation
from actors.network.loading import SEAT, Edge, Network, Node, sectors_of

MOST = 10  # rows of a finding
MOST_WAYS = 5
MOST_STARTS = 50  # actors of a sector from which all ways are followed
SMALLEST_SIDE = 3  # nodes; a bridge to fewer is nothing to worry about
SPEAKS_FOR = {Relation.Kind.WORKS_FOR, Relation.Kind.OWNS, Relation.Kind.REPRESENTS}


@dataclass(frozen=True)
class Holder:
    """Without this node so many others would lose their connection to the rest of their part."""

    node: Node
    others: int


@dataclass(frozen=True)
class Bridge:
    """The only connection between the two sides; the smaller one has so many nodes."""

    edge: Edge
    others: int


@dataclass(frozen=True)
class Broker:
    """Lies on this share (percent) of the shortest ways between two sectors."""

    node: Node
    percent: int


@dataclass(frozen=True)
class Between:
    steps: int  # of the shortest way; 0: there is none
    ways: list[list[Node]]
    brokers: list[Broker]


def graph_of(network: Network) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(network.nodes)
    graph.add_edges_from((edge.source.id, edge.target.id) for edge in network.edges)
    return graph


def weak_points(network: Network) -> tuple[list[Holder], list[Bridge]]:
    """The nodes, and the connections, without which the network falls apart; the worst first."""
    graph = graph_of(network)
    holders: list[Holder] = []
    bridges: list[Bridge] = []
    edges = {frozenset((edge.source.id, edge.target.id)): edge for edge in network.edges}
    for tree, root in _block_trees(graph):
        weight, total = _weights(tree, root)
        for one in tree:
            if isinstance(one, str):
                pieces = [weight[child] for child in _children(tree, one, weight)]
                rest = total - 1 - sum(pieces)
                others = total - 1 - max([*pieces, rest])
                holders.append(Holder(network.nodes[one], others))
            elif len(one) == 2:
                side = min(weight[one], total - weight[one])
                if side >= SMALLEST_SIDE:
                    bridges.append(Bridge(edges[one], side))
    holders.sort(key=lambda holder: (-holder.others, holder.node.sort_text))
    bridges.sort(key=lambda bridge: (-bridge.others, bridge.edge.source.sort_text))
    return holders, bridges


def _block_trees(graph: nx.Graph) -> Iterator[tuple[Any, str]]:
    """Per part that can fall apart: a tree of its cut nodes (str) and blocks (frozenset)."""
    cuts = set(nx.articulation_points(graph))
    forest: Any = nx.Graph()
    for nodes in nx.biconnected_components(graph):
        block = frozenset(nodes)
        forest.add_edges_from((block, cut) for cut in nodes & cuts)
    for part in nx.connected_components(forest):
        yield forest.subgraph(part), min(one for one in part if isinstance(one, str))


def _weights(tree: Any, root: str) -> tuple[dict[Any, int], int]:
    """How many nodes of the graph hang below each node of the tree, itself included."""
    weight: dict[Any, int] = {}
    parents = dict(nx.bfs_predecessors(tree, root))
    for one in [root, *parents]:
        is_cut = isinstance(one, str)
        weight[one] = 1 if is_cut else sum(node not in tree for node in one)
    for one in reversed(list(parents)):
        weight[parents[one]] += weight[one]
    return weight, weight[root]


def _children(tree: Any, one: str, weight: dict[Any, int]) -> list[Any]:
    """Blocks below a cut node: those that weigh less than it."""
    return [block for block in tree[one] if weight[block] < weight[one]]


def missing_sectors(network: Network) -> list[Sector]:
    """Sectors with actors of which none sits in a body, or has somebody there who speaks for it."""
    heard = _heard(network)
    silent = [
        sector
        for sector, nodes in sectors_of(network).items()
        if not any(node.id in heard for node in nodes)
    ]
    return list(Sector.objects.filter(pk__in=silent))


def _heard(network: Network) -> set[str]:
    bodies = {key for key, node in network.nodes.items() if node.kind == Actor.Kind.BODY}
    sitting = {
        edge.source.id
        for edge in network.edges
        if edge.target.id in bodies and edge.kind in (SEAT, Relation.Kind.MEMBER_OF)
    }
    spoken_for = {
        edge.target.id
        for edge in network.edges
        if edge.source.id in sitting and edge.kind in SPEAKS_FOR
    }
    return sitting | spoken_for


def between(network: Network, first: Sector, second: Sector) -> Between:
    """The shortest ways from one sector to another, and who lies on most of them.

    Brokers are ranked by betweenness (Brandes 2008) between all pairs of the two sectors; from a
    sector with more than 50 actors an even sample of them.
    """
    starts, ends = _members(network, first), _members(network, second)
    ways = shortest_ways(network, first, second)
    brokers = list(_brokers(network, set(starts) - set(ends), set(ends) - set(starts)))
    return Between(len(ways[0]) - 1 if ways else 0, ways, brokers)


def _members(network: Network, sector: Sector) -> list[str]:
    return [node.id for node in sectors_of(network).get(sector.pk, [])]


def shortest_ways(network: Network, first: Sector, second: Sector) -> list[list[Node]]:
    """At most five of the shortest ways from an actor of one sector to one of the other."""
    return _shortest_ways(network, _members(network, first), set(_members(network, second)))


def _shortest_ways(network: Network, starts: Iterable[str], ends: set[str]) -> list[list[Node]]:
    before: dict[str, list[str]] = {start: [] for start in starts if start not in ends}
    steps = dict.fromkeys(before, 0)
    queue = deque(before)
    reached: list[str] = []
    while queue:
        one = queue.popleft()
        if reached and steps[one] >= steps[reached[0]]:
            break
        for other in network.neighbours[one]:
            if other not in steps:
                steps[other] = steps[one] + 1
                before[other] = []
                queue.append(other)
                reached += [other] if other in ends else []
            if steps[other] == steps[one] + 1:
                before[other].append(one)
    ways = (way for end in reached for way in _back(before, end))
    return [[network.nodes[key] for key in way] for way, _n in zip(ways, range(MOST_WAYS))]  # noqa: B905 - stops at the most


def _back(before: dict[str, list[str]], end: str) -> Iterator[list[str]]:
    """All shortest ways to `end`, from their start."""
    if not before[end]:
        yield [end]
    for one in before[end]:
        for way in _back(before, one):
            yield [*way, end]


def _brokers(network: Network, starts: set[str], ends: set[str]) -> Iterator[Broker]:
    graph = graph_of(network)
    if len(starts) > len(ends):  # the work grows with the sources
        starts, ends = ends, starts
    starts = _sample(starts)
    parts = nx.connected_components(graph)
    pairs = sum(len(part & starts) * len(part & ends) for part in parts)
    if not pairs:
        return
    found = nx.betweenness_centrality_subset(graph, sorted(starts), sorted(ends))
    for key in sorted(found, key=lambda key: (-found[key], network.nodes[key].sort_text))[:MOST]:
        # networkx halves the figures of an undirected graph
        if percent := round(200 * found[key] / pairs):
            yield Broker(network.nodes[key], percent)


def _sample(keys: set[str]) -> set[str]:
    every = -(-len(keys) // MOST_STARTS) or 1
    return set(sorted(keys)[::every])
