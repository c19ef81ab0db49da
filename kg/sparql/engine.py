"""Ask queries: each is checked, given to a process that answers it, and stopped when it takes too long."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any

from kg.errors import StoreError
from kg.export.rdf.options import RdfOptions
from kg.ontology import BASE, data_prefixes
from kg.sparql.asking import Worker
from kg.sparql.errors import Busy, QueryError, QuerySyntaxError, QueryTimeout, TooDeep, TooLarge, TooManyRows, TooMuchMemory
from kg.sparql.guard import Checked, check_query
from kg.sparql.store import find_store

_MEDIA_TYPES = {
    ".ttl": "text/turtle", ".nt": "application/n-triples", ".nq": "application/n-quads", ".trig": "application/trig", ".jsonld": "application/ld+json",
    ".json": "application/ld+json", ".rdf": "application/rdf+xml", ".xml": "application/rdf+xml", ".owl": "application/rdf+xml", ".n3": "text/n3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one query may take: seconds, rows of its result, and megabytes of memory beside the store; of these an eighth for the result."""

    seconds: float = 30.0
    rows: int = 100_000
    megabytes: int = 2_048

    @property
    def result(self) -> int:
        """Megabytes that a result may have: whoever asks holds it too, and makes a table of it."""
        return self.megabytes // 8


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: `type` is select, ask or graph; `body` is in the format that `media` names."""

    type: str
    media: str
    rows: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where the triples are: a graph file with the options of its export, or RDF files."""

    graph: Path | None = None
    options: RdfOptions = field(default_factory=RdfOptions)
    data: tuple[tuple[str, str], ...] = ()

    def opening(self) -> dict[str, Any]:
        """The request that opens it as it is now."""
        return {"store": str(find_store(self.graph, self.options))} if self.graph else {"data": list(self.data)}


class Engine:
    """Answers queries over one place. Close it, or use it in a `with` statement.

    Args:
        place: Where the triples are.
        limits: How much one query may take.
        processes: How many queries may run at once.
    """

    def __init__(self, place: Place, limits: Limits | None = None, *, processes: int = 1) -> None:
        self.place, self.limits = place, limits or Limits()
        self.prefixes = data_prefixes(place.options.base)
        self._free: Queue[Worker | None] = Queue()
        for _ in range(processes):
            self._free.put(None)  # started when first used
        self._all: set[Worker] = set()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        for process in list(self._all):
            process.kill()

    def query(self, query: str, *, rows_format: str = "json", graph_format: str = "turtle", prefixes: Mapping[str, str] | None = None) -> Result:
        """Ask one query; may be called by several threads.

        Args:
            query: SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes of `kg.ontology` need not be written.
            rows_format: json, xml, csv or tsv, for rows and for yes or no.
            graph_format: turtle, nt, jsonld or rdfxml, for triples.
            prefixes: More prefixes that need not be written.

        Raises:
            QueryError: Where the query cannot be read, is refused, or takes more than the limits allow.
            StoreError: Where the triples cannot be read.
        """
        opening = self.place.opening()
        checked = check_query(query, has_graphs=bool(self.place.data))
        deadline = time.monotonic() + self.limits.seconds
        try:
            process = self._free.get(timeout=self.limits.seconds)
        except Empty:
            raise Busy from None
        try:
            if process is None or not process.is_open(opening):
                process = self._start(process, opening)
                deadline = time.monotonic() + self.limits.seconds  # opening is not the query's fault
            request = {
                "do": "query", "query": checked.text, "seconds": self.limits.seconds + 5, "rows": self.limits.rows, "bytes": self.limits.result << 20, "rows_format": rows_format, "graph_format": graph_format,
                "prefixes": self.prefixes | dict(prefixes or {}), "base": self.place.options.base,
            }  # fmt: skip
            head, body = self._ask(process, request, deadline)
        finally:
            self._free.put(process if process and process.is_alive() else None)
        if "error" in head:
            raise self._error(query, checked, head)
        return Result(head["type"], head["media"], head["rows"], body)

    def _start(self, old: Worker | None, opening: dict[str, Any]) -> Worker:
        if old:
            old.kill()
            self._all.discard(old)
        process = Worker(opening)
        self._all.add(process)
        head, _ = process.ask({"do": "open", "memory": self.limits.megabytes, **opening}, None)
        if "error" in head:
            process.kill()
            where = f", line {head['line']}, column {head['column']}" if head.get("line") else ""
            raise StoreError(f"the RDF cannot be read{where}: {head.get('message') or head['error']}")
        return process

    def _ask(self, process: Worker, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], bytes]:
        try:
            return process.ask(request, deadline)
        except TimeoutError:
            raise QueryTimeout(self.limits.seconds) from None
        except EOFError:
            raise TooDeep() if process.has_overflown() else TooMuchMemory(self.limits.megabytes) from None
        finally:
            if not process.is_alive():
                self._all.discard(process)

    def _error(self, query: str, checked: Checked, head: dict[str, Any]) -> QueryError:
        if head["error"] == "syntax":
            return QuerySyntaxError(query, *checked.original(head["line"], head["column"]), head["message"])
        if head["error"] == "rows":
            return TooManyRows(self.limits.rows)
        if head["error"] == "size":
            return TooLarge(self.limits.result)
        if head["error"] == "memory":
            return TooMuchMemory(self.limits.megabytes)
        return QueryError(f"the query cannot be answered: {head['message']}")


def open_graph(graph: str | os.PathLike[str], *, limits: Limits | None = None, options: RdfOptions | None = None, processes: int = 1) -> Engine:
    """An engine over a graph file; its RDF store is made beside it where it is not there yet."""
    return Engine(Place(Path(graph), options or RdfOptions()), limits, processes=processes)


def open_data(files: Sequence[str | os.PathLike[str]], *, limits: Limits | None = None, processes: int = 1) -> Engine:
    """An engine over RDF files, whose formats are told by their endings.

    Raises:
        StoreError: Where a file is not there, or its ending means no format.
    """
    data = []
    for file in map(Path, files):
        if not file.is_file():
            raise StoreError(f"{file}: no such file")
        media = _MEDIA_TYPES.get(file.suffix.lower())
        if not media:
            raise StoreError(f"{file}: the ending {file.suffix!r} means no RDF format; known are {', '.join(_MEDIA_TYPES)}")
        data.append((str(file.resolve()), media))
    return Engine(Place(options=RdfOptions(base=BASE), data=tuple(data)), limits, processes=processes)
