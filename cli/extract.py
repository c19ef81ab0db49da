"""`kg extract`: what papers state, as a file that any machine can write and `kg build --statements` takes in."""

from __future__ import annotations

import click

from cli.progress import progress_bar


@click.command("extract")
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--output", default="statements.jsonl", show_default=True, metavar="FILE", help="The file to write: .jsonl, .jsonl.gz or .parquet.")
@click.option("--format", "format_", type=click.Choice(["jsonl", "listing", "rdf"]), help="Read every file as this format.")
@click.option("--lexicon", multiple=True, type=click.Path(exists=True, dir_okay=False), help="A file with your own names, in the lexicon's format.")
@click.option("--rules-only", is_flag=True, help="Switch off the learnt parts of extraction.")
@click.option("--processes", type=click.IntRange(0), default=0, metavar="N", help="Extract with N processes; 0 takes one for each core.")
@click.option("--strict", is_flag=True, help="Stop at the first error in the input.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no report; errors only.")
def command(
    sources: tuple[str, ...], output: str, format_: str | None, lexicon: tuple[str, ...], rules_only: bool, processes: int, strict: bool, quiet: bool
) -> None:
    """Write what the papers of SOURCES state, without making a graph.

    Extraction knows one paper at a time, so it can run anywhere, in parts; `kg build --statements` makes the graph that it would have
    made itself.

    \b
    kg extract january.jsonl -o january.parquet
    kg build *.jsonl --statements january.parquet -o graph.kg
    """
    from kg.build import Options, extract_statements

    options = Options(format=format_, lexicon=lexicon, learned=not rules_only, processes=processes, strict=strict)
    with progress_bar(quiet=quiet) as progress:
        papers, problems = extract_statements(sources, output, options=options, progress=progress)
    if not quiet:
        click.echo(f"{output}: what {papers:,} papers state")
        for problem in problems:
            click.echo(f"  {problem.file}:{problem.line}: {problem.message} ({problem.code})", err=True)
