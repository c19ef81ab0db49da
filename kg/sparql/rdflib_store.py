"""A graph as an `rdflib.Graph`: rdflib is the interface, Oxigraph answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pyoxigraph
from oxrdflib import OxigraphStore
from rdflib import Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result

from kg.export.rdf.stream import RdfOptions
from kg.ontology import NAMESPACES
from kg.sparql.errors import QueryRefused
from kg.sparql.guard import check_query
from kg.sparql.store import find_store, hold_store


class ReadingStore(OxigraphStore):
    """Oxigraph's store for rdflib, with queries checked as `kg sparql` checks them; it cannot be written."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._share = hold_store(folder)  # for as long as this store lives
        super().__init__(store=pyoxigraph.Store.read_only(os.path.join(folder, "store")))

    def query(self, query: Any, initNs: Mapping[str, Any], initBindings: Mapping[str, Any], queryGraph: str, **kwargs: object) -> Result:
        """Answer a query that only reads."""
        check_query(str(query))
        return super().query(query, initNs, initBindings, queryGraph, **kwargs)

    def add(self, *_: object, **__: object) -> None:
        """Refuse: the graph file is what is written."""
        raise QueryRefused("this graph is read-only; copy it into a graph of your own: rdflib.Graph() + graph.to_rdflib()")

    addN = remove = update = add


def to_rdflib(path: str | os.PathLike[str], options: RdfOptions | None = None) -> Graph:
    """The RDF store of a graph file, made where it is not there yet, as a read-only `rdflib.Graph` with all prefixes bound."""
    graph = Graph(store=ReadingStore(find_store(path, options)), identifier=DATASET_DEFAULT_GRAPH_ID)
    for prefix, namespace in NAMESPACES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph
