"""`kg export jsonl`: a line for each paper."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, quiet_option


@click.command("jsonl")
@click.option("-o", "--output", default="exports/papers.jsonl", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@confidence_option
@graph_option
@quiet_option
def command(output: str, min_confidence: float, graph: str, quiet: bool) -> None:
    """Write papers as JSON lines: entities with kinds, relations, surfaces and evidence, and links with roles.

    \b
    kg export jsonl -o papers.jsonl --min-confidence 0.8
    """
    from kg.export.papers import write_papers
    from kg.graph import Graph

    with Graph(graph) as opened:
        count = write_papers(opened, output, min_confidence=min_confidence)
    if not quiet and output != "-":
        click.echo(f"{output}: {count:,} papers")
