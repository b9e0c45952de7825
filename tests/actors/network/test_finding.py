from actors.network.finding import weak_points
from tests.actors.network.graphs import network_of


def holders(*pairs, alone=""):
    found, _bridges = weak_points(network_of(*pairs, alone=alone))
    return [(holder.node.id, holder.others) for holder in found]


def bridges(*pairs):
    _holders, found = weak_points(network_of(*pairs))
    return [({bridge.edge.source.id, bridge.edge.target.id}, bridge.others) for bridge in found]


def test_middle_of_a_chain_holds_it_together():
    assert holders("ab", "bc", "cd", "de") == [("c", 2), ("b", 1), ("d", 1)]


def test_hub_of_a_star_holds_all_but_one():
    assert holders("ab", "ac", "ad", "ae") == [("a", 3)]


def test_nobody_holds_a_ring_together():
    assert holders("ab", "bc", "ca", alone="z") == []


def test_parts_are_looked_at_one_by_one():
    assert holders("ab", "bc", "xy", "yz") == [("b", 1), ("y", 1)]


def test_two_rings_with_one_node_in_common():
    assert holders("ab", "bc", "ca", "cd", "de", "ec") == [("c", 2)]


def test_only_connection_of_two_groups_is_a_bridge():
    assert bridges("ab", "bc", "ca", "cx", "xy", "yz", "zx") == [({"c", "x"}, 3)]


def test_a_single_node_at_the_end_is_no_bridge():
    assert bridges("ab", "ac", "ad", "ae") == []


def test_connection_twice_is_looked_at_once():
    assert bridges("ab", "bc", "ca", "cx", "xc", "xy", "yz", "zx") == [({"c", "x"}, 3)]
