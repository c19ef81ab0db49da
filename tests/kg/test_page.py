"""The page as a file: what goes in, what is left out and said, and the same bytes each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, UnknownName
from kg.export.page import Choice, write_page
from kg.export.page.packing import script_json, script_offset
from kg.graph import Graph

ROOT = Path(__file__).resolve().parents[2]


def read_page(path: Path) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The page's text, its graph and its texts, as a browser would read them."""
    page = path.read_text("utf-8")
    graph, texts = (json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script', page, re.S)[1]) for name in ("graph", "texts"))  # type: ignore[index]
    return page, graph, texts


def labels(graph: dict[str, Any]) -> set[str]:
    return set(graph["nodes"]["label"])


def test_all_of_a_small_graph_goes_in_with_its_evidence(small: Graph, tmp_path: Path) -> None:
    written = write_page(small, tmp_path / "page.html")
    _, graph, texts = read_page(tmp_path / "page.html")
    assert written.nodes == written.whole == len(graph["nodes"]["id"])
    assert written.edges == sum(1 for _ in small.iter_edges()) == len(texts["evidence"])
    assert all(texts["evidence"])
    assert sorted(graph["overview"]["nodes"]) == list(range(written.nodes))
    assert graph["left"]["wishes"] == []


def test_every_quote_of_the_page_is_one_of_the_graph(small: Graph, tmp_path: Path) -> None:
    write_page(small, tmp_path / "page.html")
    _, graph, texts = read_page(tmp_path / "page.html")
    ids, names = graph["nodes"]["id"], [r["name"] for r in graph["relations"]]
    for number, edge in enumerate(zip(*(graph["edges"][column] for column in ("source", "relation", "target")), strict=True)):
        source, relation, target = ids[edge[0]], names[edge[1]], ids[edge[2]]
        real = next(e for e in small.iter_edges(with_evidence=True) if (e.source, e.relation, e.target) == (source, relation, target))
        shown = set()
        for paper, field, start, end, *_ in texts["evidence"][number]:
            text = graph["nodes"]["label"][paper] if field == 0 else texts["papers"][str(paper)][0] if field == 1 else texts["evidence"][number][0][-1]
            shown.add(text[start:end])
        assert shown <= {e.quote for e in real.evidence}


@pytest.mark.parametrize(
    ("wishes", "there", "gone"),
    [
        ({"kinds": ("model",)}, {"CLIP", "LLaVA"}, {"ImageNet", "COCO"}),
        ({"min_papers": 2}, {"ImageNet", "CLIP"}, {"COCO", "WebImages"}),
        ({"around": ("GSM8K",), "depth": 1}, {"GSM8K", "Omega: Adding Numbers with Low Rank"}, {"CLIP"}),
        ({"around": ("GSM8K",), "depth": 2}, {"GSM8K", "ImageNet"}, {"CLIP"}),
        ({"around": ("LoRA",), "depth": 2, "relations": ("uses",)}, {"CLIP"}, {"GSM8K"}),
    ],
)  # fmt: skip
def test_wishes_choose_what_goes_in_and_the_page_says_so(small: Graph, tmp_path: Path, wishes: dict[str, Any], there: set[str], gone: set[str]) -> None:
    write_page(small, tmp_path / "page.html", Choice(**wishes))
    _, graph, _ = read_page(tmp_path / "page.html")
    assert there <= labels(graph)
    assert not gone & labels(graph)
    assert graph["left"]["wishes"]
    assert graph["left"]["nodes"] > len(graph["nodes"]["id"])


def test_relations_that_are_not_wanted_stay_out(small: Graph, tmp_path: Path) -> None:
    write_page(small, tmp_path / "page.html", Choice(relations=("evaluates_on",)))
    _, graph, _ = read_page(tmp_path / "page.html")
    assert {graph["relations"][number]["name"] for number in graph["edges"]["relation"]} == {"evaluates_on"}


@pytest.mark.parametrize("top", [1, 2, 5, 9, 12, 1000])
def test_top_takes_what_most_papers_share(small: Graph, tmp_path: Path, top: int) -> None:
    written = write_page(small, tmp_path / "page.html", Choice(top=top))
    _, graph, _ = read_page(tmp_path / "page.html")
    assert written.nodes == min(top, written.whole)
    if 5 <= top < written.whole:
        assert {"ImageNet", "CLIP"} <= labels(graph)
        assert f"the best {top}" in graph["left"]["wishes"]


def test_a_name_that_is_not_there_is_an_error_with_near_ones(small: Graph, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="ImageNet"):
        write_page(small, tmp_path / "page.html", Choice(around=("ImagNet",)))
    assert not (tmp_path / "page.html").exists()


def test_the_same_bytes_each_time_and_for_every_hash_seed(small_path: Path, tmp_path: Path) -> None:
    pages = []
    for seed in ("0", "1", "random"):
        output = tmp_path / f"{seed}.html"
        command = [sys.executable, "-m", "cli", "export", "html", "-q", "-g", str(small_path), "-o", str(output)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
        pages.append(output.read_bytes())
    assert pages[0] == pages[1] == pages[2]


def test_nothing_in_the_page_is_fetched_and_nothing_is_a_path_of_this_machine(small: Graph, tmp_path: Path) -> None:
    write_page(small, tmp_path / "page.html")
    page, _, _ = read_page(tmp_path / "page.html")
    assert re.findall(r'<(?:script|link|img|iframe)[^>]*\s(?:src|href)="(?!data:)', page) == []
    assert "default-src 'none'" in page
    assert str(tmp_path) not in page


def test_the_title_is_text(small: Graph, tmp_path: Path) -> None:
    write_page(small, tmp_path / "page.html", title="</title><script>alert(1)</script> $style ${vis}")
    page, graph, _ = read_page(tmp_path / "page.html")
    assert unescape(re.search("<title>(.*?)</title>", page)[1]) == graph["title"] == "</title><script>alert(1)</script> $style ${vis}"  # type: ignore[index]


def test_without_vis_network_the_error_says_what_to_install(small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.export.page.writing._VIS", "lib/vis-0/vis-network.min.js")
    with pytest.raises(KgError, match="pyvis"):
        write_page(small, tmp_path / "page.html")


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_in_a_script_element_reads_back_and_cannot_end_it(value: Any) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert "<" not in text


@given(st.text(alphabet="aé🙂𝔘ß", max_size=30), st.integers(0, 30))
def test_offsets_count_as_javascript_does(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    assert script_offset(text, offset) == len(text[:offset].encode("utf-16-le")) // 2


def test_plain_pyvis_has_every_node_and_edge_in_place_and_escapes_texts(small: Graph) -> None:
    network = small.to_pyvis()
    assert len(network.nodes) == sum(small.stats().entities.values()) + small.stats().papers
    assert len(network.edges) == sum(1 for _ in small.iter_edges())
    assert all("x" in node and "y" in node for node in network.nodes)
    assert json.loads(network.options.to_json())["physics"]["enabled"] is False
    assert "imageNet" not in network.generate_html(notebook=False)
    assert {node["label"] for node in small.to_pyvis(["GSM8K"]).nodes} == {"GSM8K", "Omega: Adding Numbers with Low Rank"}
