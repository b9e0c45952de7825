"""Small networks to look at, without a database."""

from actors.network.loading import Edge, Network, Node


def network_of(*pairs, alone=()):
    """`network_of("ab", "bc")`: a is connected with b, b with c."""
    keys = sorted({*"".join(pairs), *alone})
    nodes = {key: Node(key, key, "person", "", key) for key in keys}
    return Network(nodes, [Edge(nodes[a], nodes[b], "cooperates", "cooperates") for a, b in pairs])
