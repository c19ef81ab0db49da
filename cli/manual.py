"""`kg manual`: every help text in one document, so that the manual is never other than the real thing."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cli.main import SECTIONS

_WIDTH = 100
_INTRODUCTION = """# The manual

Made by `kg manual`; `make manual` writes it anew.

- **Names.** Wherever a command takes a name it may be an id (`model/clip`), an arXiv id or DOI, any name by which papers call a thing, a paper's title or
  its part before the colon. An unknown name is answered by near ones, an ambiguous one by its choices; an id or `--kind` settles it.
- **The graph.** `-g FILE` or the variable `KG_GRAPH` names the graph file; else it is `graph.kg`.
- **Output.** Tables on a terminal, tab-separated values with a header in a pipe, `--json` with a `schema_version`. The same graph gives the same bytes.
- **Exit codes.** 0 done or found (an empty list is an answer), 1 error, 2 wrong usage, 3 no such name, 4 ambiguous name.
- **Confidence.** Each link has a probability of being right; `--min-confidence P` leaves out what is less sure.
"""


@click.command("manual", hidden=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Print the manual: every help text, in Markdown.

    \b
    kg manual > docs/manual.md
    """
    root = ctx.find_root().command
    assert isinstance(root, click.Group)
    click.echo(manual_text(root), nl=False)


def manual_text(root: click.Group) -> str:
    """The manual as Markdown: the introduction, then each section's commands with their help."""
    parts = [_INTRODUCTION]
    for section, commands in SECTIONS.items():
        parts.append(f"## {section}\n")
        for name in commands:
            found = root.get_command(_context(root, "kg"), name)
            if found and not found.hidden:
                parts += [f"### {path}\n\n```text\n{text}\n```\n" for path, text in _helps(found, f"kg {name}")]
    return "\n".join(parts)


def _helps(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    context = _context(command, path)
    yield path, "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found and not found.hidden:
                yield from _helps(found, f"{path} {name}")


def _context(command: click.Command, path: str) -> click.Context:
    return click.Context(command, info_name=path, terminal_width=_WIDTH, max_content_width=_WIDTH, help_option_names=["-h", "--help"])
