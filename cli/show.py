"""`kg show`: one paper or entity, whole."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from cli.options import confidence_option, graph_option, json_option, kind_option, name_type
from cli.output import clean, is_terminal, kind_text, print_json, print_rows, quote_text
from kg.vocabulary import RELATIONS

if TYPE_CHECKING:
    from kg.query.showing import Link, Shown


@click.command("show")
@click.argument("name", type=name_type)
@kind_option
@click.option("--limit", type=click.IntRange(0), default=10, show_default=True, metavar="N", help="At most N links for each relation; 0 for all.")
@confidence_option
@graph_option
@json_option
def command(name: str, kind: str | None, limit: int, min_confidence: float, graph: str, as_json: bool) -> None:
    """Show a paper or an entity, by any of its names, with its links and the best quote for each.

    \b
    kg show MathVista
    kg show arXiv:2310.02255
    kg show "Microsoft COCO" --json
    """
    from kg.graph import Graph

    with Graph(graph) as opened:
        shown = opened.show(name, kind=kind, limit=limit, min_confidence=min_confidence)
    if as_json:
        print_json("show", shown)
    elif is_terminal():
        _print_head(shown)
        _print_links(shown)
    else:
        rows = ((_phrase(link), link.other.kind, link.other.label, link.other.id, link.edge.confidence, link.edge.evidence[0].quote) for link in shown.links)
        print_rows(("relation", "kind", "name", "id", "confidence", "quote"), rows)


def _phrase(link: Link) -> str:
    relation = RELATIONS[link.edge.relation]
    return relation.inverse if link.inverse else relation.phrase


def _print_head(shown: Shown) -> None:
    click.echo(f"{click.style(clean(shown.node.label), bold=True)}  {kind_text(shown.node.kind)}  {click.style(shown.node.id, dim=True)}")
    if shown.entity:
        names = [f"{clean(n.surface)} ({n.papers})" for n in shown.entity.names if n.surface != shown.node.label]
        if names:
            click.echo(f"also written: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}")
        if shown.entity.note:
            click.echo(clean(shown.entity.note))
        click.echo(f"named by {shown.node.papers} papers")
    if shown.paper:
        facts = [", ".join(shown.paper.authors[:4]) + (" and others" if len(shown.paper.authors) > 4 else ""), shown.paper.venue, str(shown.paper.year or "")]
        click.echo(clean(" · ".join(fact for fact in facts if fact)))
        click.echo(clean(shown.paper.abstract))
        click.echo(click.style("read from " + ", ".join(f"{place.file}:{place.line}" for place in shown.paper.places), dim=True))


def _print_links(shown: Shown) -> None:
    for phrase, links in groupby(shown.links, key=_phrase):
        listed = list(links)
        count = shown.counts[phrase]
        click.echo(f"\n{click.style(phrase, bold=True)} ({count})")
        for link in listed:
            click.echo(f"  {clean(link.other.label)}  {kind_text(link.other.kind)} {click.style(f'{link.edge.confidence:.2f}', dim=True)}")
            click.echo(f"      {quote_text(link.edge.evidence[0])}")
        if len(listed) < count:
            click.echo(click.style(f"  … and {count - len(listed)} more (--limit 0)", dim=True))
