"""`kg export csv`: tables of nodes and edges."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, quiet_option


@click.command("csv")
@click.option("-o", "--output", default="exports/tables", show_default=True, metavar="FOLDER", help="The folder to write into.")
@confidence_option
@graph_option
@quiet_option
def command(output: str, min_confidence: float, graph: str, quiet: bool) -> None:
    """Write the tables nodes.csv and edges.csv; each edge has its best evidence: field, start, end, quote and rule.

    \b
    kg export csv -o tables
    """
    from kg.export.graphs.tables import write_tables
    from kg.graph import Graph

    with Graph(graph) as opened:
        write_tables(opened, output, min_confidence=min_confidence)
    if not quiet and output != "-":
        click.echo(f"{output}: nodes.csv and edges.csv")
