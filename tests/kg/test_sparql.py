"""Queries: what is answered, in which forms, what is refused, and what happens to the store when the graph changes."""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result

from kg.errors import StoreError
from kg.export.rdf import RdfOptions, write_rdf
from kg.graph import Graph
from kg.ontology import BASE, VOCABULARY
from kg.sparql import Engine, Limits, open_data, open_graph
from kg.sparql.errors import QueryError, QueryRefused, QuerySyntaxError, QueryTimeout, TooManyRows, TooMuchMemory
from kg.sparql.results import write_rows
from kg.sparql.store import fill_store, find_store, hold_store
from tests.small import write_small_graph

TASKS = "SELECT ?name { ?t a v:Task ; skos:prefLabel ?name } ORDER BY ?name"
NAMES = [["image classification"], ["mathematical reasoning"], ["visual question answering"]]
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def engine(small_path: Path) -> Iterator[Engine]:
    with open_graph(small_path) as opened:
        yield opened


def rows(engine: Engine, query: str) -> list[list[str]]:
    """The values of each row, in the order of the variables."""
    answer = json.loads(engine.query(query).body)
    return [[row[name]["value"] for name in answer["head"]["vars"] if name in row] for row in answer["results"]["bindings"]]


def test_prefixes_need_not_be_written(engine: Engine) -> None:
    assert rows(engine, TASKS) == NAMES
    assert rows(engine, "SELECT ?title { ?p v:uses model:clip ; dcterms:title ?title } ORDER BY ?title") == [
        ["Beta: A Model That Sees"],
        ["Delta: Pruning with Low Rank"],
    ]


def test_ask_and_graphs(engine: Engine) -> None:
    assert json.loads(engine.query("ASK { ?p v:trainsOn dataset:webimages }").body)["boolean"] is True
    found = rdflib.Graph().parse(data=engine.query("DESCRIBE model:clip").body, format="turtle")
    assert (rdflib.URIRef(BASE + "model/clip"), rdflib.SKOS.prefLabel, rdflib.Literal("CLIP")) in found
    made = engine.query("CONSTRUCT { ?t rdfs:label ?n } WHERE { ?t a v:Task ; skos:prefLabel ?n }", graph_format="nt")
    assert made.media == "application/n-triples"
    assert len(made.body.splitlines()) == 3


TERM = st.one_of(
    st.none(),
    st.builds(pyoxigraph.NamedNode, st.sampled_from(["http://a.example/?x=1&y=<2>".replace("<2>", "2"), "urn:x:é"])),
    st.builds(pyoxigraph.Literal, st.text(st.characters(min_codepoint=9, max_codepoint=0x10FFFF, exclude_categories=("Cs", "Cn"), exclude_characters="\x0b\x0c\x7f\ufffe\uffff"
              "".join(map(chr, range(14, 32)))))),
    st.builds(lambda text: pyoxigraph.Literal(text, language="en"), st.sampled_from(["a", 'b"c', "d\te\nf\\"])),
    st.builds(lambda number: pyoxigraph.Literal(number), st.integers(-5, 5)),
)  # fmt: skip


@given(st.lists(st.tuples(TERM, TERM), max_size=5))
def test_rows_are_read_back_by_others_as_they_were(table: list[tuple[object, object]]) -> None:
    for name, form in (("json", pyoxigraph.QueryResultsFormat.JSON), ("tsv", pyoxigraph.QueryResultsFormat.TSV)):
        body = write_rows(["a", "b"], table, name)  # type: ignore[arg-type]
        read = [tuple(solution) for solution in pyoxigraph.parse_query_results(body, form)]  # type: ignore[union-attr, arg-type]
        assert read == list(table)
    for name in ("json", "xml"):
        back = Result.parse(io.BytesIO(write_rows(["a", "b"], table, name)), format=name)  # type: ignore[arg-type]
        assert [[str(row[v]) if v in row else None for v in back.vars or []] for row in back.bindings] == [[getattr(t, "value", None) for t in row] for row in table]


def test_csv_holds_bare_values(engine: Engine) -> None:
    assert engine.query("SELECT ?n ?m { model:clip skos:prefLabel ?n OPTIONAL { model:clip v:none ?m } }", rows_format="csv").body == b"n,m\r\nCLIP,\r\n"


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "PREFIX a: <x:a> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/x>",
        "drop all",
        "WITH <x:g> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * { SERVICE <http://127.0.0.1/x> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1/x> { ?s ?p ?o } }",
        "SELECT*{SERVICE<http://127.0.0.1/x>{?s ?p ?o}}",
        "SELECT * { ?s ?p ?o } # '\nVALUES ?s {} \nSERVICE ?x {}",
        "SELECT * { { SELECT * { SERVICE ?g { ?s ?p ?o } } } }",
        "SELECT * { ?s ?p '''it's''' . SERVICE ?g { ?s ?p ?o } FILTER (?s = '''x''') }",
        "SELECT * FROM <http://127.0.0.1/x> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1/x> { ?s ?p ?o }",
    ],
)
def test_what_writes_or_reaches_out_is_refused(query: str, engine: Engine) -> None:
    with pytest.raises(QueryRefused):
        engine.query(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service ?from { ?service ?load ?from }",
        "SELECT * { ?s v:service 'SERVICE <http://x> {}' }",
        'SELECT * { ?s ?p """a " SERVICE """ } # SERVICE',
        "SELECT * { ?s <http://x/SERVICE> $insert }",
        "BASE <http://x/> PREFIX from: <http://x/load#> SELECT * { ?s from:service ?o }",
    ],
)
def test_names_and_texts_that_look_like_it_are_not(query: str, engine: Engine) -> None:
    engine.query(query)


