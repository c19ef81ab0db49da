"""RDF exports: every format says the same, to every parser, in the same bytes, whatever a paper's text holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import RDF, Literal, URIRef

from kg.build import build_from_statements
from kg.export.rdf import FORMATS, RdfError, RdfOptions, iter_triples, write_parts, write_rdf
from kg.export.rdf.entities import describe_entity
from kg.graph import Graph
from kg.ontology import BASE, CLASSES, NAMESPACES, VOCABULARY, expand, property_of
from kg.records import Entity, Entry, Evidence, Place, Statement
from kg.vocabulary import KINDS, RELATIONS

ENDINGS = {name: endings[0] for name, (endings, _) in FORMATS.items()}
RDFLIB = {"turtle": "turtle", "nt": "nt", "jsonld": "json-ld", "trig": "trig", "xml": "xml"}
OXIGRAPH = {
    "turtle": pyoxigraph.RdfFormat.TURTLE, "nt": pyoxigraph.RdfFormat.N_TRIPLES, "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "trig": pyoxigraph.RdfFormat.TRIG, "xml": pyoxigraph.RdfFormat.RDF_XML,
}  # fmt: skip
RAPTOR = {"turtle": "turtle", "nt": "ntriples", "trig": "trig", "xml": "rdfxml"}
Terms = set[tuple[str, str, str]]

HOSTILE = 'A "title" \\ of <b>tags</b> & ünïcödé \U0001f600 {}|^` ]]> \u202e'
HOSTILE_ABSTRACT = "First line.\r\nSecond\tline with \\u0041, ''' and \"\"\" and <http://x.example/ y>. See http://x.example/a|b\"c<d>é?q=1#f for it."


@pytest.fixture(scope="session")
def hostile_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of one paper whose every text tries to break out of its place."""
    path = tmp_path_factory.mktemp("hostile") / "hostile.kg"
    name, url = "<b>tags</b>", 'http://x.example/a|b"c<d>é?q=1#f'

    def said(relation: str, kind: str, surface: str, field: str, text: str) -> Statement:
        start = text.index(surface)
        evidence = Evidence(field, 0, len(text), text, start, start + len(surface), 'rule "x"', 0.875)
        return Statement("", surface, ((kind, 0.95),), relation, 0.9, (surface,), (), (evidence,))

    entry = Entry(
        HOSTILE, HOSTILE_ABSTRACT, Place('a "file" <1>.jsonl', 1), authors=('Ann "A" <x>', "Bob\\", 'Ann "A" <x>'), year=2021, date="2021-02-30",
        venue="Proc. of <X> & Y", doi="10.1000/a<b>(c)#d", url="not an address <>", categories=("cs.CL", "b a"), extra=(("od d\n", '{"a": "\\u0000"}'),),
    )  # fmt: skip
    build_from_statements([(entry, (said("uses", "technique", name, "title", HOSTILE), said("has_code", "repository", url, "abstract", HOSTILE_ABSTRACT)))], path)
    return path


def with_rdflib(path: Path, form: str) -> Terms:
    graph = rdflib.Dataset() if form == "trig" else rdflib.Graph()
    graph.parse(path, format=RDFLIB[form])
    return {(s.n3(), p.n3(), o.n3()) for s, p, o in graph.triples((None, None, None))}


