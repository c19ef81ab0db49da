"""`kg sparql`: queries in the language of the semantic web."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import graph_option
from cli.output import print_rows

if TYPE_CHECKING:
    from kg.sparql.engine import Engine, Result
    from kg.sparql.examples import Example

# what the user names -> the form for rows, the form for triples
_FORMATS = {
    "table": ("json", "turtle"), "tsv": ("tsv", ""), "csv": ("csv", ""), "json": ("json", "jsonld"), "xml": ("xml", "rdfxml"),
    "turtle": ("", "turtle"), "nt": ("", "nt"), "jsonld": ("", "jsonld"),
}  # fmt: skip


@click.command("sparql")
@click.argument("query", required=False)
@click.option("-f", "--file", "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FILE", help="Read the query from a file; - for standard input.")
@click.option("--example", metavar="NAME", help="Ask one of the examples.")
@click.option("--examples", "list_examples", is_flag=True, help="List the examples.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Put another value into an example.")
@click.option("--print-query", is_flag=True, help="Print the query, do not ask it.")
@click.option("--data", multiple=True, type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Ask this RDF file, not a graph file.")
@click.option("--format", "format_", type=click.Choice(list(_FORMATS)), default="table", show_default=True, help="The form of the result.")
@click.option("--lpwc", is_flag=True, help="Have the terms of Linked Papers With Code in the graph.")
@click.option("--base", metavar="IRI", help="What the IRIs of papers and entities begin with.")
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, metavar="SECONDS", help="The time limit.")
@click.option("--max-rows", type=click.IntRange(1), default=100_000, show_default=True, metavar="N", help="The row limit.")
@click.option("--max-memory", type=click.IntRange(64), default=2048, show_default=True, metavar="MB", help="The memory limit.")
@graph_option
def command(
    query: str | None, file: str | None, example: str | None, list_examples: bool, values: tuple[str, ...], print_query: bool, data: tuple[str, ...],
    format_: str, lpwc: bool, base: str | None, timeout: float, max_rows: int, max_memory: int, graph: str,
) -> None:  # fmt: skip
    """Ask a SPARQL query of a graph, or of any RDF file. The usual prefixes need not be written; v: is the vocabulary of kg.

    Queries only read: no update, no SERVICE, nothing is fetched. The first query of a graph makes its RDF store, the folder FILE.rdf.

    \b
    kg sparql 'SELECT ?name { ?b a v:Benchmark ; skos:prefLabel ?name } LIMIT 5'
    kg sparql --examples
    kg sparql --example code-using-model --set model=CLIP
    kg sparql -f query.rq --data export.ttl --format csv
    """
    from kg.sparql.examples import read_examples

    if list_examples:
        print_rows(("name", "values", "question"), ((e.name, ", ".join(f"{k}={v}" for k, v in e.values), e.title) for e in read_examples()))
        return
    text = _find_query(query, file, example, values)
    if print_query:
        click.echo(text.rstrip())
        return
    rows_format, graph_format = _FORMATS[format_]
    with _open(graph, data, lpwc, base, timeout, max_rows, max_memory) as engine:
        result = engine.query(text, rows_format=rows_format or "tsv", graph_format=graph_format or "turtle")
    if (result.type == "graph" and not graph_format) or (result.type != "graph" and not rows_format):
        raise click.UsageError(f"--format {format_} does not fit: the result is {'triples' if result.type == 'graph' else 'rows'}")
    if format_ == "table" and result.type != "graph":
        _print_table(result, engine.place.options.base)
    else:
        sys.stdout.buffer.write(result.body)
        sys.stdout.buffer.flush()


def _find_query(query: str | None, file: str | None, example: str | None, values: tuple[str, ...]) -> str:
    if sum(given is not None for given in (query, file, example)) != 1:
        raise click.UsageError("one of QUERY, --file and --example is needed; --examples lists the examples")
    if values and not example:
        raise click.UsageError("--set belongs to --example")
    if example:
        return _find_example(example).fill(dict(_pair(value) for value in values))
    return query or (sys.stdin.read() if file == "-" else Path(str(file)).read_text("utf-8"))


def _pair(value: str) -> tuple[str, str]:
    name, sign, rest = value.partition("=")
    if not sign:
        raise click.UsageError(f"--set wants NAME=VALUE, not {value!r}")
    return name, rest


def _find_example(name: str) -> Example:
    from kg.sparql.examples import find_example

    return find_example(name)


def _open(graph: str, data: tuple[str, ...], lpwc: bool, base: str | None, timeout: float, rows: int, memory: int) -> Engine:
    from kg.export.rdf.options import RdfOptions
    from kg.ontology import BASE
    from kg.sparql import Limits, open_data, open_graph

    limits = Limits(timeout, rows, memory)
    if data:
        return open_data(data, limits=limits)
    return open_graph(graph, limits=limits, options=RdfOptions(base=base or BASE, lpwc=lpwc))


def _print_table(result: Result, base: str) -> None:
    answer: dict[str, Any] = json.loads(result.body)
    if result.type == "ask":
        click.echo("yes" if answer["boolean"] else "no")
        return
    columns = answer["head"]["vars"]
    print_rows(columns, ([_cell(row.get(column), base) for column in columns] for row in answer["results"]["bindings"]))


def _cell(term: dict[str, str] | None, base: str) -> str:
    """A term for people: what is ours without its base, standard terms with their prefix, texts bare."""
    from kg.ontology import NAMESPACES

    if term is None:
        return ""
    value = term["value"]
    if term["type"] != "uri":
        return f"_:{value}" if term["type"] == "bnode" else value
    if base and value.startswith(base):
        return value[len(base) :]
    for prefix, space in NAMESPACES.items():
        if value.startswith(space) and value != space and "/" not in value[len(space) :]:
            return f"{prefix}:{value[len(space) :]}"
    return value
