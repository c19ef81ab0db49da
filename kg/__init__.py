"""Build, own and query a graph of papers and what they share.

>>> import kg
>>> kg.build_graph(["listings/*.txt"], "graph.kg")  # doctest: +SKIP
>>> kg.open("graph.kg").why("NVLM", "LLaVA")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Graph", "Options", "add_sources", "build_graph", "extract_statements", "open"]

if TYPE_CHECKING:
    from kg.build import Options, add_sources, build_graph, extract_statements
    from kg.graph import Graph
    from kg.graph import Graph as open

_HOMES = {
    "Graph": "kg.graph",
    "open": "kg.graph",
    "build_graph": "kg.build",
    "add_sources": "kg.build",
    "extract_statements": "kg.build",
    "Options": "kg.build",
}


def __getattr__(name: str) -> Any:
    """Import a front door when it is first used, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), "Graph" if name == "open" else name)
