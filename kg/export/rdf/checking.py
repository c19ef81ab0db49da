"""Validate RDF files against the shapes that ship with the package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.export.rdf.vocabulary import read_file
from kg.export.rdf.writing import RdfError
from kg.store.checking import Violation

if TYPE_CHECKING:
    import rdflib

_FORMATS = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".json": "json-ld", ".trig": "trig", ".rdf": "xml", ".xml": "xml", ".owl": "xml"}


def check_rdf(path: str | os.PathLike[str]) -> list[Violation]:
    """Every constraint of the shapes that a file does not satisfy; empty where it conforms.

    Raises:
        RdfError: Where the file cannot be read as the RDF that its ending promises.
        KgError: Where pySHACL is not installed.
    """
    try:
        import pyshacl
    except ImportError as error:
        raise KgError("checking RDF needs the extra kg[shacl]: pip install 'paper-kg[shacl]'") from error
    import rdflib

    shapes = rdflib.Graph().parse(data=read_file("shapes"), format="turtle")
    conforms, report, _ = pyshacl.validate(_read(path), shacl_graph=shapes, inference="none", advanced=False)
    if conforms or not isinstance(report, rdflib.Graph):
        return []
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    results = report.subjects(rdflib.RDF.type, sh.ValidationResult)
    found = ((report.value(r, sh.focusNode), report.value(r, sh.resultPath), report.value(r, sh.value), report.value(r, sh.resultMessage)) for r in results)
    return sorted({Violation(str(message), _where(node, path, value)) for node, path, value, message in found}, key=lambda v: (v.detail, v.invariant))


def _where(node: object, path: object, value: object) -> str:
    return " ".join(str(part) for part in (node, path, value) if part is not None)


def _read(path: str | os.PathLike[str]) -> rdflib.Graph:
    import gzip

    import rdflib

    name = str(path).removesuffix(".gz")
    form = _FORMATS.get(os.path.splitext(name)[1].lower())
    if form is None:
        raise RdfError(f"{path}: the ending means no RDF format; known are {', '.join(_FORMATS)}")
    graph = rdflib.Dataset(default_union=True) if form == "trig" else rdflib.Graph()
    try:
        data = Path(path).read_bytes()
        graph.parse(data=gzip.decompress(data) if name != str(path) else data, format=form)
    except OSError as error:
        raise RdfError(f"{path}: cannot be read: {error.strerror or error}") from error
    except Exception as error:  # each of rdflib's parsers raises errors of its own
        raise RdfError(f"{path}: not {form}: {str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__}") from error
    return graph
