"""A neighbourhood as a small picture (SVG), for notebooks: the centre in the middle, the others around it by kind; nothing is loaded, all is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import cos, pi, sin

from kg.export.colours import COLOURS
from kg.query.around import Neighbourhood
from kg.records import Node
from kg.vocabulary import KINDS, RELATIONS

_WIDTH, _HEIGHT = 920, 560
_LABEL = 34


def draw_neighbourhood(found: Neighbourhood) -> str:
    """The picture as an SVG element; each node and link tells what it is when pointed at."""
    places = _places(found)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" style="max-width:{_WIDTH}px;font:12px sans-serif;background:#fff">',
            *_links(found, places),
            *(_node(node, *places[node.id], is_centre=node == found.centre) for node in (*found.nodes, found.centre)),
            "</svg>",
        )
    )


def _places(found: Neighbourhood) -> dict[str, tuple[float, float]]:
    """The centre in the middle, the others on an ellipse, sorted by kind, every second one further out where there are many."""
    around = sorted(found.nodes, key=lambda node: (KINDS.index(node.kind), node.id))
    places = {found.centre.id: (_WIDTH / 2, _HEIGHT / 2)}
    for position, node in enumerate(around):
        angle = 2 * pi * position / len(around) - pi / 2
        reach = 1.0 if len(around) < 12 or position % 2 else 0.68
        places[node.id] = (_WIDTH / 2 + reach * 330 * cos(angle), _HEIGHT / 2 + reach * 245 * sin(angle))
    return places


def _links(found: Neighbourhood, places: dict[str, tuple[float, float]]) -> Iterator[str]:
    for edge in found.edges:
        (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
        is_central = found.centre.id in (edge.source, edge.target)
        told = f"{RELATIONS[edge.relation].phrase} ({edge.confidence:.2f}): {edge.evidence[0].quote if edge.evidence else ''}"
        line = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{"#888" if is_central else "#ddd"}"'
        yield f"<line {line}><title>{_text(told)}</title></line>"


def _node(node: Node, x: float, y: float, *, is_centre: bool) -> str:
    label = node.label if len(node.label) <= _LABEL else node.label[: _LABEL - 1] + "…"
    size = 9 if is_centre else 6
    weight = ' font-weight="bold"' if is_centre else ""
    return (
        f'<g><title>{_text(f"{node.kind}: {node.label}")}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{COLOURS[node.kind]}"/>'
        f'<text x="{x:.1f}" y="{y + size + 11:.1f}" text-anchor="middle"{weight}>{_text(label)}</text></g>'
    )


def _text(text: str) -> str:
    """A text as XML holds it; what cannot be printed becomes a space."""
    return escape("".join(c if c.isprintable() else " " for c in text))