def test_no_query_reaches_another_server(engine: Engine, small_path: Path) -> None:
    reached: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_error(404)

        do_POST = do_GET

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/x"
    tries = [f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", f"SELECT * FROM <{address}> {{ ?s ?p ?o }}", f"LOAD <{address}>", f"DESCRIBE <{address}>",
             f"SELECT * {{ \\u0053ERVICE <{address}> {{ ?s ?p ?o }} }}", f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}"]  # fmt: skip
    with Graph(small_path) as graph:
        for query in tries:
            for ask in (engine.query, lambda q: list(graph.to_rdflib().query(q))):
                with contextlib.suppress(QueryError, SyntaxError):
                    ask(query)
    server.shutdown()
    server.server_close()
    assert reached == []


def test_an_error_shows_where_it_is(engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError, match=r"line 2, column 10") as caught:
        engine.query("SELECT *\n{ ?s ?p }")
    assert "\n  { ?s ?p }\n           ^" in str(caught.value)
    with pytest.raises(QuerySyntaxError, match="begins with SELECT, ASK, CONSTRUCT or DESCRIBE"):
        engine.query("SELCT * { ?s ?p ?o }")
    with pytest.raises(QuerySyntaxError, match="the query is empty"):
        engine.query("  # nothing\n")
    with pytest.raises(QuerySyntaxError, match="line 1"):
        engine.query("SELECT * { ?s nowhere:a ?o }")


def test_limits_are_errors_that_say_what_to_do(small_path: Path) -> None:
    with open_graph(small_path, limits=Limits(seconds=0.3, rows=10, megabytes=500)) as small:
        with pytest.raises(TooManyRows, match="more than 10 rows"):
            small.query("SELECT * { ?s ?p ?o }")
        with pytest.raises(TooManyRows):
            small.query("CONSTRUCT WHERE { ?s ?p ?o }")
        with pytest.raises(QueryTimeout, match=r"0\.3 seconds"):
            small.query(SLOW)
        assert rows(small, TASKS) == NAMES  # a new process answers
    with open_graph(small_path, limits=Limits(megabytes=64)) as small, pytest.raises(TooMuchMemory, match="64 MB"):
        small.query("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a ?d")


def test_rdf_files_are_asked_too(small_path: Path, tmp_path: Path) -> None:
    with Graph(small_path) as graph:
        for name in ("g.ttl", "g.nt", "g.jsonld", "g.rdf", "g.trig"):
            write_rdf(graph, tmp_path / name)
            with open_data([tmp_path / name]) as engine:
                assert rows(engine, TASKS) == NAMES
    (tmp_path / "two.trig").write_text("<http://x/g> { <http://x/s> <http://x/p> 'in a graph' }")
    with open_data([tmp_path / "two.trig"]) as engine:
        assert rows(engine, "SELECT ?o { ?s ?p ?o }") == [["in a graph"]]
        assert rows(engine, "SELECT ?o FROM <http://x/g> { ?s ?p ?o }") == [["in a graph"]]
    (tmp_path / "bad.ttl").write_text("<a> <b> .")
    with open_data([tmp_path / "bad.ttl"]) as engine, pytest.raises(StoreError, match="line 1"):
        engine.query("ASK {}")
    with pytest.raises(StoreError, match="means no RDF format"):
        open_data([small_path])


def test_the_store_is_made_once_and_again_when_the_graph_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "g.kg"
    write_small_graph(path)
    first = find_store(path)
    assert first.parent == tmp_path / "g.kg.rdf"
    assert find_store(path) == first
    with open_graph(path) as engine:
        assert len(rows(engine, TASKS)) == 3
        from kg.build import build_from_statements
        from tests.small import PAPERS, statement

        build_from_statements([(entry, tuple(statement(entry, *claim) for claim in claims)) for entry, claims in PAPERS[:1]], path)
        assert rows(engine, TASKS) == NAMES[:1]  # the same engine, without being told
    path.touch()
    assert find_store(path) != first
    assert [p.name for p in (tmp_path / "g.kg.rdf").iterdir() if p.is_dir()] == [find_store(path).name]


