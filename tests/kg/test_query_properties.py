"""What holds of queries on any graph."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.query.arrays import join_parallel, load_arrays
from kg.query.groups import part, weighted_links
from kg.query.matrix import Axis
from kg.query.papers import PaperFilter
from kg.query.rank import betweenness, pagerank, read_makers, walk
from kg.records import Entry, Place
from tests.small import statement, write_rows

_THINGS = (("model", "CLIP"), ("model", "LLaVA"), ("dataset", "ImageNet"), ("dataset", "COCO"), ("technique", "LoRA"), ("benchmark", "GSM8K"))
_TEXT = " ".join(name for _, name in _THINGS) + " are words of this abstract."
_RELATIONS = ("introduces", "uses", "evaluates_on", "compares_to", "mentions")

claims = st.dictionaries(st.sampled_from(_THINGS), st.tuples(st.sampled_from(_RELATIONS), st.sampled_from((0.6, 0.9))), max_size=5)
graphs = st.lists(claims, min_size=1, max_size=6)
few = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def written(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> Iterator[Graph]:
    """A graph of papers that make these claims."""
    rows = []
    for number, claims_ in enumerate(papers):
        entry = Entry(f"Paper number {number} about many things", _TEXT, Place("made.jsonl", number + 1), year=2020 + number % 3)
        rows.append((entry, [statement(entry, relation, kind, name, sure) for (kind, name), (relation, sure) in sorted(claims_.items())]))
    with tempfile.TemporaryDirectory() as folder:
        write_rows(rows, Path(folder) / "made.kg")
        with Graph(Path(folder) / "made.kg") as graph:
            yield graph


def ids_of(graph: Graph, kind: str) -> list[str]:
    return [identity for identity, data in graph.to_networkx().nodes(data=True) if data["kind"] == kind]


@few
@given(graphs)
def test_what_is_shared_is_shared_both_ways(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    with written(papers) as graph:
        first, *others = ids_of(graph, "paper")
        for other in others:
            forth, back = graph.shared(first, other), graph.shared(other, first)
            assert [(row.node, row.score, row.sides) for row in forth] == [(row.node, row.score, row.sides[::-1]) for row in back]


@few
@given(graphs)
def test_every_step_of_a_path_is_an_edge_and_no_node_is_met_twice(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    with written(papers) as graph:
        whole = graph.to_networkx()
        nodes = sorted(whole.nodes)
        for a, b in ((nodes[0], nodes[-1]), (nodes[0], nodes[len(nodes) // 2])):
            paths = graph.paths(a, b, count=4)
            joined = a != b and networkx.has_path(whole.to_undirected(as_view=True), a, b)
            assert bool(paths) == joined
            for path in paths:
                met = [path.start.id, *(step.node.id for step in path.steps)]
                assert (met[0], met[-1], len(set(met))) == (a, b, len(met))
                for (here, there), step in zip(pairwise(met), path.steps, strict=True):
                    ends = (there, here) if step.inverse else (here, there)
                    assert whole.has_edge(*ends, key=step.edge.relation)
                    assert step.edge.evidence
            assert [path.cost for path in paths] == sorted(path.cost for path in paths)
            assert len({tuple(step.node.id for step in path.steps) for path in paths}) == len(paths)


@few
@given(graphs)
def test_the_first_paths_are_the_cheapest_of_all(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    from kg.query.find import find_node
    from kg.query.paths import Links, path_cost

    with written(papers) as graph:
        simple = networkx.Graph(graph.to_networkx().to_undirected())
        nodes = sorted(simple.nodes)
        a, b = nodes[0], nodes[-1]
        links = Links(graph.db, 0)
        costs = sorted(
            path_cost(links, tuple(find_node(graph.db, identity) for identity in path)) for path in networkx.all_simple_paths(simple, a, b)
        ) if a != b else []  # fmt: skip
        assert [path.cost for path in graph.paths(a, b, count=3)] == pytest.approx(costs[:3])


@few
@given(graphs)
def test_related_papers_really_share_what_is_named(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    with written(papers) as graph:
        asked = ids_of(graph, "paper")[0]
        whole = graph.to_networkx()
        rows = graph.related(asked)
        for row in rows:
            for thing in row.shared:
                assert whole.has_edge(asked, thing.node.id)
                assert whole.has_edge(row.node.id, thing.node.id)
                assert [edge.source for edge in thing.edges] == [asked, row.node.id]
        sharing = {p for p in ids_of(graph, "paper") if p != asked and any(whole.nodes[t]["kind"] != "paper" and whole.has_edge(p, t) for t in whole[asked])}
        assert {row.node.id for row in rows} == sharing


@few
@given(graphs, st.sampled_from(_THINGS), st.sampled_from(_THINGS))
def test_filters_combine_like_sets(papers: list[dict[tuple[str, str], tuple[str, float]]], first: tuple[str, str], second: tuple[str, str]) -> None:
    with written(papers) as graph:
        things = [name for _, name in (first, second) if any(name == data["label"] for _, data in graph.to_networkx().nodes(data=True))]
        if len(things) < 2:
            return

        def found(**conditions: object) -> set[str]:
            return {row.node.id for row in graph.papers(filter=PaperFilter(**conditions))}  # type: ignore[arg-type]

        a, b = (None, things[0]), (None, things[1])
        everything = found()
        assert found(wanted=(a, b)) == found(wanted=(a,)) & found(wanted=(b,))
        assert found(wanted=(a, b), match_any=True) == found(wanted=(a,)) | found(wanted=(b,))
        assert found(unwanted=(a,)) == everything - found(wanted=(a,))
        assert found(wanted=(a,), years=(2021, None)) == found(wanted=(a,)) & found(years=(2021, None))
        assert found(with_code=True) | found(with_code=False) == everything


@few
@given(graphs)
def test_a_matrix_counts_what_is_shared(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    with written(papers) as graph:
        matrix = graph.matrix(Axis("model"), Axis("dataset"))
        for row, line in zip(matrix.rows, matrix.counts, strict=True):
            for column, count in zip(matrix.columns, line, strict=True):
                assert count == len(graph.shared(row.id, column.id, kind="paper"))
        met = {(r.id, c.id) for r, line in zip(matrix.rows, matrix.counts, strict=True) for c, n in zip(matrix.columns, line, strict=True) if n}
        assert not met & {(gap.row.id, gap.column.id) for gap in graph.gaps(Axis("model"), Axis("dataset"), min_papers=1)}


@few
@given(graphs)
def test_arrays_give_what_networkx_gives(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    with written(papers) as graph:
        arrays = load_arrays(graph.db)
        whole = graph.to_networkx()
        assert (arrays.size, len(arrays.sources)) == (whole.number_of_nodes(), whole.number_of_edges())
        makers = read_makers(graph.db)
        walked: networkx.DiGraph[int] = networkx.DiGraph()
        walked.add_nodes_from(range(arrays.size))
        for source, target, weight in zip(*(part_.tolist() for part_ in walk(arrays, makers)), strict=True):
            before = walked.get_edge_data(source, target, {"weight": 0.0})["weight"]
            walked.add_edge(source, target, weight=before + weight)
        expected = networkx.pagerank(walked, tol=1e-13, max_iter=1000)
        assert pagerank(arrays, makers).tolist() == pytest.approx([expected[i] for i in range(arrays.size)], abs=1e-8)
        if arrays.size > 2:
            full = networkx.Graph(walked.to_undirected())
            between = networkx.betweenness_centrality(full)
            assert betweenness(arrays).tolist() == pytest.approx([between[i] for i in range(arrays.size)], abs=1e-9)


@few
@given(graphs)
def test_communities_are_as_good_as_those_of_networkx(papers: list[dict[tuple[str, str], tuple[str, float]]]) -> None:
    with written(papers) as graph:
        arrays = load_arrays(graph.db)
        low, high, weights = weighted_links(arrays)
        if not len(low):
            return
        membership = part(low, high, weights, arrays.size)
        simple: networkx.Graph[int] = networkx.Graph()
        simple.add_nodes_from(range(arrays.size))
        simple.add_weighted_edges_from(zip(low.tolist(), high.tolist(), weights.tolist(), strict=True))
        ours = [set(np.flatnonzero(membership == group).tolist()) for group in np.unique(membership)]
        theirs = networkx.community.louvain_communities(simple, seed=1)
        assert networkx.community.modularity(simple, ours) >= networkx.community.modularity(simple, theirs) - 0.06  # either may stop at a local best


@few
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from((0.5, 1.0, 2.0))), max_size=12))
def test_parallel_links_are_joined_as_networkx_would(links: list[tuple[int, int, float]]) -> None:
    sources, targets, weights = (np.array([link[i] for link in links], dtype=kind) for i, kind in enumerate((np.int64, np.int64, np.float64)))
    low, high, joined = join_parallel(sources, targets, weights, 6)
    expected: dict[tuple[int, int], float] = {}
    for a, b, weight in links:
        if a != b:
            pair = (min(a, b), max(a, b))
            expected[pair] = max(weight, expected.get(pair, 0.0))
    assert dict(zip(zip(low.tolist(), high.tolist(), strict=True), joined.tolist(), strict=True)) == expected
