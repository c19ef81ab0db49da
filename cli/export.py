"""`kg export FORMAT`: the graph as files for other tools."""

from __future__ import annotations

from importlib import import_module

import click

# format -> module below `kg.export`, each with `write(graph, path, **options)`; options of its own are declared beside it
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


class Formats(click.Group):
    """A group with one subcommand for each format, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All formats."""
        return list(FORMATS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a format; each holds it as `command`."""
        if cmd_name not in FORMATS:
            return None
        command = import_module(f"cli.{FORMATS[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command


@click.group("export", cls=Formats)
def command() -> None:
    """Write the graph as a file for other tools; into the folder exports/ where no -o is given.

    \b
    kg export jsonl -o papers.jsonl
    """
