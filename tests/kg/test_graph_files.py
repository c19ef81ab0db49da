"""What is exported for other graph tools, read back with networkx."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import networkx
import pytest

from kg.export.cells import safe_cell
from kg.export.graphs.cypher import literal, write_cypher
from kg.export.graphs.gexf import write_gexf
from kg.export.graphs.graphml import write_graphml
from kg.export.graphs.nodelink import write_nodelink
from kg.export.graphs.tables import write_tables
from kg.graph import Graph
from kg.records import Entry, Place
from tests.small import statement, write_rows

_HOSTILE = 'Evil "><script>alert(1)</script> & \x00\x1b[31m \u202e \'); DROP \\ =cmd|A1 \U0001f600'


@pytest.fixture
def hostile(tmp_path: Path) -> Any:
    """A graph whose every text is out to break a file."""
    entry = Entry(f"A paper of {_HOSTILE}", f"We introduce {_HOSTILE}. It is good.", Place("hostile.jsonl", 1), url='https://x.test/"onclick="y')
    write_rows([(entry, [statement(entry, "introduces", "model", _HOSTILE)])], tmp_path / "hostile.kg")
    with Graph(tmp_path / "hostile.kg") as graph:
        yield graph


def triples(graph: networkx.MultiDiGraph[str]) -> set[tuple[str, str, str]]:
    return {(source, data["relation"], target) for source, target, data in graph.edges(data=True)}


def read_nodelink(path: Path) -> Any:
    return networkx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")


FORMATS = [(write_graphml, networkx.read_graphml), (write_gexf, networkx.read_gexf), (write_nodelink, read_nodelink)]


@pytest.mark.parametrize(("write", "read"), FORMATS, ids=["graphml", "gexf", "nodelink"])
@pytest.mark.parametrize("name", ["small", "hostile"])
def test_networkx_reads_back_what_is_in_the_graph(write: Any, read: Any, name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    graph: Graph = request.getfixturevalue(name)
    write(graph, tmp_path / "out")
    found, whole = read(tmp_path / "out"), graph.to_networkx()
    assert found.is_directed()
    assert found.is_multigraph() or whole.number_of_edges() < 2
    assert set(found.nodes) == set(whole.nodes)
    assert triples(found) == triples(whole)
    for identity, data in found.nodes(data=True):
        assert (data["kind"], data["papers"], data.get("year")) == tuple(whole.nodes[identity].get(key) for key in ("kind", "papers", "year"))


@pytest.mark.parametrize(("write", "read"), FORMATS, ids=["graphml", "gexf", "nodelink"])
def test_links_carry_their_sentence(write: Any, read: Any, small: Graph, tmp_path: Path) -> None:
    write(small, tmp_path / "out")
    found = {(s, data["relation"], t): data for s, t, data in read(tmp_path / "out").edges(data=True)}
    for edge in small.iter_edges(with_evidence=True):
        data, best = found[edge.source, edge.relation, edge.target], edge.evidence[0]
        assert (data["quote"], data["field"], data["start"], data["end"]) == (best.quote, best.field, best.start, best.end)
        assert (data["confidence"], data["evidence"]) == (edge.confidence, len(edge.evidence))


def test_gephi_finds_places_colours_and_sizes(small: Graph, tmp_path: Path) -> None:
    write_gexf(small, tmp_path / "g.gexf")
    drawn = {identity: data["viz"] for identity, data in networkx.read_gexf(tmp_path / "g.gexf").nodes(data=True)}
    places = {(viz["position"]["x"], viz["position"]["y"]) for viz in drawn.values()}
    assert len(places) == len(drawn)
    assert drawn["dataset/imagenet"]["size"] > drawn["dataset/coco"]["size"]
    assert drawn["dataset/imagenet"]["color"] != drawn["model/clip"]["color"]


@pytest.mark.parametrize("write", [write_graphml, write_gexf, write_nodelink, write_cypher])
def test_the_same_graph_gives_the_same_bytes(write: Any, small: Graph, tmp_path: Path) -> None:
    write(small, tmp_path / "a")
    write(small, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_tables_hold_nodes_and_edges_with_evidence(small: Graph, tmp_path: Path) -> None:
    nodes, edges = write_tables(small, tmp_path)
    with nodes.open(newline="", encoding="utf-8") as lines:
        assert {row["id"] for row in csv.DictReader(lines)} == set(small.to_networkx().nodes)
    with edges.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {(row["source"], row["relation"], row["target"]) for row in rows} == triples(small.to_networkx())
    texts = {paper.id: {"title": paper.title, "abstract": paper.abstract} for paper in small.iter_papers()}
    for row in rows:
        if row["field"] in ("title", "abstract") and row["relation"] != "builds_on":
            assert texts[row["source"]][row["field"]][int(row["start"]) : int(row["end"])] == row["quote"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def strings(statements: str) -> list[str]:
    """The string literals of Cypher text, unescaped; fails where one is not closed."""
    found, rest = [], statements
    while "'" in rest:
        rest = rest[rest.index("'") + 1 :]
        text = ""
        while rest[0] != "'":
            if rest[0] == "\\" and rest[1] == "u":
                text, rest = text + chr(int(rest[2:6], 16)), rest[6:]
            elif rest[0] == "\\":
                text, rest = text + rest[1], rest[2:]
            else:
                assert rest[0] != "\n"
                text, rest = text + rest[0], rest[1:]
        found.append(text.encode("utf-16", "surrogatepass").decode("utf-16"))
        rest = rest[1:]
    return found


def test_cypher_strings_hold_what_they_should(hostile: Graph, tmp_path: Path) -> None:
    write_cypher(hostile, tmp_path / "g.cypher")
    text = (tmp_path / "g.cypher").read_text("utf-8")
    assert f"A paper of {_HOSTILE}" in strings(text)
    assert all(line.endswith(";") for line in text.splitlines() if line.startswith(("UNWIND", "]", "CREATE")) and not line.endswith("["))
    assert "MERGE (a)-[r:INTRODUCES]->(b)" in text


@pytest.mark.parametrize("text", ["a'b", "a\\", "a\nb", "\u2028", "\U0001f600", "\x00"])
def test_a_cypher_literal_is_one_string(text: str) -> None:
    assert strings(literal(text)) == [text]


def test_networkx_attributes_suit_its_own_writers_and_algorithms(small: Graph, tmp_path: Path) -> None:
    whole = small.to_networkx()
    networkx.write_graphml(whole, tmp_path / "w.graphml")
    networkx.write_gexf(whole, tmp_path / "w.gexf")
    networkx.write_gml(whole, tmp_path / "w.gml")
    networkx.pagerank(whole, weight="confidence")
    networkx.betweenness_centrality(whole)
    assert nearest(whole) == ["paper/arxiv-2201.00002", "paper/gamma-measuring-figures"]


def nearest(whole: networkx.MultiDiGraph[str]) -> list[str]:
    return sorted(networkx.common_neighbors(whole.to_undirected(), "model/llava", "benchmark/mathvista"))


def test_a_neighbourhood_is_what_is_near(small: Graph) -> None:
    near = small.to_networkx(["LoRAPrune"])
    assert sorted(data["label"] for _, data in near.nodes(data=True)) == ["Delta: Pruning with Low Rank", "LoRAPrune"]
    assert small.to_networkx(["LoRAPrune"], depth=2).number_of_nodes() > near.number_of_nodes()


def test_a_large_graph_is_spread_the_same_each_time(small: Graph) -> None:
    from kg.export.graphs.placing import spread
    from kg.query.arrays import load_arrays
    from kg.query.groups import weighted_links

    arrays = load_arrays(small.db)
    first, again = (spread(*weighted_links(arrays), arrays.size).tolist() for _ in range(2))
    assert first == again
    assert len({(round(x, 3), round(y, 3)) for x, y in first}) == arrays.size
