"""A short way on foot past some stops: nearest neighbour, then 2-opt (Croes 1958).

Straight lines between positions in degrees (WGS84); good enough for a town centre, and the same
stops always give the same way.
"""

from collections.abc import Sequence
from math import cos, hypot, radians
from typing import Protocol, TypeVar

METRES_PER_DEGREE = 111_320  # of latitude; of longitude at the equator
ROUNDS = 20  # of 2-opt; far more than a day's stops need

Position = tuple[float, float]  # degrees north, degrees east


class Placed(Protocol):
    @property
    def position(self) -> Position | None: ...


Stop = TypeVar("Stop", bound=Placed)


def metres(one: Position, other: Position) -> float:
    """The straight way between two places of a town; the earth is flat over a few kilometres."""
    narrowing = cos(radians((one[0] + other[0]) / 2))
    north, east = other[0] - one[0], (other[1] - one[1]) * narrowing
    return hypot(north, east) * METRES_PER_DEGREE


def in_walking_order(stops: Sequence[Stop], start: Sequence[float | None]) -> list[Stop]:
    """The stops in a short order from `start` on, if that is known; those without place last."""
    placed = [stop for stop in stops if stop.position]
    begin = (start[0], start[1]) if start[0] is not None and start[1] is not None else None
    way = _shorter(_nearest_first(placed, begin), begin)
    return way + [stop for stop in stops if not stop.position]


def length(positions: Sequence[Position]) -> float:
    """Metres from the first position to the last, in this order."""
    return sum(map(metres, positions, positions[1:]))


def _nearest_first(stops: list[Stop], here: Position | None) -> list[Stop]:
    ahead, way = list(stops), []
    while ahead:
        at = here
        nearest = min(ahead, key=lambda stop: metres(at, _of(stop))) if at else ahead[0]
        ahead.remove(nearest)
        way.append(nearest)
        here = _of(nearest)
    return way


def _shorter(way: list[Stop], start: Position | None) -> list[Stop]:
    """Turn pieces of the way round as long as that makes it shorter."""
    for _round in range(ROUNDS):
        before = way
        for i in range(len(way) - 1):
            for j in range(i + 1, len(way)):
                turned = way[:i] + way[i : j + 1][::-1] + way[j + 1 :]
                if _gain(way, turned, i, j, start) > 1e-6:
                    way = turned
        if way is before:
            break
    return way


def _gain(way: list[Stop], turned: list[Stop], i: int, j: int, start: Position | None) -> float:
    """Metres saved by turning the piece from i to j: only the ways into and out of it change."""

    def ends(order: list[Stop]) -> float:
        into = start if i == 0 else _of(order[i - 1])
        first = metres(into, _of(order[i])) if into else 0.0
        last = metres(_of(order[j]), _of(order[j + 1])) if j + 1 < len(order) else 0.0
        return first + last

    return ends(way) - ends(turned)


def _of(stop: Placed) -> Position:
    if stop.position is None:
        raise ValueError("A stop without a place lies on no way.")
    return stop.position
