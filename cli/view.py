"""`kg view`: write the page and open it in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.export_html import choice_options, describe, make_choice
from cli.options import confidence_option, graph_option


@click.command("view")
@click.option("-o", "--output", default="", metavar="FILE", help="The file to write.  [default: beside the graph, with the ending .html]")
@click.option("--no-browser", is_flag=True, help="Only write the page, and print its path.")
@choice_options
@confidence_option
@graph_option
def command(output: str, no_browser: bool, graph: str, **wishes: Any) -> None:
    """Look at the graph in the browser: writes the page and opens it.

    \b
    kg view
    kg view --around CLIP --depth 1
    """
    from kg.export.page import write_page
    from kg.graph import Graph

    path = Path(output or Path(graph).with_suffix(".html")).resolve()
    title, choice = make_choice(wishes)
    with Graph(graph) as opened:
        written = write_page(opened, path, choice, title=title)
    if no_browser:
        click.echo(path)
        return
    click.echo(describe(str(path), written))
    if click.launch(path.as_uri()) != 0:
        click.echo(f"no browser could be opened; open {path.as_uri()} yourself", err=True)
