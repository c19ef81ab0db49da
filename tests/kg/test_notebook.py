"""What a notebook shows: tables and a picture, with everything from papers escaped."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.query.matrix import Axis
from kg.records import Entry, Place
from tests.small import statement, write_rows

_EVIL = "<img src=x onerror=alert(1)>&\"'"


class Tags(HTMLParser):
    """Notes the tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.add(tag)


ANSWERS = {
    "papers": lambda g: g.papers([("uses", "CLIP")]),
    "shared": lambda g: g.shared("CLIP", "ImageNet"),
    "search": lambda g: g.search("clip"),
    "show": lambda g: g.show("CLIP"),
    "stats": lambda g: g.stats(),
    "names": lambda g: g.names("CLIP"),
    "paths": lambda g: g.paths("CLIP", "ImageNet"),
    "lineage": lambda g: g.lineage("CLIP"),
    "matrix": lambda g: g.matrix(Axis("model"), Axis("dataset")),
    "compare": lambda g: g.compare(*(row.node.id for row in g.papers(limit=2))),
    "around": lambda g: g.around("CLIP"),
    "nothing": lambda g: g.papers([("introduces", "ImageNet")]),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_answers_show_themselves(small: Graph, answer: str) -> None:
    html = ANSWERS[answer](small)._repr_html_()
    assert html.startswith(("<table", "<svg", "<p>"))


@pytest.mark.parametrize("answer", ANSWERS)
def test_nothing_from_a_paper_becomes_markup(tmp_path: Path, answer: str) -> None:
    rows = []
    for number, name in enumerate(("CLIP", "ImageNet"), 1):
        entry = Entry(f"{_EVIL} is the title of {name}", f"{_EVIL} We use CLIP on ImageNet {_EVIL}.", Place("evil.jsonl", number))
        claims = [("uses", "model", "CLIP"), ("evaluates_on", "dataset", "ImageNet"), ("mentions", "technique", _EVIL)]
        rows.append((entry, [statement(entry, *claim) for claim in claims]))
    write_rows(rows, tmp_path / "evil.kg")
    with Graph(tmp_path / "evil.kg") as graph:
        tags = Tags()
        tags.feed(ANSWERS[answer](graph)._repr_html_())
    assert "img" not in tags.found


def test_the_picture_is_well_formed_and_shows_the_neighbours(small: Graph) -> None:
    picture = small.around("MathVista")
    svg = ET.fromstring(picture._repr_html_())
    texts = {element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert texts == {"MathVista", "Beta: A Model That Sees", "Gamma: Measuring Figures"}
    assert len(list(svg.iter("{http://www.w3.org/2000/svg}line"))) == len(picture.edges)
