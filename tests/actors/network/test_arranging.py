from itertools import combinations, pairwise
from math import dist

import pytest

from actors.network.arranging import STEP, arrange
from tests.actors.network.graphs import network_of

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZ"
STAR = [f"a{leaf}" for leaf in LETTERS[1:]]
CHAIN = ["".join(pair) for pair in pairwise(LETTERS)]
RING = [*CHAIN, "Za"]
HUBS = ["ab", "ac", "ad", *(f"b{leaf}" for leaf in "efgh"), *(f"c{leaf}" for leaf in "ijkl")]


@pytest.mark.parametrize("pairs", [STAR, CHAIN, RING, HUBS, ["ab", "cd", "ef"]])
def test_no_two_nodes_stand_on_one_another(pairs):
    places = arrange(network_of(*pairs, alone="123"))

    assert min(dist(*two) for two in combinations(places.values(), 2)) > STEP * 0.75


def test_same_network_gives_the_same_picture():
    assert arrange(network_of(*HUBS)) == arrange(network_of(*HUBS))


def test_many_around_one_stand_close_together():
    places = arrange(network_of(*STAR))

    assert max(dist(*two) for two in combinations(places.values(), 2)) < 15 * STEP


def test_neighbours_of_a_hub_stand_around_it():
    places = arrange(network_of(*HUBS), root="b")

    assert {round(dist(places["b"], places[one])) for one in "aefgh"} == {round(STEP)}


def test_nobody_makes_an_empty_picture():
    assert arrange(network_of()) == {}
