"""Queries of people who mean harm: nothing reaches out, nothing hangs, nothing takes more than it may."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.sparql import Engine, Limits, open_data, open_graph
from kg.sparql.errors import QueryError, QueryRefused, QuerySyntaxError, QueryTimeout, TooDeep, TooLarge, TooManyRows, TooMuchMemory
from kg.sparql.guard import check_query

HEAD = "PREFIX a: <http://127.0.0.1:9/> PREFIX : <http://127.0.0.1:9/> SELECT * { VALUES ?g { <http://127.0.0.1:9/> } "
BODY = " { ?s ?p ?o }"


@lru_cache(maxsize=1)
def anything() -> pyoxigraph.Store:
    """A store in which what stands before a SERVICE is found, without which it is not asked."""
    store = pyoxigraph.Store()
    store.update("PREFIX a: <http://127.0.0.1:9/> INSERT DATA { a: a:b a:, a:b, a:z, <x:y>, 1e5, 1, 1.0, true, false, 'a', '', 'x'@en . <x:z> <x:p> a:b }")
    return store


def reaches_out(query: str) -> bool:
    """Whether Oxigraph would ask another server: it fails then, as it asks none at that port."""
    try:
        text = check_query(query).text
    except QueryError:
        return False
    try:
        list(anything().query(text))  # type: ignore[arg-type]
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return False


@pytest.mark.parametrize(
    "inner",
    [
        "?z <x:p>* 1e5SERVICE ?g" + BODY,  # no space is wanted between a value and the word
        "?z <x:p>* trueSERVICE ?g" + BODY,
        "?z <x:p>* falseservice<http://127.0.0.1:9/>" + BODY,
        "?z <x:p>* a:.SERVICE <http://127.0.0.1:9/>" + BODY,  # no name ends with a full stop
        "SERVICE:b" + BODY,  # nor between the word and a name
        "SERVICEa:b" + BODY,
        "FILTER(1<2||?z>1)SERVICE?g#>\n" + BODY,  # what looks like an address compares, and hides the word
        "FILTER('a'<'b>')SERVICE ?g" + BODY + " FILTER('a'<'b')",
        "FILTER(1<2)#>'''\nSERVICE ?g" + BODY + " #'''\n",
        "FILTER(1<2)#>\"\"\"\nSERVICE ?g" + BODY + ' #"""\n',
    ],
)
def test_no_reading_of_a_query_asks_another_server(inner: str) -> None:
    with pytest.raises((RuntimeError, OSError)):
        list(anything().query(HEAD + inner + " }"))  # type: ignore[arg-type]
    assert not reaches_out(HEAD + inner + " }")


PIECES = [
    "?z <x:p>* ", "?z", "a:", "a:b", ":", "_:b", "true", "1", "1e5", "1.", "'", "'''", '"', '"""', "\\", "\\'", "<", "<x:y>", ">", "#", "#>", "\n", "\r", " ", ".", ";", ",", "(", ")", "{", "}",
    "FILTER(", "FILTER(1<2)", "||", "<?b", "^^", "@en", "-", "%41", "\\-", "..", "?", "*", "UNION", "é", "²", "\x85", "\u2028", "SERVICE", "service", "x",
]  # fmt: skip


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(PIECES), max_size=5).map("".join), st.sampled_from(["SERVICE", "service "]), st.sampled_from(["<http://127.0.0.1:9/>", "?g", ":b", "a:b", " a:b"]),
    st.lists(st.sampled_from(PIECES), max_size=3).map("".join),
)  # fmt: skip
@example("FILTER('a'<'b>')", "SERVICE", "?g", "")
def test_no_text_around_it_hides_the_word(before: str, word: str, server: str, after: str) -> None:
    assert not reaches_out(f"{HEAD}{before}{word}{server}{after}{BODY} }}")


@given(st.text(max_size=80))
def test_any_text_is_a_query_or_an_error_of_ours(text: str) -> None:
    with contextlib.suppress(QueryError):
        check_query(text)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("data") / "services.ttl"
    path.write_text("<http://x/Service#1> <http://x/service> 'A Service, \\\\service'; <http://x/service/p> 'other' .")
    with open_data([path]) as engine:
        yield engine


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?o { ?s <http://x/service> ?o } # the SERVICE",
        "PREFIX x: <http://x/> SELECT ?o { ?s x:service ?o }",
        'SELECT ?o { ?service ?p ?o FILTER (CONTAINS(?o, "Service, \\\\service")) }',
        "PREFIX s: <http://x/Service#> SELECT ?o { s:1 ?webService ?o FILTER REGEX(?o, '''^a service''', 'i') }",
        "PREFIX s: <http://x/> SELECT ?o { ?s s:service\\/p|s:service ?o FILTER (STRLEN(?o)>9) }",
    ],
)
def test_a_query_with_the_word_in_it_means_what_it_says(query: str, services: Engine) -> None:
    assert services.query(query, rows_format="csv").body.decode().splitlines() == ["o", '"A Service, \\service"']