def with_oxigraph(path: Path, form: str) -> Terms:
    # through rdflib's terms, so that both write a term in the same way
    def term(node: object) -> str:
        if isinstance(node, pyoxigraph.NamedNode):
            return URIRef(node.value).n3()
        assert isinstance(node, pyoxigraph.Literal)
        plain = node.language or node.datatype.value == expand("xsd:string")
        return Literal(node.value, lang=node.language, datatype=None if plain else URIRef(node.datatype.value)).n3()

    return {(term(q.subject), term(q.predicate), term(q.object)) for q in pyoxigraph.parse(path=str(path), format=OXIGRAPH[form])}


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.parametrize("which", ["small_path", "hostile_path"])
def test_two_parsers_read_the_same_triples_from_every_format(form: str, which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    graph_path = request.getfixturevalue(which)
    with Graph(graph_path) as graph:
        written = write_rdf(graph, tmp_path / f"g{ENDINGS[form]}", options=RdfOptions(lpwc=True))
        write_rdf(graph, tmp_path / "plain.nt", options=RdfOptions(lpwc=True))
    wanted = with_oxigraph(tmp_path / "plain.nt", "nt")
    assert len(wanted) == written.triples > 50
    assert with_oxigraph(tmp_path / f"g{ENDINGS[form]}", form) == wanted
    assert with_rdflib(tmp_path / f"g{ENDINGS[form]}", form) == wanted


@pytest.mark.parametrize("form", list(RAPTOR))
@pytest.mark.parametrize("which", ["small_path", "hostile_path"])
def test_raptor_reads_as_many_triples(form: str, which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    rapper = shutil.which("rapper")
    if not rapper and os.environ.get("CI") != "true":
        pytest.skip("rapper is not installed (Debian's raptor2-utils)")
    assert rapper
    path = tmp_path / f"g{ENDINGS[form]}"
    with Graph(request.getfixturevalue(which)) as graph:
        written = write_rdf(graph, path)
    done = subprocess.run([rapper, "-i", RAPTOR[form], "-c", str(path)], capture_output=True, text=True, check=True)
    assert f"returned {written.triples} triples" in done.stderr
    assert "error" not in done.stderr.lower()
    assert "warning" not in done.stderr.lower()


@pytest.mark.parametrize("form", list(FORMATS))
def test_same_graph_same_bytes(form: str, small_path: Path, tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}{ENDINGS[form]}"
        command = [sys.executable, "-m", "cli", "export", "rdf", "-g", str(small_path), "-o", str(path), "-q"]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).resolve().parents[2])})
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_no_triple_stands_twice_and_no_node_is_blank(small: Graph) -> None:
    triples = list(iter_triples(small.db, RdfOptions(lpwc=True)))
    assert len(triples) == len(set(triples))
    assert not any(part.startswith("_:") for triple in triples for part in triple)


def test_what_is_of_two_kinds_has_a_class_that_both_have_once() -> None:
    triples = list(describe_entity("<x:a>", Entity("task/a", "a", ("task", "technique")), with_names=True))
    assert len(triples) == len(set(triples))
    assert {o for _, p, o in triples if p == f"<{RDF.type}>"} == {f"<{expand(name)}>" for name in ("v:Task", "v:Technique", "skos:Concept")}


def test_every_edge_is_a_plain_triple_and_a_statement_with_its_quotes(small: Graph, tmp_path: Path) -> None:
    write_rdf(small, tmp_path / "g.ttl")
    found = rdflib.Graph().parse(tmp_path / "g.ttl")
    oa, v = rdflib.Namespace(NAMESPACES["oa"]), rdflib.Namespace(VOCABULARY)
    for edge in small.iter_edges(with_evidence=True):
        triple = URIRef(BASE + edge.source), URIRef(expand(property_of(edge.relation))), URIRef(BASE + edge.target)
        assert triple in found
        statements = [s for s in found.subjects(RDF.object, triple[2]) if (s, RDF.subject, triple[0]) in found and (s, RDF.predicate, triple[1]) in found]
        assert len(statements) == 1
        assert float(found.value(statements[0], v.confidence)) == edge.confidence
        quotes = set()
        for evidence in found.objects(statements[0], v.evidence):
            selectors = list(found.objects(evidence, oa.hasSelector))
            quote = next(str(q) for s in selectors for q in found.objects(s, oa.exact))
            start, end = (next(int(n) for s in selectors for n in found.objects(s, name)) for name in (oa.start, oa.end))
            quotes.add((str(found.value(evidence, v.field)), start, end, quote, str(found.value(evidence, v.rule))))
        assert quotes == {(e.field, e.start, e.end, e.quote, e.rule) for e in edge.evidence}


def test_without_evidence_only_the_plain_triples_are_left(small: Graph) -> None:
    plain, full = (set(iter_triples(small.db, RdfOptions(evidence=evidence))) for evidence in (False, True))
    assert plain < full
    assert not any("statement/" in s or "evidence/" in s for s, _, _ in plain)


def test_a_base_of_ones_own_is_in_every_address_of_ours(small: Graph) -> None:
    triples = list(iter_triples(small.db, RdfOptions(base="https://kg.example/x/")))
    assert not any(BASE in part for triple in triples for part in triple)
    assert ("<https://kg.example/x/model/clip>" in {s for s, _, _ in triples})


