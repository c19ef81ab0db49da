"""GEXF with positions, colours and sizes, so that Gephi opens the picture ready: https://gexf.net."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from kg.export.colours import COLOURS
from kg.export.files import writing
from kg.export.graphs.graphml import attribute
from kg.export.graphs.placing import Place, node_size, place_nodes
from kg.export.graphs.rows import LINK_FIELDS, NODE_FIELDS, LinkRow, NodeRow, iter_links, iter_nodes
from kg.graph import Graph

_TYPES = {str: "string", int: "integer", float: "double"}


def write_gexf(graph: Graph, output: str | os.PathLike[str], *, min_confidence: float = 0.0, positions: bool = True) -> None:
    """Write nodes and links with their best evidence as GEXF; with `positions` each node has its place, colour by kind and size by papers."""
    places = place_nodes(graph.db, min_confidence=min_confidence) if positions else {}
    with writing(output) as stream:
        for line in _lines(graph, places, min_confidence):
            stream.write((line + "\n").encode())


def _lines(graph: Graph, places: Mapping[str, Place], min_confidence: float) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">'
    yield '  <graph defaultedgetype="directed" mode="static">'
    for domain, fields in (("node", NODE_FIELDS), ("edge", LINK_FIELDS)):
        yield f'    <attributes class="{domain}" mode="static">'
        for name, type_ in fields.items():
            if name != "label":
                yield f'      <attribute id="{domain}_{name}" title="{name}" type="{_TYPES[type_]}"/>'
        yield "    </attributes>"
    yield "    <nodes>"
    for node in iter_nodes(graph.db):
        values = _values("node", NODE_FIELDS, node)
        yield f"      <node id={attribute(node.id)} label={attribute(node.label)}>{values}{_drawn(node, places.get(node.id))}</node>"
    yield "    </nodes>"
    yield "    <edges>"
    for number, link in enumerate(iter_links(graph.db, min_confidence=min_confidence)):
        ends = f"source={attribute(link.source)} target={attribute(link.target)}"
        yield f'      <edge id="{number}" {ends} label="{link.relation}" weight="{link.confidence}">{_values("edge", LINK_FIELDS, link)}</edge>'
    yield "    </edges>"
    yield "  </graph>"
    yield "</gexf>"


def _values(domain: str, fields: Mapping[str, type], row: NodeRow | LinkRow) -> str:
    values: Iterator[tuple[str, Any]] = ((name, getattr(row, name)) for name in fields if name != "label")
    given = "".join(f'<attvalue for="{domain}_{name}" value={attribute(str(value))}/>' for name, value in values if value not in (None, ""))
    return f"<attvalues>{given}</attvalues>"


def _drawn(node: NodeRow, place: Place | None) -> str:
    if place is None:
        return ""
    red, green, blue = bytes.fromhex(COLOURS[node.kind][1:])
    return (
        f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position x="{place[0]:.2f}" y="{place[1]:.2f}" z="0.0"/>'
        f'<viz:size value="{node_size(node.kind, node.papers):.2f}"/>'
    )