def test_a_store_that_is_read_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "g.kg"
    write_small_graph(path)
    first = find_store(path)
    with hold_store(first):
        path.touch()
        assert find_store(path) != first
        assert first.is_dir()
    path.write_bytes(path.read_bytes())
    find_store(path)
    assert not first.exists()


def _make(path: str, begin: float) -> list[list[str]]:
    while time.monotonic() < begin:  # all at once
        pass
    with open_graph(path) as engine:
        return rows(engine, TASKS)


def test_several_processes_that_make_it_at_once_all_get_it(tmp_path: Path) -> None:
    path = tmp_path / "g.kg"
    write_small_graph(path)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        begin = time.monotonic() + 0.5
        assert pool.starmap(_make, [(str(path), begin)] * 4) == [NAMES] * 4
    assert len([p for p in (tmp_path / "g.kg.rdf").iterdir() if p.is_dir()]) == 1


def test_what_a_dead_maker_left_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "g.kg"
    write_small_graph(path)
    (tmp_path / "g.kg.rdf" / "making-1" / "store").mkdir(parents=True)
    assert len(Graph(path).to_rdflib()) > 300
    assert not (tmp_path / "g.kg.rdf" / "making-1").exists()


def test_a_graph_in_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    write_small_graph(folder / "g.kg")
    (folder / "g.kg.rdf").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert tmp_path / "cache" in find_store(folder / "g.kg").parents


def test_rdflib_reads_the_same_graph_and_cannot_write_it(small: Graph, small_path: Path, tmp_path: Path) -> None:
    graph = small.to_rdflib()
    write_rdf(small, tmp_path / "g.nt")
    assert set(graph) == set(rdflib.Graph().parse(tmp_path / "g.nt"))
    assert [str(row.name) for row in graph.query(TASKS)] == [name for (name,) in NAMES]
    assert graph.query("ASK { model:clip ?p ?o }").askAnswer
    with pytest.raises(QueryRefused):
        graph.update("INSERT DATA { <x:a> <x:b> <x:c> }")
    with pytest.raises(QueryRefused):
        graph.add((rdflib.URIRef("x:a"), rdflib.URIRef("x:b"), rdflib.URIRef("x:c")))
    copy = rdflib.Graph() + graph
    assert len(copy) == len(graph)


def test_stores_are_removed_with_their_graph_folder(tmp_path: Path) -> None:
    write_small_graph(tmp_path / "g.kg")
    find_store(tmp_path / "g.kg")
    shutil.rmtree(tmp_path / "g.kg.rdf")
    assert find_store(tmp_path / "g.kg").is_dir()


def test_rows_are_rdflibs(small: Graph) -> None:
    """However they are made: the same as rdflib's own query engine makes of the same triples."""
    graph = small.to_rdflib()
    copy = rdflib.Graph() + graph
    query = "SELECT ?s ?name ?none ?n { ?s skos:prefLabel ?name ; v:papers ?n OPTIONAL { ?s v:nothing ?none } } ORDER BY ?s"
    ours, theirs = graph.query(query), copy.query(query, initNs=dict(graph.namespaces()))
    assert list(ours) == list(theirs)
    assert [row.asdict() for row in ours] == [row.asdict() for row in theirs]
    assert ours.bindings == theirs.bindings
    assert ours.serialize(format="json") == theirs.serialize(format="json")
    row = next(iter(ours))
    assert (row.name, row["n"].toPython(), row[rdflib.Variable("none")]) == (row[1], row[3].value, None)
    assert len(ours) == len(theirs)


def test_rdflibs_ways_of_asking(small: Graph) -> None:
    graph = small.to_rdflib()
    prepared = prepareQuery("SELECT ?name { ?t a x:Task ; skos:prefLabel ?name } ORDER BY ?name", {"x": rdflib.Namespace(VOCABULARY), "skos": rdflib.SKOS})
    assert [[str(row.name)] for row in graph.query(prepared)] == NAMES
    found = graph.query("SELECT ?t ?name { ?t skos:prefLabel ?name }", initBindings={"t": rdflib.URIRef(BASE + "model/clip")})
    assert [str(row.name) for row in found] == ["CLIP"]
    with pytest.raises(QuerySyntaxError, match="line 1, column 19"):
        graph.query("SELECT * { ?s ?p }")
    with pytest.raises(QueryError, match="variable"):
        graph.query("SELECT ?name { ?t skos:prefLabel ?name }", initBindings={"t": rdflib.URIRef(BASE + "model/clip")})
    assert len((graph + rdflib.Graph()).query("SELECT ?t { ?t a v:Task }")) == len(NAMES)


def test_a_store_made_in_parts_is_whole(small: Graph, small_path: Path, tmp_path: Path) -> None:
    fill_store(small_path, tmp_path / "store", RdfOptions(), part=7)
    write_rdf(small, tmp_path / "g.nt")
    assert set(pyoxigraph.Store.read_only(str(tmp_path / "store"))) == {pyoxigraph.Quad(*quad) for quad in pyoxigraph.parse(path=str(tmp_path / "g.nt"))}
