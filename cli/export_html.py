"""`kg export html`: the graph as a page to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cli.options import confidence_option, graph_option, quiet_option
from kg.vocabulary import KINDS, RELATIONS

if TYPE_CHECKING:
    from kg.export.page import Choice, Written

_TOP = 20_000  # the same as kg.export.page.choosing.FITS, which is not imported for a help text


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what goes into a page."""
    for option in (
        click.option("--title", default="", metavar="TEXT", help="The heading of the page.  [default: the graph's file name]"),
        click.option("--min-papers", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Leave out what fewer papers name."),
        click.option("--relations", multiple=True, type=click.Choice(tuple(RELATIONS)), metavar="RELATION", help="Only these relations; repeatable."),
        click.option("--kinds", multiple=True, type=click.Choice(KINDS[1:]), metavar="KIND", help="Only these kinds beside the papers; repeatable."),
        click.option("--depth", type=click.IntRange(1, 6), default=2, show_default=True, metavar="D", help="With --around: so many links away."),
        click.option("--around", multiple=True, metavar="NAME", help="Only what lies around this paper or entity; repeatable."),
        click.option("--top", type=click.IntRange(1), default=_TOP, show_default=True, metavar="N", help="At most N things, the most shared first."),
    ):
        command = option(command)
    return command


@click.command("html")
@click.option("-o", "--output", default="exports/page.html", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@choice_options
@confidence_option
@graph_option
@quiet_option
def command(output: str, graph: str, quiet: bool, **wishes: Any) -> None:
    """Write one HTML file to look at the graph: search, focus, filter, and the sentence behind every line; it needs no network.

    \b
    kg export html -o page.html
    kg export html --around MathVista --depth 2 -o mathvista.html
    kg export html --kinds dataset --kinds benchmark --min-papers 3
    """
    from kg.export.page import write_page
    from kg.graph import Graph

    title, choice = make_choice(wishes)
    with Graph(graph) as opened:
        written = write_page(opened, output, choice, title=title)
    if not quiet and output != "-":
        click.echo(describe(output, written))


def make_choice(wishes: dict[str, Any]) -> tuple[str, Choice]:
    """The title and the choice out of the options of a command."""
    from kg.export.page import Choice

    title = wishes.pop("title")
    return title, Choice(**wishes)


def describe(output: str, written: Written) -> str:
    """What a page holds, and what had no room."""
    told = f"{output}: {written.nodes:,} things and papers, {written.edges:,} links, {written.size / 1e6:.1f} MB"
    if written.nodes < written.wanted:
        told += (
            f"\n  {written.wanted:,} are too many for one file: it holds the best {written.nodes:,}, those that most papers share."
            "\n  --around NAME, --kinds, --relations and --min-papers choose another part; --top N takes more."
        )
    return told
