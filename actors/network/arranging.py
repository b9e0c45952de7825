"""Where the nodes of a network stand: each part around its hub, as dense as it can be read.

Around the best connected node of a part stand those it is connected with, around them theirs, and
so on; who belongs to the same neighbour stands together. The same network gives the same picture,
and 3,000 nodes take less than a tenth of a second.
"""

from cmath import phase, rect
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sqrt

from actors.network.loading import Network

STEP = 72.0  # between two nodes, in the picture's units
SPREAD = 1.35 * STEP  # side of the square that a node of a crowded band has for itself
GOLDEN = 0.618033988749895  # its multiples fill a band evenly
SHAPE = 1.5  # how much wider than high the picture is
Place = tuple[float, float]


@dataclass(frozen=True)
class Part:
    """A connected part of the network around its hub at 0; places are complex numbers."""

    hub: str
    places: dict[str, complex]

    @property
    def corner(self) -> complex:
        """The lower left corner of the rectangle that the part needs, with its margin."""
        left = min(place.real for place in self.places.values())
        low = min(place.imag for place in self.places.values())
        return complex(left - STEP, low - STEP)

    @property
    def size(self) -> complex:
        right = max(place.real for place in self.places.values())
        high = max(place.imag for place in self.places.values())
        return complex(right + STEP, high + STEP) - self.corner


def arrange(network: Network, root: str = "") -> dict[str, Place]:
    """Positions by the node's id. `root` is the hub of its part."""
    parts = [Part(part[0][0], _around_hub(part)) for part in _parts(network, root)]
    return dict(_in_rows(parts, root))


def _parts(network: Network, root: str) -> Iterator[list[tuple[str, str]]]:
    """The connected parts as (node, its parent): big hubs first, ring by ring from the hub."""
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


def _around_hub(part: list[tuple[str, str]]) -> dict[str, complex]:
    hub = part[0][0]
    places, depth = {hub: 0j}, {hub: 0}
    bands: list[list[tuple[str, str]]] = []
    for key, parent in part[1:]:
        depth[key] = depth[parent] + 1
        if depth[key] > len(bands):
            bands.append([])
        bands[-1].append((key, parent))
    inner = 0.0
    for band in bands:
        inner, radii = _radii(len(band), inner + STEP)
        angles = [2 * pi * number / len(band) for number in range(len(band))]
        turn = _turn(angles, [places[parent] for _key, parent in band])
        for (key, _parent), radius, angle in zip(band, radii, angles, strict=True):
            places[key] = rect(radius, angle + turn)
    return places


def _radii(count: int, inner: float) -> tuple[float, list[float]]:
    """The outer end of a band that begins at `inner`, and the distance of each node in it."""
    if count * STEP <= 2 * pi * inner:
        return inner, [inner] * count
    area = count * SPREAD**2 / pi
    shares = (number * GOLDEN % 1 for number in range(count))
    return sqrt(inner**2 + area), [sqrt(inner**2 + share * area) for share in shares]


def _turn(angles: list[float], parents: list[complex]) -> float:
    """How far a band must turn so that its nodes look at their parents, on the average."""
    away = sum(
        rect(1, phase(parent) - angle)
        for angle, parent in zip(angles, parents, strict=True)
        if parent
    )
    return phase(away) if away else 0.0


def _in_rows(parts: list[Part], root: str) -> Iterator[tuple[str, Place]]:
    """The parts beside each other in rows: the one asked for first, then the biggest."""
    parts = sorted(parts, key=lambda part: (part.hub != root, -part.size.imag, -part.size.real))
    area = sum(part.size.real * part.size.imag for part in parts)
    width = max([sqrt(area * SHAPE), *(part.size.real for part in parts)])
    left = top = height = 0.0
    for part in parts:
        size = part.size
        if left and left + size.real > width:
            left, top, height = 0.0, top + height, 0.0
        shift = complex(left, top) - part.corner
        for key, place in part.places.items():
            yield key, (round((place + shift).real, 1), round((place + shift).imag, 1))
        left, height = left + size.real, max(height, size.imag)
