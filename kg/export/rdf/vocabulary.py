"""The vocabulary and the shapes, as they ship with the package."""

from __future__ import annotations

import os
from importlib.resources import files

from kg.export.files import writing

FILES = {"vocabulary": "vocabulary.ttl", "shapes": "shapes.ttl"}


def read_file(name: str) -> bytes:
    """The vocabulary or the shapes, in Turtle."""
    return (files("kg.data") / "rdf" / FILES[name]).read_bytes()


def write_vocabulary(output: str | os.PathLike[str], name: str = "vocabulary") -> None:
    """Write the vocabulary, or with the name `shapes` the SHACL shapes."""
    with writing(output) as stream:
        stream.write(read_file(name))
