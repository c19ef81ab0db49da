"""A graph as an `rdflib.Graph`: rdflib is the interface, Oxigraph answers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import pyoxigraph
from oxrdflib import OxigraphStore
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result, ResultRow
from rdflib.term import Identifier, Variable

from kg.export.rdf.options import RdfOptions
from kg.ontology import BASE, NAMESPACES, data_prefixes, expand
from kg.sparql.errors import QueryError, QueryRefused, QuerySyntaxError, read_syntax_error
from kg.sparql.guard import check_query
from kg.sparql.store import find_store, hold_store

_PLAIN = {expand("xsd:string"), expand("rdf:langString")}


def _term(node: Any) -> Identifier | None:
    """A term as rdflib's own parsers make it: a text without datatype, an address that Oxigraph has checked already."""
    kind = type(node)
    if kind is pyoxigraph.NamedNode:
        return str.__new__(URIRef, node.value)
    if kind is pyoxigraph.Literal:
        datatype = node.datatype.value
        return Literal(node.value, node.language) if datatype in _PLAIN else _typed(node.value, datatype)
    return BNode(node.value) if kind is pyoxigraph.BlankNode else None


@lru_cache(maxsize=4096)
def _typed(value: str, datatype: str) -> Literal:
    """A number or a date, of which a graph has few that are different and rdflib makes each with care."""
    return Literal(value, datatype=str.__new__(URIRef, datatype))


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
        """Answer a query that only reads.

        Raises:
            QueryError: Where it is refused, cannot be read, or cannot be answered.
        """
        text, prefixes = _unprepared(query, initNs)
        checked = check_query(text)
        named = {name: iri for name, iri in self._namespace_for_prefix.items() if name + ":" in text}
        values = {pyoxigraph.Variable(name): _pattern(value) for name, value in initBindings.items()}
        try:
            return _result(self._read.query(checked.text, prefixes=named | {name: str(iri) for name, iri in prefixes.items()}, substitutions=values))
        except SyntaxError as error:
            line, column, reason = read_syntax_error(error)
            raise QuerySyntaxError(text, *checked.original(line, column), reason) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be answered: {error}") from error

    def add(self, *_: object, **__: object) -> None:
        """Refuse: the graph file is what is written."""
        raise QueryRefused("this graph is read-only; copy it into a graph of your own: rdflib.Graph() + graph.to_rdflib()")

    addN = remove = update = add


def _unprepared(query: Any, prefixes: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The text of a query and its prefixes; Oxigraph does not take what rdflib has prepared."""
    if isinstance(query, Query) and query._original_args:
        text, own, _ = query._original_args
        return str(text), {**prefixes, **(own or {})}
    return str(query), prefixes


def _result(found: Any) -> Result:
    if isinstance(found, pyoxigraph.QuerySolutions):
        return _Rows(found)
    result = Result("ASK" if isinstance(found, pyoxigraph.QueryBoolean) else "CONSTRUCT")
    if isinstance(found, pyoxigraph.QueryBoolean):
        result.askAnswer = bool(found)
        return result
    result.graph = Graph()
    for triple in found:
        result.graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))  # type: ignore[arg-type]
    return result


class _Rows(Result):
    """The rows of a SELECT; rdflib's own way, a dictionary for each and names for each, is made when somebody wants it."""

    def __init__(self, solutions: pyoxigraph.QuerySolutions) -> None:
        super().__init__("SELECT")
        self.vars = [Variable(variable.value) for variable in solutions.variables]
        self._labels = {str(name): place for place, name in enumerate(self.vars)}
        self._terms = [tuple(map(_term, solution)) for solution in solutions]
        self.bindings = ({name: term for name, term in zip(self.vars or (), terms, strict=True) if term is not None} for terms in self._terms)

    def __iter__(self) -> Iterator[ResultRow]:
        for terms in self._terms:
            row: ResultRow = tuple.__new__(ResultRow, terms)
            row.labels = self._labels
            yield row

    def __len__(self) -> int:
        return len(self._terms)


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


class ReadingGraph(Graph):
    """An `rdflib.Graph` over the store of a graph file, with all prefixes bound."""

    def __init__(self, folder: str | os.PathLike[str], prefixes: Mapping[str, str]) -> None:
        super().__init__(store=ReadingStore(folder), identifier=DATASET_DEFAULT_GRAPH_ID)
        for prefix, namespace in prefixes.items():
            self.bind(prefix, namespace, replace=True)
        self._known = {"v": prefixes["v"]}

    def query(self, query_object: Any, processor: Any = "sparql", result: Any = "sparql", initNs: Mapping[str, Any] | None = None, *rest: Any, **named: Any) -> Result:  # fmt: skip
        """Answer a query; the store knows the prefixes, so none are collected for it."""
        return super().query(query_object, processor, result, initNs or self._known, *rest, **named)


def to_rdflib(path: str | os.PathLike[str], options: RdfOptions | None = None) -> Graph:
    """The RDF store of a graph file, made where it is not there yet, as a read-only `rdflib.Graph` with all prefixes bound."""
    return ReadingGraph(find_store(path, options), NAMESPACES | data_prefixes(options.base if options else BASE))
