"""RDF files: N-Triples as it streams, the other formats by Oxigraph's serialisers, which stream too."""

from __future__ import annotations

import gzip
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from kg.errors import KgError
from kg.export.files import writing
from kg.export.rdf.options import RdfOptions
from kg.export.rdf.stream import iter_triples
from kg.export.rdf.terms import Triple
from kg.graph import Graph
from kg.ontology import NAMESPACES, data_prefixes

if TYPE_CHECKING:
    import pyoxigraph

# format -> the endings that mean it, and its media type
FORMATS = {
    "turtle": ((".ttl",), "text/turtle"),
    "nt": ((".nt",), "application/n-triples"),
    "jsonld": ((".jsonld",), "application/ld+json"),
    "trig": ((".trig",), "application/trig"),
    "xml": ((".rdf", ".xml", ".owl"), "application/rdf+xml"),
}
_BLOCK = 20_000
# what XML 1.0 has no way to write
_NOT_XML = re.compile(r"\\u(?:000[0-8BCEFbcef]|001[0-9A-Fa-f]|FFF[EF])|\\[bf]|[\ufffe\uffff]")


class RdfError(KgError):
    """RDF that cannot be written or read."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many triples, to which files."""

    triples: int
    files: tuple[str, ...]


def format_of(path: str | os.PathLike[str], given: str | None = None) -> str:
    """The format that is asked for, else the one that a file's ending means, else Turtle.

    Raises:
        RdfError: Where the ending means none.
    """
    if given:
        return given
    name = str(path).removesuffix(".gz")
    ending = os.path.splitext(name)[1].lower()
    for form, (endings, _) in FORMATS.items():
        if ending in endings:
            return form
    if ending and name != "-":
        known = ", ".join(end for endings, _ in FORMATS.values() for end in endings)
        raise RdfError(f"{path}: the ending {ending!r} means no RDF format (known are {known}); --format names one")
    return "turtle"


def write_rdf(graph: Graph, output: str | os.PathLike[str], *, format: str | None = None, options: RdfOptions | None = None) -> Written:
    """Write a graph as RDF; an output that ends in .gz is packed.

    Raises:
        RdfError: Where the ending means no format, or the base is no absolute IRI.
        ExportError: Where the output cannot be written.
    """
    form = format_of(output, format)
    chosen = checked(options or RdfOptions())
    with writing(output) as stream, _packed(stream, str(output)) as target:
        count = write_triples(iter_triples(graph.db, chosen), target, form, prefixes=used_prefixes(chosen))
    return Written(count, (str(output),))


def checked(options: RdfOptions) -> RdfOptions:
    """The options, if their base can begin an IRI."""
    if not re.fullmatch(r"(?:https?://[^\s<>\"{}|\\^`\[\]?#@]+[/#]|https?://[^\s<>\"{}|\\^`\[\]?@]+[/#=]|urn:[a-z0-9][a-z0-9-]{0,31}:[^\s<>\"{}|\\^`\[\]]*)", options.base):
        raise RdfError(f"{options.base!r} cannot begin an IRI: an absolute address is wanted that ends in / or #, as in https://example.org/graph/")
    return options


@contextmanager
def _packed(stream: BinaryIO, name: str) -> Iterator[BinaryIO]:
    if not name.endswith(".gz"):
        yield stream
        return
    with gzip.GzipFile("", "wb", 6, stream, mtime=0) as packed:  # no name, no time: same graph, same bytes
        yield cast(BinaryIO, packed)


def write_triples(triples: Iterable[Triple], output: BinaryIO, format: str, *, prefixes: dict[str, str] | None = None) -> int:
    """Write triples in a format as they come; returns how many."""
    counter = Counter[str]()
    blocks = _blocks(triples, counter)
    if format == "nt":
        for block in blocks:
            output.write(block)
    else:
        import pyoxigraph

        source = _Blocks(_for_xml(blocks) if format == "xml" else blocks)
        parsed = pyoxigraph.parse(cast(BinaryIO, source), pyoxigraph.RdfFormat.N_TRIPLES)
        items = parsed if format == "trig" else (quad.triple for quad in parsed)
        pyoxigraph.serialize(items, cast(BinaryIO, _Returns(output)) if format == "xml" else output, rdf_format(format), prefixes=prefixes)
    return counter["triples"]


def rdf_format(name: str) -> pyoxigraph.RdfFormat:
    """Oxigraph's name of a format."""
    from pyoxigraph import RdfFormat

    found = {"turtle": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "trig": RdfFormat.TRIG, "xml": RdfFormat.RDF_XML}
    return found[name]


def used_prefixes(options: RdfOptions) -> dict[str, str]:
    """The prefixes that an export's terms need."""
    skipped = {"owl", "mls", "void"} | (set() if options.lpwc else {"lpwc", "lpwcc", "foaf"})
    if not options.evidence:
        skipped |= {"oa", "prov", "skosxl"}
    return {name: iri for name, iri in NAMESPACES.items() if name not in skipped} | data_prefixes(options.base)


def _blocks(triples: Iterable[Triple], counter: Counter[str]) -> Iterator[bytes]:
    rest = iter(triples)
    while block := list(islice(rest, _BLOCK)):
        counter["triples"] += len(block)
        yield "".join([f"{s} {p} {o} .\n" for s, p, o in block]).encode()


def _for_xml(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Control characters, for which XML 1.0 has no form, become U+FFFD; the escape of a backslash is not one of theirs."""
    for block in blocks:
        yield re.sub(r"\\\\|" + _NOT_XML.pattern, lambda m: m[0] if m[0] == r"\\" else "�", block.decode()).encode()


class _Returns(io.RawIOBase):
    """Writes a carriage return as a reference: bare, every reader of XML takes it for the end of a line."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Write bytes."""
        self._output.write(bytes(data).replace(b"\r", b"&#xD;"))
        return len(data)


def as_file(triples: Iterable[Triple]) -> io.RawIOBase:
    """Triples as a file of N-Triples that is written while it is read."""
    return _Blocks(_blocks(triples, Counter()))


class _Blocks(io.RawIOBase):
    """Blocks of bytes, read as a file."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks, self._rest = iter(blocks), memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        part = self._rest[:size] if size >= 0 else self._rest
        self._rest = self._rest[len(part) :]
        return bytes(part)


def write_parts(graph: Graph, folder: str | os.PathLike[str], size: int, *, options: RdfOptions | None = None) -> Written:
    """Write N-Triples in parts of about `size` triples, each packed and whole in its subjects, and `void.ttl`, which describes them.

    Raises:
        ExportError: Where the folder cannot be written.
    """
    from kg.export.rdf.void import Counts, describe_dump

    chosen = checked(options or RdfOptions())
    counts = Counts()
    files = []
    subjects = (list(group) for _, group in groupby(counts.counted(iter_triples(graph.db, chosen)), key=lambda triple: triple[0]))
    for number, first in enumerate(subjects, 1):
        path = Path(folder) / f"part-{number:04d}.nt.gz"
        with writing(path) as stream, _packed(stream, str(path)) as target:
            write_triples(_fill(first, subjects, size), target, "nt")
        files.append(path.name)
    with writing(Path(folder) / "void.ttl") as stream:
        write_triples(describe_dump(graph.db, chosen, counts, files), stream, "turtle", prefixes=NAMESPACES)
    return Written(counts.triples, (*files, "void.ttl"))


def _fill(first: list[Triple], rest: Iterator[list[Triple]], size: int) -> Iterator[Triple]:
    yield from first
    written = len(first)
    while written < size and (group := next(rest, None)):
        yield from group
        written += len(group)