@pytest.mark.parametrize("base", ["", "nowhere", "https://a b/", "http://x.example", "https://x.example/<", "file:///etc/"])
def test_a_base_that_can_begin_no_address_is_refused(base: str, small: Graph, tmp_path: Path) -> None:
    with pytest.raises(RdfError, match="cannot begin an IRI"):
        write_rdf(small, tmp_path / "g.nt", options=RdfOptions(base=base))


def test_datatypes_and_languages(hostile_path: Path, small: Graph, tmp_path: Path) -> None:
    write_rdf(small, tmp_path / "g.ttl")
    found = rdflib.Graph().parse(tmp_path / "g.ttl")
    literals = {o for o in found.objects() if isinstance(o, Literal)}
    assert not [o for o in literals if o.ill_typed]
    assert Literal("2021-02-01", datatype=rdflib.XSD.date) in literals
    assert Literal("2021", datatype=rdflib.XSD.gYear) in literals
    assert {o.language for o in literals} == {None, "en"}
    with Graph(hostile_path) as hostile:
        write_rdf(hostile, tmp_path / "h.ttl")
    assert Literal("2021-02-30") in set(rdflib.Graph().parse(tmp_path / "h.ttl").objects())  # no date, so a text


def test_control_characters_stay_but_where_xml_has_no_form_for_them(tmp_path: Path) -> None:
    entry = Entry("A title with \x01 a control character", "And an abstract.", Place("x", 1))
    build_from_statements([(entry, ())], tmp_path / "g.kg")
    with Graph(tmp_path / "g.kg") as graph:
        for form, ending in ENDINGS.items():
            write_rdf(graph, tmp_path / f"g{ending}", format=form)
    for form, ending in ENDINGS.items():
        titles = {str(o) for o in rdflib.Graph().parse(tmp_path / f"g{ending}", format=RDFLIB[form]).objects(None, URIRef(expand("dcterms:title")))}
        assert titles == {"A title with � a control character" if form == "xml" else "A title with \x01 a control character"}


def test_parts_hold_all_triples_once_and_are_described(small: Graph, tmp_path: Path) -> None:
    written = write_parts(small, tmp_path / "dump", 100)
    files = sorted((tmp_path / "dump").glob("*.nt.gz"))
    assert len(files) > 2
    import gzip

    lines = [line for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]
    assert len(lines) == len(set(lines)) == written.triples
    description = rdflib.Graph().parse(tmp_path / "dump" / "void.ttl")
    void = rdflib.Namespace(NAMESPACES["void"])
    dataset = next(description.subjects(RDF.type, void.Dataset))
    assert int(description.value(dataset, void.triples)) == written.triples
    assert len(list(description.objects(dataset, void.dataDump))) == len(files)
    examples = set(description.objects(dataset, void.exampleResource))
    assert URIRef(BASE + "model/clip") in examples
    papers = next(p for p in description.objects(dataset, void.classPartition) if (p, void["class"], URIRef(expand(CLASSES["paper"][0]))) in description)
    assert int(description.value(papers, void.entities)) == 5


def test_the_vocabulary_defines_every_kind_and_relation_and_every_term_of_an_export(small: Graph) -> None:
    from kg.export.rdf.vocabulary import read_file

    defined = rdflib.Graph().parse(data=read_file("vocabulary"), format="turtle")
    own = {str(s) for s in defined.subjects(RDF.type) if str(s).startswith(VOCABULARY)}
    wanted = {expand(name) for kind in KINDS for name in CLASSES[kind] if name.startswith("v:")}
    wanted |= {expand(property_of(name)) for name in RELATIONS if name != "cites"}
    wanted |= {part[1:-1] for triple in iter_triples(small.db) for part in triple if part.startswith(f"<{VOCABULARY}")}
    assert wanted <= own
    for term in own:
        assert defined.value(URIRef(term), rdflib.RDFS.label)
        assert defined.value(URIRef(term), rdflib.RDFS.comment)
    parents = {str(o) for o in defined.objects(None, rdflib.RDFS.subPropertyOf)}
    assert not any(parent.startswith(NAMESPACES["cito"]) for parent in parents)
