"""`kg search`: papers and entities by words."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, kind_option, limit_option
from cli.output import clean, is_terminal, kind_text, mark_text, print_json, print_rows


@click.command("search")
@click.argument("text", nargs=-1, required=True)
@kind_option
@limit_option
@confidence_option
@graph_option
@json_option
def command(text: tuple[str, ...], kind: str | None, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Find papers and entities that have all words of TEXT, best first, with the place where they stand.

    "Several words in quotes" must stand together; a word that ends in * stands for all that begin so. Where nothing has all the words, what has some.

    \b
    kg search video question answering
    kg search '"chart understanding" synthetic' --kind paper
    kg search llava* --kind model
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        rows = opened.search(" ".join(text), kind=kind, limit=limit, min_confidence=min_confidence)
    if as_json:
        print_json("search", rows)
    elif is_terminal():
        for row in rows:
            click.echo(f"{click.style(clean(row.node.label), bold=True)}  {kind_text(row.node.kind)} {click.style(row.node.id, dim=True)}")
            if row.snippet:
                click.echo(f"    … {mark_text(row.snippet.quote, row.snippet.marks)} …")
            else:
                click.echo(click.style(f"    named by {row.node.papers} papers: {clean(', '.join(row.names))}", dim=True))
    else:
        texts = (row.snippet.quote if row.snippet else ", ".join(row.names) for row in rows)
        print_rows(("kind", "name", "text", "score", "id"), ((r.node.kind, r.node.label, text, r.score, r.node.id) for r, text in zip(rows, texts, strict=True)))
