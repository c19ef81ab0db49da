"""The measure: on hand-made cases, and against the stand-alone script where that is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import kg
from kg.export.papers import paper_records, write_papers
from kg.names import title_key
from kg.score import ORDER, read_labelled, score_papers

SAMPLE = Path(kg.__file__).parent / "data" / "sample"


def entity(name: str, kind: str, relation: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": [kind], "relation": [relation], "surfaces": [name], **more}


def scored(labels: list[dict[str, Any]], guesses: list[dict[str, Any]], **links: Any) -> Any:
    gold = {"t": {"title": "T", "entities": labels, "links": links.get("gold", [])}}
    return score_papers(gold, {"t": {"title": "T", "entities": guesses, "links": links.get("guess", [])}})


def test_a_name_counts_by_kind_and_a_second_spelling_as_repeated() -> None:
    scores = scored([entity("COCO", "dataset", "uses")], [entity("COCO", "dataset", "uses"), entity("coco dataset", "dataset", "uses")])
    assert (scores.found["all"].tp, scores.found["all"].fp, scores.found["all"].fn) == (1, 1, 0)
    assert [m.verdict for m in scores.mistakes] == ["repeated"]


def test_optional_labels_count_neither_way() -> None:
    label = entity("deep learning", "technique", "uses", optional=True)
    for guesses in ([], [entity("deep learning", "technique", "uses")], [entity("deep learning", "task", "uses")]):
        counts = scored([label], guesses).found["all"]
        assert (counts.tp, counts.fp, counts.fn) == (0, 0, 0)


def test_dataset_for_benchmark_is_a_right_resource_of_the_wrong_kind() -> None:
    found = scored([entity("MMMU", "benchmark", "uses")], [entity("MMMU", "dataset", "uses")]).found
    assert (found["resource"].tp, found["dataset"].fp, found["benchmark"].fn) == (1, 1, 1)


def test_a_wrong_relation_is_a_right_name_and_a_wrong_edge() -> None:
    scores = scored([entity("BERT", "model", "uses")], [entity("BERT", "model", "compares_to")])
    assert (scores.found["all"].tp, scores.found["edge"].tp, scores.found["edge"].fp, scores.found["edge"].fn) == (1, 0, 1, 1)


def test_links_are_equal_whatever_their_dress() -> None:
    scores = scored([], [], gold=[{"url": "https://github.com/A/b", "role": ["code"]}], guess=[{"url": "http://www.github.com/a/B.git/", "role": ["code"]}])
    assert (scores.found["link"].tp, scores.found["link"].fp, scores.roles) == (1, 0, [1, 1])


def test_the_figures_are_those_of_the_script(shared: Path, tmp_path: Path) -> None:
    kg.build_graph([str(SAMPLE / "papers.jsonl")], tmp_path / "g.kg")
    labels = SAMPLE / "labels.jsonl"
    with kg.open(tmp_path / "g.kg") as graph:
        write_papers(graph, tmp_path / "p.jsonl")
        ours = score_papers(read_labelled(labels), {title_key(r["title"]): r for r in paper_records(graph)})
    printed = subprocess.run([sys.executable, shared / "gold" / "score.py", labels, tmp_path / "p.jsonl", "--json"], capture_output=True, text=True, check=True)
    theirs = json.loads(printed.stdout)
    for name in ORDER:
        count = ours.found[name]
        assert [count.tp, count.fp, count.fn] == [theirs["found"][name][k] for k in ("tp", "fp", "fn")], name
        assert round(count.f1, 3) == theirs["found"][name]["f1"]
    assert {name: round(a / b, 3) for name, (a, b) in ours.relations.items() if b} == theirs["relation accuracy"]
