"""The endpoint, as clients that others wrote see it: curl, SPARQLWrapper, rdflib's SPARQLStore."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, POSTDIRECTLY, TSV, TURTLE, XML, SPARQLWrapper

from kg.ontology import BASE
from kg.serve.negotiation import ROWS, TRIPLES, choose
from kg.serve.pages import node_page

ROOT = Path(__file__).resolve().parents[2]
TASKS = "SELECT ?name { ?t a v:Task ; skos:prefLabel ?name } ORDER BY ?name"
NAMES = ["image classification", "mathematical reasoning", "visual question answering"]
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@dataclass
class Served:
    process: subprocess.Popen[str]
    address: str

    def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        """Status, media type and text of an answer."""
        request = urllib.request.Request(self.address + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Content-Type"], error.read().decode()

    def ask(self, query: str, **headers: str) -> tuple[int, str, str]:
        return self.get("/sparql?" + urllib.parse.urlencode({"query": query}), **headers)


def start(graph: Path, *options: str) -> Served:
    command = [sys.executable, "-m", "cli", "serve", "-g", str(graph), "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    told = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", told)
    assert found, told
    return Served(process, found[0])


def stop(served: Served) -> str:
    served.process.send_signal(signal.SIGINT)
    said, _ = served.process.communicate(timeout=30)
    return said


@pytest.fixture(scope="module")
def served(small_path: Path) -> Iterator[Served]:
    running = start(small_path, "--timeout", "2", "--max-rows", "100", "--processes", "3")
    yield running
    stop(running)


def test_sparqlwrapper_asks_in_every_way(served: Served) -> None:
    client = SPARQLWrapper(served.address + "/sparql")
    for method, request in (("GET", None), (POST, None), (POST, POSTDIRECTLY)):
        client.setMethod(method)
        if request:
            client.setRequestMethod(request)
        client.setQuery(TASKS)
        client.setReturnFormat(JSON)
        assert [row["name"]["value"] for row in client.queryAndConvert()["results"]["bindings"]] == NAMES
    client.setReturnFormat(XML)
    assert [n.firstChild.data for n in client.queryAndConvert().getElementsByTagName("literal")] == NAMES
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().split() == " ".join(["name", *NAMES]).split()
    client.setReturnFormat(TSV)
    assert client.queryAndConvert().decode().splitlines() == ["?name", *(f'"{name}"' for name in NAMES)]
    client.setQuery("CONSTRUCT { ?t rdfs:label ?name } { ?t a v:Task ; skos:prefLabel ?name }")
    for form, name in ((TURTLE, "turtle"), (JSONLD, "json-ld"), (XML, "xml")):
        client.setReturnFormat(form)
        answer = client.queryAndConvert()
        found = answer if isinstance(answer, rdflib.Graph) else rdflib.Graph().parse(data=answer, format=name)
        assert {str(o) for o in found.objects()} == set(NAMES)
    client.setQuery("ASK { ?s v:trainsOn ?o }")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True


def test_rdflib_asks_as_of_a_graph_of_its_own(served: Served) -> None:
    for method in ("GET", "POST", "POST_FORM"):
        graph = rdflib.Graph(SPARQLStore(served.address + "/sparql", method=method))
        assert [str(row[0]) for row in graph.query(TASKS)] == NAMES
        clip = rdflib.URIRef(BASE + "model/clip")
        assert graph.value(clip, rdflib.SKOS.prefLabel) == rdflib.Literal("CLIP")
        assert (clip, rdflib.RDF.type, rdflib.URIRef("https://w3id.org/fair4ml#MLModel")) in graph
        assert len(list(graph.triples((clip, None, None)))) > 5


def test_curl(served: Served) -> None:
    curl = shutil.which("curl")
    if not curl:
        pytest.skip("curl is not installed")

    def call(*arguments: str) -> str:
        return subprocess.run([curl, "-sS", *arguments], capture_output=True, text=True, check=True).stdout

    address = served.address + "/sparql"
    assert call("-H", "Accept: text/csv", "-G", address, "--data-urlencode", f"query={TASKS}").splitlines()[1:] == NAMES
    assert call("-H", "Accept: text/csv", address, "--data-urlencode", f"query={TASKS}").splitlines()[1:] == NAMES
    assert json.loads(call("-H", "Content-Type: application/sparql-query", address, "--data", "ASK { ?s ?p ?o }"))["boolean"] is True
    head = call("-I", f"{served.address}/")
    assert "200 OK" in head
    assert "content-security-policy: default-src 'none'" in head.lower()


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * { ?s ?p }", 400, "at line 1, column 19"),
        ("DROP ALL", 403, "only queries"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403, "another machine"),
        ("SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }", 403, "nothing is fetched"),
        ("SELECT * { ?s ?p ?o }", 500, "more than 100 rows"),
        (SLOW, 503, "stopped after 2 seconds"),
    ],
)
def test_errors_have_their_status_and_say_what_is_wrong(served: Served, query: str, status: int, said: str) -> None:
    found, media, text = served.ask(query)
    assert (found, media) == (status, "text/plain; charset=utf-8")
    assert said in text


def test_the_protocol_is_kept(served: Served) -> None:
    def post(body: str, kind: str) -> int:
        request = urllib.request.Request(served.address + "/sparql", body.encode(), {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert served.get("/sparql")[0] == 400  # no query
    assert served.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D")[0] == 400
    assert served.get("/sparql?query=ASK%7B%7D&default-graph-uri=http://x/")[0] == 403
    assert post("ASK {}", "text/plain") == 415
    assert post("update=DROP+ALL", "application/x-www-form-urlencoded") == 403
    assert post("DROP ALL", "application/sparql-update") == 403
    assert post("#" * 1_000_001, "application/sparql-query") == 413
    assert served.ask("ASK {}", Accept="image/png")[0] == 406
    assert served.ask("ASK {}", Accept="text/turtle")[0] == 406
    assert served.ask("ASK {}", Accept="text/html,application/xml;q=0.9,*/*;q=0.1")[1] == "application/sparql-results+xml"
    request = urllib.request.Request(served.address + "/sparql", method="DELETE")
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(request)


def test_only_names_of_this_machine_are_answered_and_no_other_origin_may_read(served: Served) -> None:
    assert served.get("/", Host="evil.example")[0] == 400
    assert served.get("/", Host="localhost:8080")[0] == 200
    request = urllib.request.Request(served.address + "/sparql?query=ASK%7B%7D", headers={"Origin": "https://evil.example"})
    with urllib.request.urlopen(request) as answer:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_other_origins_may_read_where_that_was_asked_for(small_path: Path) -> None:
    running = start(small_path, "--cors", "https://good.example")
    for origin, allowed in (("https://good.example", "https://good.example"), ("https://evil.example", None)):
        request = urllib.request.Request(running.address + "/sparql?query=ASK%7B%7D", headers={"Origin": origin})
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == allowed
    stop(running)


def test_each_paper_and_entity_answers_at_its_path(served: Served) -> None:
    path = urllib.parse.urlsplit(BASE).path
    for identity, label in (("model/clip", "CLIP"), ("paper/arxiv-2101.00001", "Alpha: Learning Images from Words"), ("repository/github.com/alpha/clip", "github.com/alpha/clip")):
        status, media, text = served.get(path + identity, Accept="text/html")
        assert (status, media) == (200, "text/html; charset=utf-8")
        assert label in text
        subject = rdflib.URIRef(BASE + identity)
        found = []
        for accept, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")):
            status, media, text = served.get(path + identity, Accept=accept)
            assert (status, media.partition(";")[0]) == (200, accept)
            found.append(rdflib.Graph().parse(data=text, format=form))
            assert found[-1].value(subject, rdflib.DCTERMS.identifier) == rdflib.Literal(identity)
        assert all(set(graph) == set(found[0]) for graph in found)
    page = served.get(path + "model/clip", Accept="text/html")[2]
    assert "<mark>CLIP</mark>" in page  # the quote, with the name in it
    assert served.get(path + "model/none", Accept="text/html")[0] == 404
    assert served.get(path + "model/none", Accept="text/turtle")[0] == 404


def test_names_lead_to_their_pages(served: Served) -> None:
    assert "<h1>CLIP</h1>" in served.get("/find?name=clip")[2]
    status, _, text = served.get("/find?name=CLOP%3Cb%3E")
    assert status == 404
    assert "<b>" not in text
    assert "CLOP&lt;b&gt;" in text


def test_the_query_page_holds_the_examples_and_loads_nothing_from_elsewhere(served: Served) -> None:
    page = served.get("/")[2]
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert len(data["examples"]) >= 15
    for name in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert name.startswith(("/", "data:"))
        if name.startswith("/"):
            assert served.get(name)[0] == 200


def test_several_are_answered_at_once_while_one_takes_long(served: Served) -> None:
    with ThreadPoolExecutor(8) as pool:
        slow = pool.submit(served.ask, SLOW)
        quick = [pool.submit(served.ask, TASKS) for _ in range(12)]
        assert all(f.result()[0] == 200 for f in quick)
        assert not slow.done()
        assert slow.result()[0] == 503


def test_an_interrupt_ends_it_cleanly(small_path: Path) -> None:
    running = start(small_path)
    assert running.ask(TASKS)[0] == 200
    said = stop(running)
    assert said == ""
    assert running.process.returncode == 0


def test_a_port_that_is_taken_is_said_plainly(served: Served, small_path: Path) -> None:
    port = served.address.rpartition(":")[2]
    done = subprocess.run([sys.executable, "-m", "cli", "serve", "-g", str(small_path), "--port", port], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "cannot be listened on" in done.stderr
    assert "Traceback" not in done.stderr


def test_text_of_papers_is_never_markup(tmp_path: Path) -> None:
    from kg.build import build_from_statements
    from kg.graph import Graph
    from kg.records import Entry, Evidence, Place, Statement

    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    evidence = Evidence("title", 0, len(bad), bad, 0, 8, "<i>rule</i>", 0.9)
    statement = Statement("", bad[:8], (("technique", 0.95),), "uses", 0.9, (bad[:8],), (), (evidence,))
    build_from_statements([(Entry(bad, bad, Place(bad, 1), authors=(bad,), venue=bad, doi=f"10.1000/{bad}"), (statement,))], tmp_path / "g.kg")
    with Graph(tmp_path / "g.kg") as graph:
        for node in ("paper", "technique"):
            identity = graph.db.execute("SELECT id FROM node WHERE kind = ?", (node,)).fetchone()[0]
            page = node_page(graph.show(identity), "/data/")
            assert "<script" not in page
            assert "<img" not in page
            assert "<i>" not in page


@pytest.mark.parametrize(
    ("accept", "rows", "triples"),
    [
        ("", "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("text/*", "xml", "turtle"),
        ("text/csv;q=0.9, text/tab-separated-values", "tsv", None),
        ("application/rdf+xml;q=0.3, application/ld+json;q=0.4", None, "jsonld"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "xml", "turtle"),
        ("text/turtle;q=nonsense", None, None),
    ],
)
def test_what_a_client_accepts(accept: str, rows: str | None, triples: str | None) -> None:
    assert (choose(accept, ROWS), choose(accept, TRIPLES)) == (rows, triples)
