"""A graph as the JSON that the page's script reads: columns rather than objects, offsets as JavaScript counts them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kg.export.page.overview import Overview, radii
from kg.export.page.reading import PageEdge, PageNode, PagePlace
from kg.vocabulary import KINDS, RELATIONS

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def pack_graph(nodes: Sequence[PageNode], edges: Sequence[PageEdge], overview: Overview) -> dict[str, Any]:
    """Nodes, edges and the overview: what the first picture needs."""
    relations = sorted(RELATIONS.values(), key=lambda r: -r.strength)
    number = {relation.name: place for place, relation in enumerate(relations)}
    return {
        "kinds": list(KINDS),
        "relations": [{"name": r.name, "phrase": r.phrase, "inverse": r.inverse, "strength": r.strength} for r in relations],
        "nodes": {
            "id": [node.id for node in nodes],
            "kind": [KINDS.index(node.kind) for node in nodes],
            "label": [node.label for node in nodes],
            "papers": [node.papers for node in nodes],
            "size": radii(nodes),
        },
        "year": {str(place): node.year for place, node in enumerate(nodes) if node.year is not None},
        "url": {str(place): node.url for place, node in enumerate(nodes) if node.url},
        "from": {str(place): list(node.sources) for place, node in enumerate(nodes) if node.sources},
        "names": {str(place): [list(name) for name in node.names] for place, node in enumerate(nodes) if node.names},
        "edges": {
            "source": [edge.source for edge in edges],
            "target": [edge.target for edge in edges],
            "relation": [number[edge.relation] for edge in edges],
            "confidence": [edge.confidence for edge in edges],
        },
        "overview": {
            "nodes": list(overview.nodes), "x": list(overview.x), "y": list(overview.y),
            "regions": [{"label": region.label, "members": list(region.members)} for region in overview.regions],
        },
    }  # fmt: skip


def pack_texts(nodes: Sequence[PageNode], edges: Sequence[PageEdge]) -> dict[str, Any]:
    """Abstracts, and the evidence of every edge: what is read when somebody asks."""
    position = {node.number: place for place, node in enumerate(nodes)}
    texts = {place: (node.label, node.abstract) for place, node in enumerate(nodes) if node.kind == "paper"}
    rules = sorted({place.rule for edge in edges for place in edge.places})
    rule_number = {rule: number for number, rule in enumerate(rules)}
    return {
        "papers": {
            str(place): [node.abstract, list(node.authors), node.venue, node.doi, node.arxiv_id] for place, node in enumerate(nodes) if node.kind == "paper"
        },
        "notes": {str(place): node.note for place, node in enumerate(nodes) if node.note},
        "rules": rules,
        "count": [edge.count for edge in edges],
        "evidence": [[_pack_place(place, position, texts, rule_number) for place in edge.places] for edge in edges],
    }


def _pack_place(
    place: PagePlace, position: Mapping[int, int], texts: Mapping[int, tuple[str, str]], rules: Mapping[str, int]
) -> list[int | str]:
    """Paper, field, four offsets, rule, confidence; the quote itself at the end where the page does not hold the text."""
    paper = position.get(place.paper, -1)
    text = texts[paper][place.field] if place.field in (0, 1) and paper in texts else place.text
    offsets = [script_offset(text, offset) for offset in (place.start, place.end, place.name_start, place.name_end)]
    row: list[int | str] = [paper, place.field, *offsets, rules[place.rule], place.confidence]
    return row if place.field in (0, 1) else [*row, place.text]


def script_offset(text: str, offset: int) -> int:
    """An offset in characters as JavaScript counts: what stands above U+FFFF counts two.

    >>> script_offset("🙂 ab", 2)
    3
    """
    return offset if text.isascii() else offset + len(_ASTRAL.findall(text, 0, offset))


def script_json(value: Any) -> str:
    """JSON that can stand in a script element, whatever the texts say: no `<` is left in it.

    >>> script_json("</script><!--")
    '"\\\\u003c/script>\\\\u003c!--"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
