"""`kg serve`: the graph as a SPARQL endpoint with pages, on this machine."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from cli.options import graph_option


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 takes a free one.")
@click.option("--base", metavar="IRI", help="What the IRIs of papers and entities begin with; their pages stand at the path of these.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="Another name by which the server may be called.")
@click.option("--cors", multiple=True, metavar="ORIGIN", help="A web origin whose pages may ask; * for all.")
@click.option("--processes", type=click.IntRange(1), default=4, show_default=True, metavar="N", help="How many queries may run at once.")
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, metavar="SECONDS", help="The time limit of a query.")
@click.option("--max-rows", type=click.IntRange(1), default=100_000, show_default=True, metavar="N", help="The row limit of a query.")
@click.option("--max-memory", type=click.IntRange(64), default=2048, show_default=True, metavar="MB", help="The memory limit of a query.")
@graph_option
def command(
    host: str, port: int, base: str | None, allow_host: tuple[str, ...], cors: tuple[str, ...], processes: int, timeout: float, max_rows: int,
    max_memory: int, graph: str,
) -> None:  # fmt: skip
    """Serve the graph on this machine: a SPARQL endpoint at /sparql, a query page at /, and a page for each paper and entity. Ctrl-C ends it.

    It is read-only, answers under the names of this machine only, and loads nothing from another host. Needs the extra kg[serve].

    \b
    kg serve -g graph.kg
    curl -H 'Accept: text/csv' http://127.0.0.1:8080/sparql --data-urlencode 'query=SELECT ?name { ?t a v:Task ; skos:prefLabel ?name }'
    """
    gc.enable()  # it runs for long
    from kg.errors import KgError
    from kg.ontology import BASE
    from kg.sparql.engine import Limits
    from kg.sparql.store import find_store

    try:
        from kg.serve.app import Settings
        from kg.serve.running import serve
    except ImportError as error:
        raise KgError(f"kg serve needs the extra kg[serve] ({error.name} is not installed): pip install 'paper-kg[serve]'") from error
    hosts = ("127.0.0.1", "localhost", "[::1]", "::1", *allow_host, *({host} - {"0.0.0.0", "::"}))
    settings = Settings(Path(graph), base or BASE, Limits(timeout, max_rows, max_memory), processes, hosts, cors)
    from kg.export.rdf.options import RdfOptions
    from kg.export.rdf.writing import checked

    find_store(graph, checked(RdfOptions(base=settings.base)))  # made before the first question waits for it
    serve(settings, host, port, lambda address: click.echo(f"{graph}: query page {address}/  endpoint {address}/sparql  (Ctrl-C ends)"))
