"""What `kg new` and `kg diff` share: how changes are printed and written as a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from cli.output import clean, is_terminal, kind_text, print_rows
from kg.graph import Graph
from kg.query.changes import Changes
from kg.query.nodes import read_labels
from kg.vocabulary import RELATIONS

F = TypeVar("F", bound=Callable[..., Any])


def feed_options(command: F) -> F:
    """The options that write new papers as a feed."""
    for option in (
        click.option("--date", default="", metavar="YYYY-MM-DD", help="The date of the feed, and of papers that have none."),
        click.option("--feed", metavar="FILE", help="Also write the new papers as an Atom feed; - for standard output, and nothing else."),
    ):
        command = option(command)
    return command


def write_feed(graph: Graph, changes: Changes, feed: str, date: str) -> None:
    """Write the papers of changes as a feed."""
    from kg.export.feed import write_feed as write

    write(graph, changes.papers, feed, date=date)


def print_changes(changes: Changes, graph: Graph, sign: str) -> None:
    """Print papers, entities and links, each line with a sign in front."""
    if not is_terminal():
        return
    counts = f"{changes.paper_count:,} papers, {changes.entity_count:,} entities, {changes.link_count:,} links"
    click.echo(click.style(f"{'gained' if sign == '+' else 'lost'} {counts}", bold=True))
    for paper in changes.papers:
        made = f" introduces {', '.join(clean(node.label) for node in paper.introduces[:4])}" if paper.introduces else ""
        click.echo(f"{sign} {paper.date:<10} {clean(paper.node.label)}{click.style(made, dim=True)}")
    for node in changes.entities:
        click.echo(f"{sign} {clean(node.label)} {kind_text(node.kind)} {click.style(f'in {node.papers} papers', dim=True)}")
    shown = len(changes.papers) < changes.paper_count or len(changes.entities) < changes.entity_count
    if shown:
        click.echo(click.style("  … (--limit 0 for all)", dim=True))


def change_rows(changes: Changes, graph: Graph, sign: str) -> Iterator[tuple[object, ...]]:
    """Rows for a pipe: sign, what it is, name, detail, id."""
    labels = read_labels(graph.db, (end for edge in changes.links for end in (edge.source, edge.target)))
    for paper in changes.papers:
        yield sign, "paper", paper.node.label, paper.date, paper.node.id
    for node in changes.entities:
        yield sign, node.kind, node.label, f"{node.papers} papers", node.id
    for edge in changes.links:
        yield sign, "link", f"{labels[edge.source]} {RELATIONS[edge.relation].phrase} {labels[edge.target]}", edge.confidence, f"{edge.source} {edge.target}"


def print_all(parts: list[tuple[Changes, Graph, str]]) -> None:
    """Print gains and losses: sections on a terminal, one table in a pipe."""
    for changes, graph, sign in parts:
        print_changes(changes, graph, sign)
    if not is_terminal():
        print_rows(("change", "what", "name", "detail", "id"), (row for changes, graph, sign in parts for row in change_rows(changes, graph, sign)))
