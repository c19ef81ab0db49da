"""`kg code`: repositories and pages, their papers and roles, and papers that promise code."""

from __future__ import annotations

import click

from cli.options import confidence_option, graph_option, json_option, limit_option, name_type
from cli.output import clean, is_terminal, mark_text, print_json, print_rows
from kg.vocabulary import LINKED, ROLES


@click.command("code")
@click.argument("name", required=False, type=name_type)
@click.option("--role", "roles", multiple=True, type=click.Choice(list(ROLES.values())), help="Only addresses in this role; may be given several times.")
@click.option("--kind", type=click.Choice(LINKED), help="Only repositories, or only pages.")
@click.option("--promised", is_flag=True, help="Papers that promise code and give no address instead, each with the sentence.")
@limit_option
@confidence_option
@graph_option
@json_option
def command(
    name: str | None, roles: tuple[str, ...], kind: str | None, promised: bool, limit: int, min_confidence: float, graph: str, as_json: bool
) -> None:
    """List repositories and pages with the papers that give them and their roles; with NAME those of a paper, or of the papers on an entity.

    \b
    kg code
    kg code MathVista --role code
    kg code --promised
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        if promised:
            promises = opened.promises(limit=limit)
        else:
            rows = opened.code(name, roles=roles, kind=kind, limit=limit, min_confidence=min_confidence)
    if promised and as_json:
        print_json("code", promises)
    elif promised and is_terminal():
        for promise in promises:
            click.echo(click.style(clean(promise.node.label), bold=True))
            click.echo(f"    “{mark_text(promise.quote.quote, promise.quote.marks)}”")
    elif promised:
        print_rows(("title", "quote", "id"), ((p.node.label, p.quote.quote, p.node.id) for p in promises))
    elif as_json:
        print_json("code", rows)
    else:
        print_rows(("address", "roles", "papers", "paper"), ((r.node.label, ", ".join(r.roles), r.count, "; ".join(p.label for p in r.papers[:5])) for r in rows))
