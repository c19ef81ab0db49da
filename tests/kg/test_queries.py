"""Each query on the small graph, whose answers a person can check by hand: see tests/small.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg
from kg.errors import AmbiguousName, UnknownName
from kg.graph import Graph
from kg.query.matrix import Axis
from kg.query.papers import PaperFilter
from kg.query.together import find_together
from kg.records import Entry, Place
from tests.small import statement, write_rows

ALPHA, BETA, GAMMA, DELTA, OMEGA = (
    "Alpha: Learning Images from Words", "Beta: A Model That Sees", "Gamma: Measuring Figures", "Delta: Pruning with Low Rank",
    "Omega: Adding Numbers with Low Rank",
)  # fmt: skip


def titles(rows: object) -> list[str]:
    return sorted(row.node.label for row in rows)  # type: ignore[attr-defined]


def test_search_finds_a_paper_by_words_of_its_abstract_and_shows_them(small: Graph) -> None:
    found = small.search("LLaVA fails", kind="paper")
    assert titles(found) == [GAMMA]
    snippet = found[0].snippet
    assert snippet is not None
    text = next(paper.abstract for paper in small.iter_papers() if paper.title == GAMMA)
    assert text[snippet.start : snippet.end] == snippet.quote
    assert {snippet.quote[a:b] for a, b in snippet.marks} == {"LLaVA", "fails"}


def test_search_puts_the_thing_of_that_name_first(small: Graph) -> None:
    assert small.search("clip")[0].node.id == "model/clip"


def test_search_takes_phrases_and_beginnings_of_words(small: Graph) -> None:
    assert titles(small.search('"low rank" numbers', kind="paper")) == [OMEGA]
    assert titles(small.search("prun*", kind="paper")) == [DELTA]


@pytest.mark.parametrize("text", ['"', "AND OR NOT", "a(b", "NEAR(", "*", "title:", "", "'; --"])
def test_search_never_takes_a_query_for_an_operator(small: Graph, text: str) -> None:
    small.search(text)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (PaperFilter((("uses", "CLIP"), ("evaluates_on", "ImageNet"))), [BETA, DELTA]),
        (PaperFilter((("uses", "CLIP"), ("evaluates_on", "GSM8K")), match_any=True), [BETA, DELTA, OMEGA]),
        (PaperFilter(((None, "ImageNet"),), (("uses", "CLIP"),)), [ALPHA, OMEGA]),
        (PaperFilter(((None, "ImageNet"),), with_code=True), [ALPHA, BETA]),
        (PaperFilter(((None, "ImageNet"),), with_code=False), [DELTA, OMEGA]),
        (PaperFilter(years=(2022, 2023)), [BETA, GAMMA]),
        (PaperFilter(years=(None, 2021)), [ALPHA]),
        (PaperFilter(source="small"), [ALPHA, BETA, DELTA, GAMMA, OMEGA]),
        (PaperFilter(source="elsewhere"), []),
    ],
)
def test_papers_by_filters(small: Graph, asked: PaperFilter, expected: list[str]) -> None:
    assert titles(small.papers(filter=asked)) == expected


def test_papers_come_with_the_edges_that_make_them_answers(small: Graph) -> None:
    (row,) = small.papers([("trains_on", "WebImages")])
    assert [edge.evidence[0].quote for edge in row.edges] == ["We introduce CLIP, trained on WebImages."]


def test_shared_by_two_papers(small: Graph) -> None:
    rows = small.shared(ALPHA, DELTA)
    sides = {row.node.label: [[edge.relation for edge in side] for side in row.sides] for row in rows}
    assert sides == {
        "CLIP": [["introduces"], ["uses"]],
        "ImageNet": [["evaluates_on"], ["evaluates_on"]],
        "image classification": [["addresses"], ["addresses"]],
    }
    # ImageNet is in four papers, the others in fewer
    assert rows[-1].node.label == "ImageNet"


def test_shared_by_two_entities_are_the_papers_that_join_them(small: Graph) -> None:
    assert titles(small.shared("LLaVA", "MathVista")) == [BETA, GAMMA]
    assert titles(small.shared("LoRA", "ImageNet", "CLIP")) == [DELTA]


def test_related_papers_name_what_is_shared_and_rare_things_weigh_more(small: Graph) -> None:
    rows = small.related(BETA)
    assert rows[0].node.label == GAMMA
    assert {thing.node.label for thing in rows[0].shared} == {"LLaVA", "MathVista", "visual question answering"}
    weights = {thing.node.label: thing.weight for row in rows for thing in row.shared}
    assert weights["MathVista"] > weights["CLIP"] > weights["ImageNet"]


def test_related_by_kind_and_by_how_much_is_shared(small: Graph) -> None:
    assert titles(small.related(BETA, by=("benchmark",))) == [GAMMA]
    assert titles(small.related(BETA, min_shared=3)) == [GAMMA]
    assert titles(small.related(BETA, by=("model",))) == [ALPHA, DELTA, GAMMA]


def test_together_counts_and_lifts(small: Graph) -> None:
    rows = {row.node.label: row for row in find_together(small.db, "CLIP", min_papers=1)}
    # CLIP is in three of five papers; image classification in two of those and in no other
    assert (rows["image classification"].count, round(rows["image classification"].lift, 3)) == (2, round(2 * 5 / (3 * 2), 3))
    assert rows["ImageNet"].count == 3
    assert [node.label for node in rows["LoRA"].papers] == [DELTA]
    assert "github.com" not in " ".join(rows)


def test_together_in_one_relation_only(small: Graph) -> None:
    rows = find_together(small.db, "CLIP", relation="uses", kind="technique", min_papers=1)
    assert {(row.node.label, row.count) for row in rows} == {("LoRA", 1), ("LoRAPrune", 1)}


def test_a_path_goes_by_what_few_papers_name(small: Graph) -> None:
    best = small.paths("GSM8K", "CLIP", count=2)
    assert [step.node.label for step in best[0].steps] == [OMEGA, "LoRA", DELTA, "CLIP"]
    assert [step.inverse for step in best[0].steps] == [True, False, True, False]
    assert [step.edge.relation for step in best[0].steps] == ["evaluates_on", "uses", "uses", "uses"]
    assert best[0].cost <= best[1].cost


def test_no_path_where_there_is_none(small: Graph) -> None:
    assert small.paths("GSM8K", "CLIP", min_confidence=0.99) == []
    assert small.paths("CLIP", "CLIP") == []


def test_why_between_things_with_no_link(small: Graph) -> None:
    assert small.why("GSM8K", "COCO") == []


def test_rank_by_papers_and_by_one_relation(small: Graph) -> None:
    assert [(row.rank, row.node.label, row.value) for row in small.rank("dataset", limit=1)] == [(1, "ImageNet", 4)]
    assert [(row.node.label, row.value) for row in small.rank("technique", relation="uses")] == [("LoRA", 2)]
    assert [(row.node.label, row.value) for row in small.rank("paper", relation="cites")] == [(ALPHA, 1)]


def test_groups_part_what_has_nothing_in_common(small: Graph) -> None:
    groups = small.groups(min_size=1, resolution=1.0)
    together = [{paper.label for paper in group.papers} for group in groups]
    assert sum(len(papers) for papers in together) == 5
    assert any({BETA, GAMMA} <= papers for papers in together)
    assert not any({GAMMA, OMEGA} <= papers for papers in together)


def test_matrix_counts_papers_that_join_a_pair(small: Graph) -> None:
    matrix = small.matrix(Axis("technique"), Axis("dataset"))
    counts = {(r.label, c.label): n for r, line in zip(matrix.rows, matrix.counts, strict=True) for c, n in zip(matrix.columns, line, strict=True)}
    assert counts["LoRA", "ImageNet"] == 2
    assert counts["LoRA", "COCO"] == 1
    assert counts["LoRAPrune", "WebImages"] == 0


def test_gaps_are_frequent_pairs_that_never_met(small: Graph) -> None:
    gaps = small.gaps(Axis("technique"), Axis("benchmark"), min_papers=2)
    # LoRA and MathVista are in two of five papers each
    assert [(gap.row.label, gap.column.label, gap.expected) for gap in gaps] == [("LoRA", "MathVista", 0.8)]


def test_compare_puts_relations_side_by_side(small: Graph) -> None:
    found = small.compare(ALPHA, DELTA)
    cells = {(row.relation, row.kind): [[link.other.label for link in cell] for cell in row.cells] for row in found.rows}
    assert cells["evaluates_on", "dataset"] == [["ImageNet"], ["COCO", "ImageNet"]]
    assert cells["introduces", "model"] == [["CLIP"], []]
    assert {row.relation for row in small.compare(ALPHA, DELTA, only_shared=True).rows} == {"evaluates_on", "addresses"}


def test_lineage_leads_through_what_papers_introduce(small: Graph) -> None:
    found = small.lineage(DELTA)
    up = {branch.node.label: branch for branch in found.up.branches}
    assert up[ALPHA].through is not None
    assert up[ALPHA].through.label == "CLIP"
    assert up["LoRA"].through is None
    down = small.lineage("CLIP", depth=2).down
    users = {branch.node.label: [below.node.label for below in branch.branches] for branch in down.branches}
    assert set(users) == {BETA, DELTA}
    assert users[BETA] == [GAMMA]


def test_a_lineage_shows_each_node_once(small: Graph) -> None:
    def labels(branch: object) -> list[str]:
        return [branch.node.label, *(label for below in branch.branches for label in labels(below))]  # type: ignore[attr-defined]

    shown = labels(small.lineage(ALPHA, depth=5).down)
    assert len(shown) == len(set(shown))


def test_code_lists_addresses_with_roles_and_papers(small: Graph) -> None:
    rows = {row.node.label: (row.roles, [paper.label for paper in row.papers]) for row in small.code()}
    assert rows["https://github.com/alpha/clip"] == (("code",), [ALPHA])
    assert rows["https://github.com/gamma/mathvista"] == (("data",), [GAMMA])
    assert [row.node.label for row in small.code("LLaVA", roles=["code"])] == ["https://github.com/beta/llava"]


def test_code_knows_who_promised_it(small: Graph) -> None:
    (promise,) = small.promises()
    assert (promise.node.label, promise.quote.quote) == (DELTA, "Code will be released.")


def test_names_tells_the_spellings_and_their_reasons(small: Graph) -> None:
    report = small.names("clip")
    assert [entity.id for entity in report.entities] == ["model/clip"]
    assert [(name.surface, name.papers) for name in report.entities[0].names] == [("CLIP", 3)]
    assert all(name.reason for name in report.entities[0].names)
    with pytest.raises(UnknownName):
        small.names("no such name anywhere")


def test_new_since_a_date_and_what_only_those_papers_name(small: Graph) -> None:
    found = small.new("2024-05")
    assert [(paper.node.label, paper.date) for paper in found.papers] == [(OMEGA, "2024-06-01"), (DELTA, "2024-05-01")]
    assert {node.label for node in found.entities} == {"LoRA", "LoRAPrune", "COCO", "GSM8K", "mathematical reasoning"}
    assert found.undated == 0


def test_what_a_source_brought(small: Graph) -> None:
    assert small.brought("small.jsonl").paper_count == 5
    assert small.brought("elsewhere").paper_count == 0


@pytest.mark.parametrize("query", ["show", "related", "lineage", "together", "names"])
def test_every_query_offers_near_names(small: Graph, query: str) -> None:
    with pytest.raises(UnknownName) as raised:
        getattr(small, query)("MathVsta")
    if query != "related":  # which offers papers
        assert "MathVista" in raised.value.near


def test_ambiguous_names_are_settled_by_kind_or_id(tmp_path: Path) -> None:
    rows = []
    for number, kind in enumerate(("model", "dataset"), 1):
        entry = Entry(f"A paper that introduces a {kind} of some name", f"We introduce CLIP, which is a {kind}.", Place("two.jsonl", number))
        rows.append((entry, [statement(entry, "introduces", kind, "CLIP", 0.95)]))
    write_rows(rows, tmp_path / "two.kg")
    with Graph(tmp_path / "two.kg") as graph:
        with pytest.raises(AmbiguousName) as raised:
            graph.find("CLIP")
        assert {identity for identity, _ in raised.value.choices} == {"dataset/clip", "model/clip"}
        assert graph.find("CLIP", "dataset").id == graph.find("dataset/clip").id == "dataset/clip"


def test_a_paper_is_found_by_what_it_alone_introduces(small: Graph) -> None:
    assert [paper.title for paper in small.compare("LLaVA", "CLIP").papers] == [BETA, ALPHA]
    assert titles(small.related("LLaVA")) == titles(small.related(BETA))
    with pytest.raises(UnknownName):
        small.compare("ImageNet", "CLIP")


def test_broad_terms_are_no_gaps_and_name_no_group(tmp_path: Path) -> None:
    lines = [{"title": f"Paper {i}", "abstract": "We use pre-training and contrastive decoding."} for i in range(4)]
    lines += [{"title": f"Study {i}", "abstract": "We report results on the MathVista benchmark and the MMMU benchmark."} for i in range(4)]
    source = tmp_path / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    kg.build_graph([str(source)], tmp_path / "g.kg")
    with kg.Graph(tmp_path / "g.kg") as graph:
        axes = Axis("technique"), Axis("benchmark")
        assert {gap.row.label for gap in graph.gaps(*axes)} == {"contrastive decoding"}
        assert {gap.row.label for gap in graph.gaps(*axes, broad=True)} == {"contrastive decoding", "pre-training"}
        assert any(group.name.startswith("contrastive decoding") for group in graph.groups())
