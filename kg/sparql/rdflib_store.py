"""A graph as an `rdflib.Graph`: rdflib is the interface, Oxigraph answers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph
from oxrdflib import OxigraphStore
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.term import Identifier, Variable

from kg.export.rdf.stream import RdfOptions
from kg.ontology import BASE, NAMESPACES, data_prefixes, expand
from kg.sparql.errors import QueryRefused
from kg.sparql.guard import check_query
from kg.sparql.store import find_store, hold_store

_PLAIN = {expand("xsd:string"), expand("rdf:langString")}


def _term(node: Any) -> Identifier | None:
    """A term as rdflib's own parsers make it: a text without datatype, an address that Oxigraph has checked already."""
    if isinstance(node, pyoxigraph.NamedNode):
        return str.__new__(URIRef, node.value)
    if isinstance(node, pyoxigraph.Literal):
        datatype = node.datatype.value
        return Literal(node.value, lang=node.language) if datatype in _PLAIN else Literal(node.value, datatype=str.__new__(URIRef, datatype))
    return BNode(node.value) if isinstance(node, pyoxigraph.BlankNode) else None


class ReadingStore(OxigraphStore):
    """Oxigraph's store for rdflib, with queries checked as `kg sparql` checks them; it cannot be written."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._share = hold_store(folder)  # for as long as this store lives
        self._read = pyoxigraph.Store.read_only(os.path.join(folder, "store"))
        super().__init__(store=self._read)

    def triples(self, triple_pattern: Any, context: Graph | None = None) -> Iterator[Any]:
        """The triples that fit a pattern."""
        try:
            pattern = [None if part is None else _pattern(part) for part in triple_pattern]
        except ValueError:
            return  # no triple holds such a term
        for quad in self._read.quads_for_pattern(*pattern, pyoxigraph.DefaultGraph()):  # type: ignore[call-arg]
            yield (_term(quad.subject), _term(quad.predicate), _term(quad.object)), iter((context,))

    def query(self, query: Any, initNs: Mapping[str, Any], initBindings: Mapping[str, Any], queryGraph: str, **kwargs: object) -> Result:
        """Answer a query that only reads."""
        check_query(str(query))
        prefixes = {**self._namespace_for_prefix, **initNs}
        values = {pyoxigraph.Variable(name): _pattern(value) for name, value in initBindings.items()}
        found = self._read.query(str(query), prefixes=prefixes, substitutions=values)
        if isinstance(found, pyoxigraph.QueryBoolean):
            result = Result("ASK")
            result.askAnswer = bool(found)
        elif isinstance(found, pyoxigraph.QuerySolutions):
            result = Result("SELECT")
            result.vars = [Variable(v.value) for v in found.variables]
            result.bindings = _bindings(result.vars, found)
        else:
            result = Result("CONSTRUCT")
            result.graph = Graph()
            for triple in found:
                result.graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))  # type: ignore[arg-type]
        return result

    def add(self, *_: object, **__: object) -> None:
        """Refuse: the graph file is what is written."""
        raise QueryRefused("this graph is read-only; copy it into a graph of your own: rdflib.Graph() + graph.to_rdflib()")

    addN = remove = update = add


def _bindings(names: list[Variable], solutions: pyoxigraph.QuerySolutions) -> Any:
    return [{name: _term(value) for name, value in zip(names, solution, strict=True) if value is not None} for solution in solutions]


def _pattern(part: Any) -> Any:
    """A term as Oxigraph has it; raises ValueError for what is none."""
    if isinstance(part, URIRef):
        return pyoxigraph.NamedNode(part)
    if isinstance(part, Literal):
        datatype = pyoxigraph.NamedNode(part.datatype) if part.datatype and not part.language else None
        return pyoxigraph.Literal(str(part), language=part.language, datatype=datatype)
    if isinstance(part, BNode):
        return pyoxigraph.BlankNode(part)
    raise ValueError(f"not a term: {part!r}")


def to_rdflib(path: str | os.PathLike[str], options: RdfOptions | None = None) -> Graph:
    """The RDF store of a graph file, made where it is not there yet, as a read-only `rdflib.Graph` with all prefixes bound."""
    graph = Graph(store=ReadingStore(find_store(path, options)), identifier=DATASET_DEFAULT_GRAPH_ID)
    for prefix, namespace in (NAMESPACES | data_prefixes(options.base if options else BASE)).items():
        graph.bind(prefix, namespace, replace=True)
    return graph