def test_an_error_after_the_word_is_shown_where_it_is(services: Engine) -> None:
    query = "SELECT * { ?s <http://x/service> 'a service' .\n ?s <http://x/service> 'service' ?p }"
    places = []
    for text in (query, query.replace("service", "serbice")):
        with pytest.raises(QuerySyntaxError) as caught:
            services.query(text)
        places.append((caught.value.line, caught.value.column))
    assert places[0] == places[1]
    assert places[0][0] == 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service " + "'''\n\\" * 100_000,
        'SELECT ?service { "' + '\\"' * 200_000,
        "SELECT ?service " + "a." * 200_000,
        "SELECT ?service <" + "\\u0041" * 100_000,
        "SELECT " + "?service " * 100_000,
    ],
)
def test_long_queries_are_looked_through_at_once(query: str) -> None:
    """What looked at each place again from every other would take hours."""
    with contextlib.suppress(QueryError):
        check_query(query)


@pytest.fixture(scope="module")
def narrow(small_path: Path) -> Iterator[Engine]:
    with open_graph(small_path, limits=Limits(rows=100, megabytes=200)) as engine:
        yield engine


def chain(count: int) -> str:
    """So many doublings of a text of sixteen letters."""
    return 'BIND("0123456789abcdef" AS ?a0) ' + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(count))


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f", TooMuchMemory),
        (f"SELECT (STRLEN(?a40) AS ?n) {{ {chain(40)} }}", TooMuchMemory),
        (f"SELECT ?a21 {{ {chain(21)} }}", TooLarge),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", TooManyRows),
        ("CONSTRUCT { [] v:a ?a } WHERE { ?a ?b ?c . ?d ?e ?f }", TooManyRows),
        ("DESCRIBE * { ?a ?b ?c }", TooManyRows),
        ("SELECT * " + "{" * 100_000 + "}" * 100_000, TooDeep),
        ("SELECT * { ?a " + "(" * 20_000 + "v:uses" + ")*" * 20_000 + " ?b }", TooDeep),
        ("SELECT * { ?a " + "/".join(["v:uses"] * 50_000) + " ?b }", TooDeep),
        ("SELECT (1" + "+1" * 100_000 + " AS ?x) {}", TooDeep),
    ],
)  # fmt: skip
def test_what_takes_too_much_is_stopped_and_told(query: str, error: type[QueryError], narrow: Engine) -> None:
    with pytest.raises(error):
        narrow.query(query)
    assert narrow.query("ASK {}", rows_format="csv").body == b"true\n"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
        "SELECT (COUNT(*) AS ?n) { ?a (!v:none)* ?b . ?c (!v:none)* ?d . ?e (!v:none)* ?f }",
        "SELECT * { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(2_000)) + " }",
    ],
)
def test_what_takes_too_long_is_stopped_and_told(query: str, small_path: Path) -> None:
    with open_graph(small_path, limits=Limits(seconds=1)) as engine:
        with pytest.raises(QueryTimeout):
            engine.query(query)
        assert engine.query("ASK {}", rows_format="csv").body == b"true\n"


@pytest.mark.parametrize("query", ["LOAD <file:///etc/passwd>", "# a\nPREFIX a: <x:> LOAD SILENT <http://127.0.0.1/>", "CLEAR ALL", "ADD <x:a> TO <x:b>", "INSERT DATA { <x:a> <x:b> 1 }"])
def test_updates_are_refused_whatever_stands_before_them(query: str, services: Engine) -> None:
    with pytest.raises(QueryRefused):
        services.query(query)


def test_data_that_includes_other_files_reads_none(tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<x:s> <x:p> 'secret' .")
    (tmp_path / "a.jsonld").write_text(f'{{"@context": "file://{tmp_path}/secret.ttl", "@id": "x:a", "x:b": 1}}')
    (tmp_path / "a.rdf").write_text(
        f'<!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM "file://{tmp_path}/secret.ttl">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="x:a">'
        '<rdf:value>&e;</rdf:value></rdf:Description></rdf:RDF>'
    )
    for name in ("a.jsonld", "a.rdf"):
        with open_data([tmp_path / name]) as engine, pytest.raises(StoreError):
            engine.query("SELECT * { ?s ?p ?o }")
