"""The web application: read-only, and for this machine alone unless its user says otherwise."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.errors import AmbiguousName, KgError, UnknownName
from kg.export.rdf.options import RdfOptions
from kg.export.rdf.stream import describe_node
from kg.export.rdf.vocabulary import read_file
from kg.export.rdf.writing import used_prefixes, write_triples
from kg.graph import Graph
from kg.ontology import BASE, VOCABULARY
from kg.query.find import find_node
from kg.records import Node
from kg.serve import pages
from kg.serve.negotiation import ROWS, TRIPLES, choose
from kg.sparql.engine import Engine, Limits, Result, open_graph
from kg.sparql.errors import QueryError, QueryRefused

_MOST_TEXT = 1_000_000  # bytes of a query
_LINKS = 50  # shown of each relation
_TYPES = {"turtle": "text/turtle; charset=utf-8", "jsonld": "application/ld+json", "nt": "application/n-triples", "rdfxml": "application/rdf+xml"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a graph is served.

    Attributes:
        graph: The graph file.
        base: What the IRIs of papers and entities begin with; their pages stand at the path of these.
        limits: How much one query may take.
        processes: How many queries may run at once.
        hosts: Names by which the server may be called; any other Host header is refused.
        origins: Web origins whose pages may ask (CORS); none by default.
    """

    graph: Path
    base: str = BASE
    limits: Limits = field(default_factory=Limits)
    processes: int = 4
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]", "::1")
    origins: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """What the paths of papers and entities begin with."""
        return urlsplit(self.base).path or "/"


def make_app(settings: Settings) -> Starlette:
    """The application over one graph file; the file may be replaced while it runs."""
    engine = open_graph(settings.graph, limits=settings.limits, options=RdfOptions(base=settings.base), processes=settings.processes)
    server = _Server(settings, engine)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        engine.close()

    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)]
    if settings.origins:
        middleware.append(Middleware(CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "POST"], allow_headers=["*"]))
    routes = [
        Route("/", server.query_page),
        Route("/sparql", server.sparql, methods=["GET", "POST"]),
        Route("/find", server.find),
        Route("/style.css", _asset("style.css", "text/css; charset=utf-8")),
        Route("/query.js", _asset("query.js", "text/javascript; charset=utf-8")),
        *(Route(path, server.vocabulary) for path in dict.fromkeys(("/vocabulary", urlsplit(VOCABULARY).path))),
        Route("/view", server.view),
        Route(f"{settings.path.rstrip('/')}/{{identity:path}}", server.node),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={KgError: _tell})


async def _tell(_: Request, error: Exception) -> Response:
    """An error of ours in plain words."""
    status = error.status if isinstance(error, QueryError) else 404 if isinstance(error, UnknownName | AmbiguousName) else 500
    return PlainTextResponse(f"{error}\n", status)


def _asset(name: str, media: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return Response(pages.asset(name), media_type=media, headers={"Cache-Control": "max-age=3600"})

    return answer


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text.encode("utf-8", "replace"), status, {"Content-Security-Policy": pages.POLICY, "X-Content-Type-Options": "nosniff"})


