from itertools import combinations, pairwise
from math import dist

import pytest

from actors.network.arranging import ROOM, arrange
from tests.actors.network.graphs import network_of

STAR = [f"a{leaf}" for leaf in "bcdefghijklmnopqrstuvwxyz"]
CHAIN = ["".join(pair) for pair in pairwise("abcdefghijklm")]
RING = [*CHAIN, "ma"]
HUBS = ["ab", "ac", "ad", *(f"b{leaf}" for leaf in "efgh"), *(f"c{leaf}" for leaf in "ijkl")]


@pytest.mark.parametrize("pairs", [STAR, CHAIN, RING, HUBS, ["ab", "cd", "ef"]])
def test_no_two_nodes_stand_on_one_another(pairs):
    places = arrange(network_of(*pairs, alone="xyz"))

    assert min(dist(*two) for two in combinations(places.values(), 2)) > 2 * ROOM - 1


def test_same_network_gives_the_same_picture():
    assert arrange(network_of(*HUBS)) == arrange(network_of(*HUBS))


def test_a_chain_grows_no_faster_than_its_length():
    places = arrange(network_of(*CHAIN))

    widest = max(dist(*two) for two in combinations(places.values(), 2))
    assert widest < 2 * 2 * ROOM * len(places)


def test_nobody_makes_an_empty_picture():
    assert arrange(network_of()) == {}
