"""A graph as RDF: a stream of triples out of the file, and the formats that it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.export.rdf.options import RdfOptions
    from kg.export.rdf.stream import count_triples, iter_triples
    from kg.export.rdf.writing import FORMATS, RdfError, format_of, write_parts, write_rdf

__all__ = ["FORMATS", "RdfError", "RdfOptions", "count_triples", "format_of", "iter_triples", "write_parts", "write_rdf"]

_HOMES = {"RdfOptions": "options", "count_triples": "stream", "iter_triples": "stream"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'kg.export.rdf' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"kg.export.rdf.{_HOMES.get(name, 'writing')}"), name)
