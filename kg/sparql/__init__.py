"""SPARQL over a graph file or any RDF file: Oxigraph answers, in a process of its own that can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.sparql.engine import Engine, Limits, open_data, open_graph
    from kg.sparql.examples import Example, read_examples

__all__ = ["Engine", "Example", "Limits", "open_data", "open_graph", "read_examples"]

_HOMES = {"Example": "examples", "read_examples": "examples"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'kg.sparql' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"kg.sparql.{_HOMES.get(name, 'engine')}"), name)