class _Server:
    """The answers to each path."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings, self.engine = settings, engine

    async def query_page(self, request: Request) -> Response:
        """The page to write queries on."""
        return _html(pages.query_page(self.settings.graph.name, self.settings.base))

    async def sparql(self, request: Request) -> Response:
        """The endpoint: SPARQL 1.1 Protocol, section 2.1."""
        parameters, query = await _read_query(request)
        if "update" in parameters:
            raise QueryRefused("this endpoint is read-only: no updates")
        if any(name in parameters for name in ("default-graph-uri", "named-graph-uri")):
            raise QueryRefused("there is one graph here, and nothing is fetched: leave default-graph-uri and named-graph-uri out")
        if query is None:
            if choose(request.headers.get("accept", ""), {"rows": ROWS["json"], "html": ("text/html",)}) == "html":
                return RedirectResponse("/")
            raise QueryError("no query: send ?query=…, a form with query=…, or the query itself as application/sparql-query")
        rows, triples = _wanted(request.headers.get("accept", ""), parameters.get("format"))
        result: Result = await run_in_threadpool(self.engine.query, query, rows_format=rows or "json", graph_format=triples or "turtle")
        if (rows if result.type != "graph" else triples) is None:
            offered = ROWS if result.type != "graph" else TRIPLES
            return PlainTextResponse(f"the result can be had as {', '.join(media[0] for media in offered.values())}\n", 406)
        return Response(result.body, headers={"Content-Type": result.media, "Vary": "Accept", "X-Content-Type-Options": "nosniff"})

    async def node(self, request: Request) -> Response:
        """A paper or an entity at the path of its IRI: a page for people, triples for programs."""
        identity = unquote(request.scope["raw_path"].decode("ascii", "replace").partition("?")[0])[len(self.settings.path) :]
        accept, given = request.headers.get("accept", ""), request.query_params.get("format")
        form = given if given in TRIPLES else choose(accept, {"html": ("text/html", "application/xhtml+xml"), **TRIPLES})
        if form is None:
            return PlainTextResponse("this can be had as text/html, text/turtle, application/ld+json, application/n-triples, application/rdf+xml\n", 406)
        answer = await run_in_threadpool(self._page if form == "html" else self._triples, identity, form)
        answer.headers["Vary"] = "Accept"
        return answer

    def _page(self, identity: str, _: str) -> Response:
        with Graph(self.settings.graph) as graph:
            if not _is_id(graph, identity):
                return _html(pages.choices_page(identity, "Nothing in the graph has this id.", (), self.settings.path), 404)
            return _html(pages.node_page(graph.show(identity, limit=_LINKS), self.settings.path))

    def _triples(self, identity: str, form: str) -> Response:
        options = RdfOptions(base=self.settings.base)
        with Graph(self.settings.graph) as graph:
            if not _is_id(graph, identity):
                raise UnknownName(identity)
            body = BytesIO()
            triples = describe_node(graph.db, find_node(graph.db, identity), options)
            write_triples(triples, body, "xml" if form == "rdfxml" else form, prefixes=used_prefixes(options))
        return Response(body.getvalue(), headers={"Content-Type": _TYPES[form], "X-Content-Type-Options": "nosniff"})

    async def find(self, request: Request) -> Response:
        """The page of what a name means."""
        return await run_in_threadpool(self._find, request.query_params.get("name", ""))

    def _find(self, name: str) -> Response:
        with Graph(self.settings.graph) as graph:
            try:
                found = graph.find(name).id
            except UnknownName as error:
                near = [(node.id, node.label) for label in error.near for node in _found(graph, label)]
                return _html(pages.choices_page(name, "Nothing in the graph is called so. Near names:" if near else "Nothing in the graph is called so.", near, self.settings.path), 404)
            except AmbiguousName as error:
                return _html(pages.choices_page(name, "This may mean several things.", error.choices, self.settings.path))
        return RedirectResponse(self.settings.path + quote(found, safe="/~:@+=,-._"), 303)

    async def vocabulary(self, request: Request) -> Response:
        """What the terms mean."""
        return Response(read_file("vocabulary"), headers={"Content-Type": "text/turtle; charset=utf-8"})

    async def view(self, request: Request) -> Response:
        """The picture of the graph, or of its best supported part where it is large."""
        return HTMLResponse(await run_in_threadpool(self._view), headers={"X-Content-Type-Options": "nosniff"})

    def _view(self) -> bytes:
        from kg.export.page.choosing import Choice
        from kg.export.page.writing import make_page

        with Graph(self.settings.graph) as graph:
            return make_page(graph, Choice())[1].encode("utf-8", "replace")


def _is_id(graph: Graph, identity: str) -> bool:
    return graph.db.execute("SELECT 1 FROM node WHERE id = ?", (identity,)).fetchone() is not None


def _found(graph: Graph, label: str) -> Sequence[Node]:
    try:
        return [graph.find(label)]
    except KgError:
        return []


async def _read_query(request: Request) -> tuple[Mapping[str, str], str | None]:
    """The parameters and the query of a request.

    Raises:
        QueryError: Where there are two queries, or the body is too long, no text, or of a type that the protocol does not know.
    """
    if request.method != "POST":
        return request.query_params, _single(request.query_params)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_TEXT:
            raise _status(413, f"a query may have {_MOST_TEXT:,} bytes")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise QueryError("the body is not UTF-8") from None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/sparql-query":
        return request.query_params, text
    if kind == "application/sparql-update":
        return {"update": text}, None
    if kind == "application/x-www-form-urlencoded":
        form = QueryParams(text)
        return form, _single(form)
    raise _status(415, "send a query as application/sparql-query, or as a form in application/x-www-form-urlencoded")


def _status(status: int, message: str) -> QueryError:
    error = QueryError(message)
    error.status = status
    return error


def _single(parameters: QueryParams | FormData) -> str | None:
    found = [value for name, value in parameters.multi_items() if name == "query" and isinstance(value, str)]
    if len(found) > 1:
        raise QueryError("one query at a time: there are several query parameters")
    return found[0] if found else None


def _wanted(accept: str, given: str | None) -> tuple[str | None, str | None]:
    """The forms for rows and for triples: what `format` names, where it names one, else what Accept asks for."""
    rows, triples = choose(accept, ROWS), choose(accept, TRIPLES)
    if given in ROWS:
        rows = given
    names = {"json": "jsonld", "xml": "rdfxml", "rdf+xml": "rdfxml", "json-ld": "jsonld"}
    if given and names.get(given, given) in TRIPLES:
        triples = names.get(given, given)
    return rows, triples


def app_from_environment() -> Starlette:
    """The application of the graph that the variable KG_GRAPH names, for servers that want a factory."""
    return make_app(Settings(Path(os.environ.get("KG_GRAPH", "graph.kg"))))
