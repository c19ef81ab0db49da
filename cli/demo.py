"""`kg demo`: the sample corpus, from texts to answers and exports."""

from __future__ import annotations

import shlex
from contextlib import chdir
from importlib.resources import as_file, files
from pathlib import Path

import click

# each line is a command as a user would type it, without `-g`
QUESTIONS = (
    "stats",
    "show MMMU --limit 4",
    "papers --evaluates-on GSM8K --uses chain-of-thought --limit 5",
    "why LLaVA CLIP --limit 2",
)
EXPORTS = ("export html -o {folder}/page.html --title 'A sample of well-known papers'", "export jsonl -o {folder}/papers.jsonl", "export rdf --no-evidence -o {folder}/graph.ttl")


@click.command("demo")
@click.option("-o", "--output", default="exports", show_default=True, metavar="FOLDER", help="Where the exports go.")
@click.option("-g", "--graph", default="demo.kg", show_default=True, metavar="FILE", help="The graph file to write.")
@click.pass_context
def command(ctx: click.Context, output: str, graph: str) -> None:
    """Build the graph of the sample corpus that ships with kg, ask it a few questions, and write its exports.

    \b
    kg demo
    """
    target = Path(graph).resolve()
    with as_file(files("kg.data") / "sample") as sample, chdir(sample):  # so that the graph names its source alike everywhere
        _call(ctx, f"build papers.jsonl -o {shlex.quote(str(target))} --force", shown=f"kg build papers.jsonl -o {graph}")
    for question in QUESTIONS:
        _call(ctx, f"{question} -g {shlex.quote(graph)}", shown=f"kg {question} -g {graph}")
    for export in EXPORTS:
        line = f"{export.format(folder=shlex.quote(str(Path(output))))} -g {shlex.quote(graph)}"
        _call(ctx, line, shown=f"kg {line}")


def _call(ctx: click.Context, line: str, *, shown: str) -> None:
    """Print a command and run it, in this process."""
    click.echo(click.style(f"\n$ {shown}", fg="cyan", bold=True))
    name, *arguments = shlex.split(line)
    root = ctx.find_root()
    found = root.command.get_command(root, name) if isinstance(root.command, click.Group) else None
    assert found is not None
    found.main(arguments, prog_name=f"kg {name}", standalone_mode=False, parent=root)
