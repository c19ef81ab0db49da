"""`kg explain`: what extraction sees in a text, and what it turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.options import graph_option, json_option
from cli.output import clean, is_terminal, kind_text, print_json, print_rows

if TYPE_CHECKING:
    from kg.extract.explain import Looked
    from kg.records import Paper


@click.command("explain")
@click.argument("text")
@click.option("--paper", "is_paper", is_flag=True, help="TEXT names a paper of the graph.")
@click.option("--lexicon", multiple=True, type=click.Path(exists=True, dir_okay=False), help="A file with your own names, in the lexicon's format.")
@click.option("--rules-only", is_flag=True, help="Switch off the learnt parts of extraction.")
@graph_option
@json_option
def command(text: str, is_paper: bool, lexicon: tuple[str, ...], rules_only: bool, graph: str, as_json: bool) -> None:
    """Show everything that was looked at in TEXT: what it may be and how surely, by which rule, and what was turned down.

    What is "in doubt" is decided by what the other papers of a graph say (`kg names`).

    \b
    kg explain "We train LLaVA on CC3M and evaluate it on MMMU."
    kg explain "Visual Instruction Tuning" --paper
    """
    from kg.build import read_own_lines
    from kg.extract import Extractor
    from kg.extract.explain import explain_paper
    from kg.lexicon import Lexicon

    paper = _read(text, graph, is_paper=is_paper)
    rows = explain_paper(Extractor(Lexicon.of(read_own_lines(lexicon)), learned=not rules_only), paper)
    if as_json:
        print_json("explain", rows)
        return
    if is_terminal():
        _print_text(paper, rows)
    columns = ("verdict", "name", "kind", "probability", "relation", "confidence", "where", "reason")
    print_rows(columns, ((r.verdict, r.name, r.kind, r.probability, r.relation, r.confidence, _where(r), r.reason) for r in rows))


def _read(text: str, graph: str, *, is_paper: bool) -> Paper:
    from kg.records import Paper

    if not is_paper:
        return Paper(id="", title="", abstract=text)
    from kg.graph import Graph
    from kg.query.find import find_paper
    from kg.store.reading import read_paper

    with Graph(graph) as opened:
        return read_paper(opened.db, find_paper(opened.db, text))


def _where(row: Looked) -> str:
    return ", ".join(f"{place.field}:{place.name_start}-{place.name_end}" for place in row.places[:3])


def _print_text(paper: Paper, rows: list[Looked]) -> None:
    """The text with what was found in it marked by kind."""
    for field, text in (("title", paper.title), ("abstract", paper.abstract)):
        spans = sorted((p.name_start, p.name_end, r.kind) for r in rows if r.verdict == "found" for p in r.places if p.field == field)
        at, parts = 0, []
        for start, end, kind in spans:
            if start >= at:
                parts += [clean(text[at:start]), click.style(clean(text[start:end]), underline=True) + f"[{kind_text(kind)}]"]
                at = end
        if text:
            click.echo("".join([*parts, clean(text[at:])]) + "\n")
