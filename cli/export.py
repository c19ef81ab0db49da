"""`kg export FORMAT`: the graph as files for other tools."""

from __future__ import annotations

import click

from cli.lazy import LazyGroup

# format -> module below `cli`
FORMATS = {
    "html": "export_html",
    "jsonl": "export_jsonl",
    "rdf": "export_rdf",
    "vocabulary": "export_vocabulary",
    "graphml": "export_graphml",
    "gexf": "export_gexf",
    "nodelink": "export_nodelink",
    "csv": "export_csv",
    "cypher": "export_cypher",
}


class Formats(LazyGroup):
    """One subcommand for each format."""

    modules = FORMATS


@click.group("export", cls=Formats)
def command() -> None:
    """Write the graph as a file for other tools; into the folder exports/ where no -o is given.

    \b
    kg export jsonl -o papers.jsonl
    """
