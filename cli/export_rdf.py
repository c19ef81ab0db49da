"""`kg export rdf`: the graph for the tools of the semantic web."""

from __future__ import annotations

import click

from cli.options import graph_option, quiet_option


@click.command("rdf")
@click.option("-o", "--output", default="exports/graph.ttl", show_default=True, metavar="FILE", help="The file to write, .gz packs it; - for standard output.")
@click.option("--format", "format_", type=click.Choice(["turtle", "nt", "jsonld", "trig", "xml"]), help="The format, whatever the file's ending.")
@click.option("--no-evidence", is_flag=True, help="Only the plain triples: no statements, quotes, places, reasons.")
@click.option("--base", metavar="IRI", help="What the IRIs of papers and entities begin with.")
@click.option("--lpwc", is_flag=True, help="Add the terms of Linked Papers With Code.")
@click.option("--parts", type=click.IntRange(1), metavar="N", help="Write parts of about N triples into the folder FILE, and a VoID description.")
@graph_option
@quiet_option
def command(output: str, format_: str | None, no_evidence: bool, base: str | None, lpwc: bool, parts: int | None, graph: str, quiet: bool) -> None:
    """Write papers, entities and links as RDF, with the quotes behind each link; Turtle where neither --format nor the ending says otherwise.

    \b
    kg export rdf -o graph.ttl
    kg export rdf -o graph.nt.gz --no-evidence
    kg export rdf -o dump/ --parts 1000000
    """
    from kg.export.rdf import RdfError, RdfOptions, write_parts, write_rdf
    from kg.graph import Graph
    from kg.ontology import BASE

    options = RdfOptions(base=base or BASE, evidence=not no_evidence, lpwc=lpwc)
    if parts and format_ not in (None, "nt"):
        raise RdfError("--parts writes N-Triples only")
    with Graph(graph) as opened:
        written = write_parts(opened, output, parts, options=options) if parts else write_rdf(opened, output, format=format_, options=options)
    if not quiet and output != "-":
        click.echo(f"{output}: {written.triples:,} triples" + (f" in {len(written.files) - 1} parts" if parts else ""))
