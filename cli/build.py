"""`kg build`: sources into a new graph file."""

from __future__ import annotations

import click

from cli.options import reading_options
from cli.progress import print_report, progress_bar


@click.command("build")
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", default="graph.kg", envvar="KG_GRAPH", show_default=True, metavar="FILE", help="The graph file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--rules-only", is_flag=True, help="Switch off the learnt parts of extraction.")
@click.option("--lexicon", multiple=True, type=click.Path(exists=True, dir_okay=False), help="A file with your own names, in the lexicon's format.")
@click.option("--statements", multiple=True, type=click.Path(exists=True), help="A file or folder that `kg extract` wrote; its papers are not read again.")
@reading_options
def command(
    sources: tuple[str, ...], output: str, force: bool, rules_only: bool, statements: tuple[str, ...], format_: str | None, lexicon: tuple[str, ...], corrections: tuple[str, ...], processes: int, strict: bool, quiet: bool, as_json: bool
) -> None:
    """Build a graph file out of SOURCES: files, folders, globs, or - for standard input; .gz is unpacked.

    The format of each file is told by its content: saved listing pages, or JSON lines with title and abstract.

    \b
    kg build listings/*.txt -o graph.kg
    zcat dump.jsonl.gz | kg build - -o field.kg
    """
    from kg.build import Options, build_graph

    options = Options(format=format_, lexicon=lexicon, corrections=corrections, learned=not rules_only, processes=processes, strict=strict, statements=statements)
    with progress_bar(quiet=quiet) as progress:
        report = build_graph(sources, output, force=force, options=options, progress=progress)
    print_report("build", report, output, quiet=quiet, as_json=as_json)
