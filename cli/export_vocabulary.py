"""`kg export vocabulary`: what the terms in an RDF export mean."""

from __future__ import annotations

import click

from cli.options import quiet_option


@click.command("vocabulary")
@click.option("-o", "--output", default="exports/vocabulary.ttl", show_default=True, metavar="FILE", help="The file to write; - for standard output.")
@click.option("--shapes", is_flag=True, help="Write the SHACL shapes that exports satisfy.")
@quiet_option
def command(output: str, shapes: bool, quiet: bool) -> None:
    """Write the vocabulary of RDF exports as Turtle: classes and properties with labels, comments, and near terms of standard vocabularies.

    \b
    kg export vocabulary -o vocabulary.ttl
    kg export vocabulary --shapes -o shapes.ttl
    """
    from kg.export.rdf.vocabulary import write_vocabulary

    write_vocabulary(output, "shapes" if shapes else "vocabulary")
    if not quiet and output != "-":
        click.echo(f"{output}: written")
