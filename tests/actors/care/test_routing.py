from dataclasses import dataclass

import pytest

from actors.care.routing import in_walking_order, length, metres

OFFICE = (52.0, 13.0)


@dataclass(frozen=True)
class Place:
    position: tuple[float, float] | None


def at(*pairs):
    return [Place((52.0 + north / 1000, 13.0 + east / 1000)) for north, east in pairs]


def test_metres_are_those_of_a_town():
    assert metres((52.0, 13.0), (52.001, 13.0)) == pytest.approx(111.3, abs=0.2)
    assert metres((52.0, 13.0), (52.0, 13.001)) == pytest.approx(68.5, abs=0.2)


def test_stops_follow_each_other_from_the_office_on():
    far, near, middle = at((3, 0), (1, 0), (2, 0))

    assert in_walking_order([far, near, middle], OFFICE) == [near, middle, far]


def test_ways_that_run_to_and_fro_are_turned_round():
    """Nearest first passes the corner at once and has to come back to it; 2-opt begins there."""
    east, farther_east, north, corner = at((0, 1.62), (0, 3.24), (1, 0), (2, 4.86))

    way = in_walking_order([east, farther_east, north, corner], OFFICE)

    assert way == [north, east, farther_east, corner]
    assert round(length([OFFICE, *(stop.position for stop in way)])) == 628


def test_same_stops_give_the_same_way_and_those_without_place_come_last():
    stops = [Place(None), *at((1, 1), (2, 5), (4, 1), (0, 3))]

    ways = [in_walking_order(stops, OFFICE) for _time in range(3)]

    assert ways[0] == ways[1] == ways[2]
    assert ways[0][-1] == Place(None)


@pytest.mark.parametrize("start", [OFFICE, (None, None)])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_stops_and_an_office_without_place_are_fine(start, number):
    stops = at((1, 0), (2, 0))[:number]

    assert in_walking_order(stops, start) == stops
