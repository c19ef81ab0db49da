"""Exports satisfy the shapes that ship with them, and queries written for Linked Papers With Code have rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

from kg.build import build_from_statements, build_graph
from kg.export.rdf import RdfError, RdfOptions, write_rdf
from kg.export.rdf.checking import check_rdf
from kg.graph import Graph
from kg.records import Entry, Evidence, Place, Statement

SAMPLE = Path(__file__).resolve().parents[2] / "kg" / "data" / "sample" / "papers.jsonl"


def export(source: Path, target: Path, options: RdfOptions | None = None) -> Path:
    with Graph(source) as graph:
        write_rdf(graph, target, options=options)
    return target


@pytest.mark.parametrize("name", ["g.ttl", "g.nt.gz", "g.jsonld", "g.trig", "g.rdf"])
def test_every_format_conforms(name: str, small_path: Path, tmp_path: Path) -> None:
    assert check_rdf(export(small_path, tmp_path / name, RdfOptions(lpwc=True))) == []


def test_without_evidence_and_with_another_base_it_conforms_too(small_path: Path, tmp_path: Path) -> None:
    assert check_rdf(export(small_path, tmp_path / "g.ttl", RdfOptions(base="https://kg.example/x#", evidence=False))) == []


def test_what_was_broken_is_named(small_path: Path, tmp_path: Path, run: Callable[..., object]) -> None:
    path = export(small_path, tmp_path / "g.nt")
    lines = path.read_text().splitlines()
    broken = [line for line in lines if "/statement/" not in line or "vocab#evidence>" not in line]  # statements nobody carries
    broken = [line.replace('"0.95"', '"1.95"') if "model/clip>" in line else line for line in broken]
    path.write_text("\n".join(broken))
    found = check_rdf(path)
    assert sum("evidence" in v.detail for v in found) == sum("/statement/" in line and "#Statement>" in line for line in lines)
    assert any("model/clip" in v.detail and "confidence" in v.detail for v in found)
    done = run("check", "--rdf", path)
    assert done.exit_code == 1  # type: ignore[attr-defined]
    assert "vocab#evidence" in done.output  # type: ignore[attr-defined]


def test_a_file_that_is_no_rdf_is_an_error_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "g.ttl").write_text("<a> <b")
    with pytest.raises(RdfError, match="not turtle"):
        check_rdf(tmp_path / "g.ttl")
    with pytest.raises(RdfError, match="means no RDF format"):
        check_rdf(SAMPLE)


@pytest.fixture(scope="module")
def compatible(tmp_path_factory: pytest.TempPathFactory) -> rdflib.Graph:
    """Two papers of 2021 in the terms of Linked Papers With Code."""
    folder = tmp_path_factory.mktemp("lpwc")

    def said(text: str, relation: str, kind: str, name: str) -> Statement:
        start = text.index(name)
        return Statement("", name, ((kind, 0.95),), relation, 0.9, (name,), (), (Evidence("abstract", 0, len(text), text, start, start + len(name), "by-hand", 0.9),))

    text = "We use PyTorch for dimensionality reduction on MNIST. Code: https://github.com/a/b"
    rows = []
    for number in (1, 2):
        entry = Entry(f"A Paper on Fewer Dimensions {number}", text, Place("x.jsonl", number), year=2021, date=f"2021-0{number}-03",
                      venue="North American Chapter of the Association for Computational Linguistics (NAACL)")  # fmt: skip
        claims = (("addresses", "task", "dimensionality reduction"), ("evaluates_on", "dataset", "MNIST"), ("uses", "technique", "PyTorch"),
                  ("has_code", "repository", "https://github.com/a/b"))  # fmt: skip
        rows.append((entry, tuple(said(text, *claim) for claim in claims)))
    build_from_statements(rows, folder / "g.kg")
    with Graph(folder / "g.kg") as graph:
        return graph.to_rdflib(RdfOptions(lpwc=True))


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("dimensionality-reduction-papers-2021", [("2",)]),
        ("most-used-datasets", [("MNIST", "2")]),
        ("repository-frameworks", [("pytorch", "1")]),
        ("NAACL-tasks", [("dimensionality reduction", "2")]),
    ],
)
def test_its_queries_run_unchanged(query: str, rows: list[tuple[str, ...]], compatible: rdflib.Graph, shared: Path) -> None:
    found = compatible.query((shared / "lpwc" / f"{query}.txt").read_text())
    assert [tuple(map(str, row)) for row in found] == rows  # type: ignore[arg-type]


def test_its_queries_have_rows_on_the_sample(tmp_path: Path, shared: Path) -> None:
    build_graph([str(SAMPLE)], tmp_path / "g.kg")
    with Graph(tmp_path / "g.kg") as graph:
        found = graph.to_rdflib(RdfOptions(lpwc=True))
        for name in ("dimensionality-reduction-papers-2021", "most-used-datasets", "repository-frameworks"):
            assert len(list(found.query((shared / "lpwc" / f"{name}.txt").read_text()))) >= 1
        assert list(found.query((shared / "lpwc" / "NAACL-evaluation-metrics.txt").read_text())) == []  # no source gives metrics
