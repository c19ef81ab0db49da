"""Links between entities (variant, part, successor) lead from thing to thing and never count as papers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build import build_from_statements
from kg.graph import Graph
from kg.lexicon import Lexicon, read_entry
from kg.records import Entry, Place
from tests.small import statement

_LINES = ("ImageNet | dataset | vision | | |", "ImageNet-1K | dataset | vision | | variant of ImageNet |")


@pytest.fixture
def varied(tmp_path: Path) -> Iterator[Graph]:
    """Two papers, one on ImageNet and one on ImageNet-1K, which the lexicon calls a variant of it; both use LoRA."""
    rows = []
    for number, name in enumerate(("ImageNet", "ImageNet-1K"), 1):
        entry = Entry(f"The paper that is about {name}", f"We test LoRA on {name}.", Place("v.jsonl", number))
        rows.append((entry, (statement(entry, "evaluates_on", "dataset", name), statement(entry, "uses", "technique", "LoRA"))))
    build_from_statements(rows, tmp_path / "v.kg", lexicon=Lexicon(tuple(read_entry(line) for line in _LINES), shipped=False))
    with Graph(tmp_path / "v.kg") as graph:
        yield graph


def test_the_link_is_there(varied: Graph) -> None:
    assert varied.to_networkx().has_edge("dataset/imagenet-1k", "dataset/imagenet", key="variant_of")


def test_only_papers_are_papers(varied: Graph) -> None:
    assert {row.node.kind for row in varied.papers([(None, "ImageNet")])} == {"paper"}
    first, second = (row.node.id for row in varied.papers())
    assert {row.node.id for row in varied.related(first)} == {second}
    assert [(row.node.label, row.value) for row in varied.rank("dataset", min_confidence=0.1)] == [("ImageNet", 1), ("ImageNet-1K", 1)]
    assert {row.node.label for row in varied.together("ImageNet")} == {"LoRA"}


def test_paths_and_lineage_follow_it(varied: Graph) -> None:
    (path,) = varied.paths("ImageNet-1K", "ImageNet", count=1)
    assert [step.edge.relation for step in path.steps] == ["variant_of"]
    assert [branch.node.label for branch in varied.lineage("ImageNet-1K").up.branches] == ["ImageNet"]
    assert "ImageNet-1K" in [branch.node.label for branch in varied.lineage("ImageNet").down.branches]
