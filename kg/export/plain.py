"""The plain pyvis network, for a notebook: the graph as pyvis has it, with places given, and none of the page's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.export.colours import COLOURS
from kg.export.layout import lay_out
from kg.export.page.choosing import Choice, choose
from kg.export.page.overview import link_weights, radii
from kg.export.page.reading import read_edges, read_nodes
from kg.graph import Graph

if TYPE_CHECKING:
    from pyvis.network import Network

SHAPES = {"paper": "dot", "dataset": "square", "benchmark": "diamond", "technique": "triangle", "model": "hexagon", "task": "star",
          "repository": "triangleDown", "page": "triangleDown"}  # fmt: skip


def to_pyvis(graph: Graph, choice: Choice | None = None, *, physics: bool = False, notebook: bool = False) -> Network:
    """A pyvis network of what is chosen: ids as nodes, edges labelled by relation.

    Args:
        graph: An open graph.
        choice: What goes in; the 500 that say most where it is not given.
        physics: Let the browser move the nodes; slow from some hundred nodes on.
        notebook: Make the network for a notebook, as pyvis means it.
    """
    from pyvis.network import Network

    choose(graph.db, choice or Choice(top=500))
    nodes = read_nodes(graph.db)
    edges = read_edges(graph.db, nodes)
    links = [(a, b, weight) for (a, b), weight in sorted(link_weights(nodes, edges).items())]
    sizes = radii(nodes)
    layout = lay_out(len(nodes), links, [(size, size) for size in sizes])
    network = Network(height="750px", width="100%", directed=True, notebook=notebook, cdn_resources="in_line")
    for node, size, x, y in zip(nodes, sizes, layout.x, layout.y, strict=True):
        network.add_node(
            node.id, label=node.label[:40], title=f"{node.label} ({node.kind})", color=COLOURS[node.kind], shape=SHAPES[node.kind], size=size,
            x=x, y=y,
        )  # fmt: skip
    # pyvis looks through all edges for each that is added; the list itself takes them at once
    network.edges = [
        {"from": nodes[e.source].id, "to": nodes[e.target].id, "title": e.relation, "width": 1, "arrows": "to"} for e in edges
    ]
    network.toggle_physics(physics)
    return network
