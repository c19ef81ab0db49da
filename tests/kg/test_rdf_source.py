"""RDF as a source: our own exports give the graph they were made from; papers of other vocabularies are read like any text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.build import add_sources, build_from_statements, build_graph
from kg.export.rdf import FORMATS, RdfOptions, write_rdf
from kg.graph import Graph
from kg.query.showing import read_entity
from kg.records import Edge, Entity, Entry, Paper, Place
from tests.small import statement

ENDINGS = {name: endings[0] for name, (endings, _) in FORMATS.items()}


def held(path: Path) -> tuple[list[Paper], list[Entity], list[Edge]]:
    """All that a graph says; where it was read aside, which is the RDF file the second time."""
    with Graph(path) as graph:
        assert graph.check() == []
        numbers = graph.db.execute("SELECT number FROM node WHERE kind != 'paper' ORDER BY id").fetchall()
        entities = [read_entity(graph.db, number) for (number,) in numbers]
        return [replace(p, places=()) for p in graph.iter_papers()], entities, list(graph.iter_edges(with_evidence=True))


def export(source: Path, target: Path, options: RdfOptions | None = None) -> Path:
    with Graph(source) as graph:
        write_rdf(graph, target, options=options)
    return target


@pytest.mark.parametrize("form", list(FORMATS))
def test_what_was_exported_is_read_back(form: str, small_path: Path, tmp_path: Path) -> None:
    build_graph([str(export(small_path, tmp_path / f"g{ENDINGS[form]}"))], tmp_path / "back.kg")
    assert held(tmp_path / "back.kg") == held(small_path)


def test_a_graph_of_the_sample_is_read_back_from_packed_lpwc_rdf_with_another_base(tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parents[2] / "kg" / "data" / "sample" / "papers.jsonl"
    build_graph([str(sample)], tmp_path / "sample.kg")
    rdf = export(tmp_path / "sample.kg", tmp_path / "g.ttl.gz", RdfOptions(base="https://kg.example/", lpwc=True))
    build_graph([str(rdf)], tmp_path / "back.kg")
    assert held(tmp_path / "back.kg") == held(tmp_path / "sample.kg")
    export(tmp_path / "back.kg", tmp_path / "again.nt", RdfOptions(evidence=False))
    export(tmp_path / "sample.kg", tmp_path / "first.nt", RdfOptions(evidence=False))
    facts = [{line for line in (tmp_path / name).read_text().splitlines() if "/run/" not in line and "/source/" not in line} for name in ("again.nt", "first.nt")]
    assert facts[0] == facts[1]


def test_adding_to_a_graph_from_rdf_keeps_what_its_papers_say(small_path: Path, tmp_path: Path) -> None:
    rdf = export(small_path, tmp_path / "g.ttl")
    build_graph([str(rdf)], tmp_path / "back.kg")
    more = tmp_path / "more.jsonl"
    more.write_text('{"title": "Alpha: Learning Images from Words", "arxiv_id": "2101.00001", "venue": "A Venue"}\n')  # known, with a new field
    add_sources(tmp_path / "back.kg", [str(more)])
    papers, entities, edges = held(tmp_path / "back.kg")
    assert [p.venue for p in papers if p.id == "paper/arxiv-2101.00001"] == ["A Venue"]
    assert (entities, edges) == held(small_path)[1:]
    build_graph([str(rdf), str(more)], tmp_path / "once.kg")
    assert held(tmp_path / "once.kg") == (papers, entities, edges)


def test_an_export_without_evidence_is_read_as_texts(small_path: Path, tmp_path: Path) -> None:
    report = build_graph([str(export(small_path, tmp_path / "g.ttl", RdfOptions(evidence=False)))], tmp_path / "back.kg")
    assert report.papers == 5
    assert report.problems == {"rdf-left-out": 1}


def test_text_that_was_changed_is_read_anew(small_path: Path, tmp_path: Path) -> None:
    rdf = export(small_path, tmp_path / "g.ttl")
    rdf.write_text(rdf.read_text().replace('dcterms:abstract "We introduce CLIP', 'dcterms:abstract "Here we introduce CLIP'))
    report = build_graph([str(rdf)], tmp_path / "back.kg")
    assert report.problems == {"stale-statements": 1}
    held(tmp_path / "back.kg")


def test_papers_of_another_vocabulary_are_read(tmp_path: Path) -> None:
    (tmp_path / "other.ttl").write_text("""
        PREFIX schema: <https://schema.org/>
        <#one> a schema:ScholarlyArticle ; schema:headline "A Paper on Reading Other Vocabularies" ; schema:abstract "We evaluate on ImageNet." ;
          schema:datePublished "2023-05-06" .
    """)
    build_graph([str(tmp_path / "other.ttl")], tmp_path / "g.kg")
    papers, entities, _ = held(tmp_path / "g.kg")
    assert [(p.title, p.year, p.date) for p in papers] == [("A Paper on Reading Other Vocabularies", 2023, "2023-05-06")]
    assert "ImageNet" in {e.name for e in entities}


def test_rdf_that_breaks_off_is_a_problem_with_its_line(tmp_path: Path, small_path: Path) -> None:
    broken = export(small_path, tmp_path / "g.nt")
    lines = broken.read_text().splitlines()
    broken.write_text("\n".join([*lines[:10], '<http://x> "no predicate" .', *lines[10:]]))
    (tmp_path / "good.jsonl").write_text('{"title": "A good paper beside the broken file", "abstract": "It uses CLIP."}\n')
    report = build_graph([str(broken), str(tmp_path / "good.jsonl")], tmp_path / "back.kg")
    assert report.problems == {"bad-rdf": 1}
    with Graph(tmp_path / "back.kg") as graph:
        assert [p.line for p in graph.problems("bad-rdf")] == [11]


def test_nobody_introduced_what_is_broad_after_reading_back_either(tmp_path: Path) -> None:
    first = Entry("A Paper that Claims Too Much", "We introduce a graph neural network.", Place("a.jsonl", 1))
    later = Entry("A Paper that Builds on Nothing", "We use a graph neural network.", Place("a.jsonl", 2))
    rows = [(first, (statement(first, "introduces", "technique", "graph neural network"),)), (later, (statement(later, "uses", "technique", "graph neural network"),))]
    build_from_statements(rows, tmp_path / "g.kg")
    assert {edge.relation for edge in held(tmp_path / "g.kg")[2]} == {"introduces", "uses"}
    build_graph([str(export(tmp_path / "g.kg", tmp_path / "g.ttl"))], tmp_path / "back.kg")
    assert held(tmp_path / "back.kg") == held(tmp_path / "g.kg")
