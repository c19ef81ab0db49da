"""The process that answers queries: `python -m kg.sparql.worker`. It can be killed at any time; nothing is written.

Requests are lines of JSON on standard input. Each answer is a line of JSON on standard output: with `error`, or with `length` and then so
many bytes of result.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from itertools import islice
from typing import Any

import pyoxigraph

from kg.ontology import NAMESPACES
from kg.sparql.errors import read_syntax_error
from kg.sparql.results import MEDIA, write_answer, write_rows

GRAPH_FORMATS = {
    "turtle": (pyoxigraph.RdfFormat.TURTLE, "text/turtle; charset=utf-8"),
    "nt": (pyoxigraph.RdfFormat.N_TRIPLES, "application/n-triples"),
    "jsonld": (pyoxigraph.RdfFormat.JSON_LD, "application/ld+json"),
    "rdfxml": (pyoxigraph.RdfFormat.RDF_XML, "application/rdf+xml"),
}


class Answerer:
    """Holds the store that was opened last."""

    def __init__(self) -> None:
        self.store = pyoxigraph.Store()
        self.held: Any = None
        self.union = False

    def open(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Open a store read-only, or load files into one in memory."""
        if "store" in request:
            from kg.sparql.store import hold_store

            held = hold_store(request["store"])
            self.store, self.held = pyoxigraph.Store.read_only(f"{request['store']}/store"), held
        else:
            for path, form in request["data"]:
                self.store.bulk_load(path=path, format=pyoxigraph.RdfFormat.from_media_type(form), base_iri=f"file://{path}")
        self.union = next(iter(self.store.named_graphs()), None) is not None
        _limit_memory(request["memory"])
        return {"graphs": self.union}, b""

    def query(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Answer a query in the formats that are asked for."""
        head, body = self._answer(request)
        return (head, body) if len(body) <= request["bytes"] else ({"error": "size"}, b"")

    def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        prefixes = NAMESPACES | request["prefixes"]
        found = self.store.query(request["query"], prefixes=prefixes, base_iri=request["base"], use_default_graph_as_union=self.union)
        most = request["rows"]
        if isinstance(found, pyoxigraph.QueryBoolean):
            form = request["rows_format"]
            return {"type": "ask", "media": MEDIA[form], "rows": 1}, write_answer(bool(found), form)
        items: list[Any] = list(islice(found, most + 1))
        if len(items) > most:
            return {"error": "rows"}, b""
        if isinstance(found, pyoxigraph.QuerySolutions):
            form = request["rows_format"]
            body = write_rows([v.value for v in found.variables], [list(item) for item in items], form)
            return {"type": "select", "media": MEDIA[form], "rows": len(items)}, body
        form, media = GRAPH_FORMATS[request["graph_format"]]
        ordered = sorted(set(items), key=str)
        text = " ".join(map(str, ordered))
        used = {name: iri for name, iri in prefixes.items() if name and f"<{iri}" in text}
        body = pyoxigraph.serialize(ordered, format=form, prefixes=used) or b""
        return {"type": "graph", "media": media, "rows": len(ordered)}, body


def _limit_memory(megabytes: int) -> None:
    with open("/proc/self/statm") as statm:
        now = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + (megabytes << 20), resource.RLIM_INFINITY))


def _answer(answerer: Answerer, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return answerer.open(request) if request["do"] == "open" else answerer.query(request)
    except SyntaxError as error:
        line, column, reason = read_syntax_error(error)
        return {"error": "syntax", "line": line, "column": column, "message": reason}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": "other", "message": str(error)}, b""


def main() -> None:
    """Answer requests until there are none."""
    answerer = Answerer()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        # should who asks die, nobody is left to stop a query: then the system does
        signal.setitimer(signal.ITIMER_REAL, request.get("seconds", 0))
        head, body = _answer(answerer, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(json.dumps(head | {"length": len(body)}).encode() + b"\n" + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
