"""Where the nodes of a network stand: each hub with its own around it, no two on one another.

A spanning tree from the best connected node of each part is drawn like balloons: the small branches
fill rings close to their hub, the big ones stand outside. The same network gives the same picture,
and 3,000 nodes take a few hundredths of a second.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import asin, atan2, cos, hypot, pi, sin, sqrt

from actors.network.loading import Network

ROOM = 30.0  # radius that a node needs, in the picture's units
SHAPE = 1.5  # how much wider than high the picture is
Place = tuple[float, float]


@dataclass
class Branch:
    """A node with what hangs on it, as a circle."""

    key: str
    children: list["Branch"] = field(default_factory=list)
    radius: float = ROOM
    hub: Place = (0.0, 0.0)  # where the node stands, seen from the middle of its circle
    place: Place = (0.0, 0.0)  # of the circle's middle, seen from the parent node
    turn: float = 0.0  # of the whole circle, so that the node looks at its parent


def arrange(network: Network, root: str = "") -> dict[str, Place]:
    """Positions by the node's id. `root` stands in the middle of its part."""
    parts = [_branch(network, part) for part in _parts(network, root)]
    return dict(_laid_out(parts, root))


def _parts(network: Network, root: str) -> Iterator[list[tuple[str, str]]]:
    """The connected parts as (node, its parent): big hubs first, parents before children."""
    degree = {key: len(others) for key, others in network.neighbours.items()}
    hubs = sorted(network.nodes, key=lambda key: (key != root, -degree[key]))
    seen: set[str] = set()
    for hub in hubs:
        if hub in seen:
            continue
        seen.add(hub)
        part, queue = [(hub, "")], deque([hub])
        while queue:
            one = queue.popleft()
            for other in sorted(network.neighbours[one], key=lambda key: -degree[key]):
                if other not in seen:
                    seen.add(other)
                    part.append((other, one))
                    queue.append(other)
        yield part


def _branch(network: Network, part: list[tuple[str, str]]) -> Branch:
    branches = {key: Branch(key) for key, _parent in part}
    for key, parent in reversed(part):
        _spread(branches[key])
        if parent:
            branches[parent].children.append(branches[key])
    return branches[part[0][0]]


def _spread(hub: Branch) -> None:
    """Put the children, already spread themselves, in rings around the hub."""
    waiting = sorted(hub.children, key=lambda child: child.radius)
    inner = ROOM  # what is taken so far
    while waiting:
        ring, distance = _ring(waiting, inner)
        start = len(ring) * 0.7  # rings stand turned to one another
        turn = sum(_angle(child, distance) for child in ring)
        gap = (2 * pi - turn) / len(ring)
        for child in ring:
            half = _angle(child, distance) / 2
            start += half
            child.place = (distance * cos(start), distance * sin(start))
            child.turn = start + pi - atan2(child.hub[1], child.hub[0])
            start += half + gap
        inner = distance + ring[-1].radius
        waiting = waiting[len(ring) :]
    _enclose(hub)


def _enclose(hub: Branch) -> None:
    """The circle around the hub and its children; its middle need not be the hub."""
    circles = [(0.0, 0.0, ROOM), *((*child.place, child.radius) for child in hub.children)]
    x = (min(x - r for x, _y, r in circles) + max(x + r for x, _y, r in circles)) / 2
    y = (min(y - r for _x, y, r in circles) + max(y + r for _x, y, r in circles)) / 2
    hub.radius = max(hypot(one - x, other - y) + r for one, other, r in circles)
    hub.hub = (-x, -y)


def _ring(waiting: list[Branch], inner: float) -> tuple[list[Branch], float]:
    """As many of the next children as find room in a ring around `inner`, and its radius."""
    taken, distance = 1, inner + waiting[0].radius
    while taken < len(waiting):
        wider = inner + waiting[taken].radius
        if sum(_angle(child, wider) for child in waiting[: taken + 1]) > 2 * pi:
            break
        taken, distance = taken + 1, wider
    return waiting[:taken], distance


def _angle(child: Branch, distance: float) -> float:
    return 2 * asin(min(child.radius / distance, 1))


def _laid_out(parts: list[Branch], root: str) -> Iterator[tuple[str, Place]]:
    """The parts in rows, the biggest first."""
    parts = sorted(parts, key=lambda part: (part.key != root, -part.radius))
    area = sum((2 * part.radius) ** 2 for part in parts)
    width = max(sqrt(area * SHAPE), *(2 * part.radius for part in parts), 0) if parts else 0
    left = top = height = 0.0
    for part in parts:
        if left and left + 2 * part.radius > width:
            left, top, height = 0.0, top + height, 0.0
        yield from _absolute(part, (left + part.radius, top + part.radius))
        left += 2 * part.radius
        height = max(height, 2 * part.radius)


def _absolute(branch: Branch, middle: Place) -> Iterator[tuple[str, Place]]:
    waiting = [(branch, middle, 0.0)]
    while waiting:
        one, (x, y), turn = waiting.pop()
        turn += one.turn
        hub_x, hub_y = _turned(one.hub, turn)
        x, y = x + hub_x, y + hub_y
        yield one.key, (round(x, 1), round(y, 1))
        for child in one.children:
            child_x, child_y = _turned(child.place, turn)
            waiting.append((child, (x + child_x, y + child_y), turn))


def _turned(place: Place, angle: float) -> Place:
    x, y = place
    return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)
