"""RDF: papers of any vocabulary that names title and abstract in a usual way, to be read like any other text; and our own exports, whose
papers come with what they say and whose entities are taken as they stand."""

from __future__ import annotations

import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from kg.ontology import expand, property_of
from kg.records import Edge, Entity, Entry, Evidence, Name, Place, Problem, Stated, Statement
from kg.sources.jsonl import read_arxiv_id, read_doi
from kg.sources.text import Line
from kg.vocabulary import KINDS, LINKED, RELATIONS

if TYPE_CHECKING:
    import pyoxigraph

NAME = "rdf"
_TURTLE = re.compile(r"(?:#[^\n]*\n|\s)*(?:@prefix|@base|prefix\s+[\w-]*:\s*<|base\s+<|<[^<>\s]*>\s+(?:a|<[^<>\s]*>)\s)", re.I)
_XML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>\s*)*<rdf:RDF\b", re.S)
_JSON = re.compile(r'\s*(?:\{|\[\s*\{)\s*"@(?:context|graph|id|type)"')
_PAPERS = [expand(name) for name in ("fabio:ResearchPaper", "schema:ScholarlyArticle", "lpwcc:paper", "bibo:AcademicArticle", "fabio:JournalArticle", "fabio:ConferencePaper")]
_PAPERS.append("http://schema.org/ScholarlyArticle")
_TITLES = ("dcterms:title", "dc:title", "schema:headline", "schema:name")
_ABSTRACTS = ("dcterms:abstract", "bibo:abstract", "schema:abstract")
_RELATION_OF = {expand(property_of(name)): name for name in RELATIONS}
_COMPUTED = "builds_on"  # follows from other links, and is made again from them


def is_format(head: str) -> bool:
    """Whether a file begins as Turtle, TriG, N-Triples, RDF/XML or JSON-LD does."""
    return bool(_TURTLE.match(head) or _XML.match(head) or _JSON.match(head))


def read(lines: Iterable[Line | Problem], file: str) -> Iterator[Entry | Stated | Entity | Edge | Problem]:
    """Read entries; from an export of ours also statements, entities, and edges between entities."""
    import pyoxigraph

    text = _Text(lines)
    with tempfile.TemporaryDirectory(prefix="kg-rdf-") as folder:
        store = pyoxigraph.Store(folder)
        try:
            store.bulk_load(cast(BinaryIO, text), text.format(), base_iri="http://relative.invalid/", lenient=True)
        except SyntaxError as error:
            yield from text.problems
            yield Problem("bad-rdf", "error", file, error.lineno or 0, f"not RDF: {error.msg}; nothing of the file is taken")
            return
        yield from text.problems
        yield from _Reader(store, file).read()
        del store


class _Text(io.RawIOBase):
    """Decoded lines as the bytes of a file; problems among them are kept."""

    def __init__(self, lines: Iterable[Line | Problem]) -> None:
        self._lines = iter(lines)
        self.problems: list[Problem] = []
        self._rest = b""

    def format(self) -> pyoxigraph.RdfFormat:
        """What the beginning looks like; TriG, which holds Turtle, which holds N-Triples, where it is neither XML nor JSON."""
        from pyoxigraph import RdfFormat

        while len(self._rest) < 4096 and (block := self._next()):
            self._rest += block
        head = self._rest.decode("utf-8", "replace")
        return RdfFormat.RDF_XML if _XML.match(head) else RdfFormat.JSON_LD if head.lstrip()[:1] in ("{", "[") else RdfFormat.TRIG

    def _next(self) -> bytes:
        for line in self._lines:
            if isinstance(line, Problem):
                self.problems.append(line)
            else:
                return line.text.encode("utf-8", "replace") + b"\n"
        return b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        while len(self._rest) < max(size, 1) and (block := self._next()):
            self._rest += block
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


Values = dict[str, list[Any]]


class _Reader:
    """Reads what a store holds, a paper at a time."""

    def __init__(self, store: pyoxigraph.Store, file: str) -> None:
        import pyoxigraph

        self._store, self._file, self._ox = store, file, pyoxigraph
        self._is_ours = self._has(expand("rdf:type"), expand("v:Run"))
        self._left_out = Counter[str]()

    def _has(self, predicate: str, value: str) -> bool:
        node = self._ox.NamedNode
        return next(self._store.quads_for_pattern(None, node(predicate), node(value), None), None) is not None

    def _subjects(self, predicate: str, value: Any) -> list[Any]:
        found = {quad.subject for quad in self._store.quads_for_pattern(None, self._ox.NamedNode(expand(predicate)), value, None)}
        return sorted(found, key=str)

    def _values(self, subject: Any) -> Values:
        """All values of a subject by property, sorted."""
        found: Values = {}
        for quad in self._store.quads_for_pattern(subject, None, None, None):
            found.setdefault(quad.predicate.value, []).append(quad.object)
        return {name: sorted(values, key=str) for name, values in found.items()}

    def read(self) -> Iterator[Entry | Stated | Entity | Edge | Problem]:
        """Entities, edges between them, then papers, each sorted by address."""
        if self._is_ours:
            yield from self._read_entities()
        papers = {subject for name in _PAPERS for subject in self._subjects("rdf:type", self._ox.NamedNode(name))}
        for number, subject in enumerate(sorted(papers, key=str), 1):
            yield from self._read_paper(subject, Place(self._file, number))
        for reason, count in sorted(self._left_out.items()):
            yield Problem("rdf-left-out", "warning", self._file, 0, f"{count} {reason}")

    def _read_paper(self, subject: Any, place: Place) -> Iterator[Entry | Stated | Problem]:
        values = self._values(subject)
        title = _first(values, *_TITLES)
        if not title.strip():
            yield Problem("no-title", "error", place.file, place.line, f"no title; {subject} is left out")
            return
        entry = self._entry(title, values, place)
        statements = self._statements(subject)
        has_links = any(name in _RELATION_OF and _RELATION_OF[name] != _COMPUTED for name in values)
        if self._is_ours and (statements or not has_links):
            yield Stated(entry, statements)
            return
        if self._is_ours:
            self._left_out["papers have links without evidence, which are left out; their texts are read anew"] += 1
        if not entry.abstract:
            yield Problem("no-abstract", "warning", place.file, place.line, f"no abstract: {title[:80]!r}")
        yield entry

    def _entry(self, title: str, values: Values, place: Place) -> Entry:
        year = _first(values, "fabio:hasPublicationYear", "schema:datePublished", "dcterms:issued")
        date = _first(values, "dcterms:date", "schema:datePublished", "dcterms:issued")
        return Entry(
            title=title, abstract=_first(values, *_ABSTRACTS), place=place,
            authors=self._sequence(values, "bibo:authorList") or _all(values, "dc:creator", "lpwc:creatorName"),
            year=int(match[0]) if (match := re.match(r"(?:1[5-9]|20)\d\d", year or date)) else None, date=date,
            venue=_first(values, "prism:publicationName"),
            doi=read_doi(_first(values, "prism:doi", "bibo:doi")) or "",
            arxiv_id=read_arxiv_id(_first(values, "fabio:hasArXivId", "fabio:hasArXivID")) or "",
            url=_first(values, "fabio:hasURL", "schema:url"),
            categories=self._sequence(values, "v:categoryList") or _all(values, "dc:subject"),
            references=self._sequence(values, "v:referenceList"),
            extra=tuple(sorted(self._extra(node) for node in values.get(expand("v:extraField"), ()))),
        )  # fmt: skip

    def _extra(self, node: Any) -> tuple[str, str]:
        values = self._values(node)
        return _first(values, "rdfs:label"), _first(values, "rdf:value")

    def _sequence(self, values: Values, name: str) -> tuple[str, ...]:
        """The members of an rdf:Seq in their order."""
        start = expand("rdf:_")
        members = []
        for node in values.get(expand(name), ())[:1]:
            for predicate, found in self._values(node).items():
                if predicate.startswith(start) and predicate[len(start) :].isdigit():
                    members.append((int(predicate[len(start) :]), found[0].value))
        return tuple(value for _, value in sorted(members))

    def _statements(self, subject: Any) -> tuple[Statement, ...]:
        found = []
        for node in self._subjects("rdf:subject", subject):
            values = self._values(node)
            relation = _RELATION_OF.get(_first(values, "rdf:predicate"))
            if relation in (None, _COMPUTED) or expand("rdf:object") not in values:
                continue
            target = self._values(values[expand("rdf:object")][0])
            evidence = self._evidence(values)
            identity = _first(target, "dcterms:identifier")
            kind = identity.partition("/")[0]
            if not evidence or kind not in KINDS:
                self._left_out["statements have no evidence, or name nothing that the file describes; left out"] += 1
                continue
            name = _first(target, "skos:prefLabel", "dcterms:title")
            surfaces = tuple(sorted({e.quote[e.name_start - e.start : e.name_end - e.start] for e in evidence}))
            confidence = float(_first(values, "v:confidence") or 1)
            found.append(Statement("", name, ((kind, 1.0),), str(relation), confidence, surfaces, (), evidence, identity))
        return tuple(sorted(found, key=lambda s: (s.name, s.relation, s.entity)))

    def _evidence(self, statement: Values) -> tuple[Evidence, ...]:
        found = []
        for node in statement.get(expand("v:evidence"), ()):
            values = self._values(node)
            selectors: Values = {}
            for selector in values.get(expand("oa:hasSelector"), ()):
                selectors |= self._values(selector)
            try:
                found.append(
                    Evidence(
                        _first(values, "v:field"), int(_first(selectors, "oa:start")), int(_first(selectors, "oa:end")), _first(selectors, "oa:exact"),
                        int(_first(values, "v:nameStart")), int(_first(values, "v:nameEnd")), _first(values, "v:rule"), float(_first(values, "v:confidence")),
                    )
                )  # fmt: skip
            except ValueError:
                self._left_out["places of evidence are not whole; left out"] += 1
        return tuple(sorted(found, key=lambda e: (-e.confidence, e.field, e.name_start, e.name_end, e.rule)))

    def _read_entities(self) -> Iterator[Entity | Edge]:
        subjects = {quad.subject for quad in self._store.quads_for_pattern(None, self._ox.NamedNode(expand("v:kinds")), None, None)}
        for subject in sorted(subjects, key=str):
            values = self._values(subject)
            identity, label = _first(values, "dcterms:identifier"), _first(values, "skos:prefLabel")
            kinds = tuple(_first(values, "v:kinds").split())
            if identity and label and kinds:
                url = label if kinds[0] in LINKED else ""
                names = tuple(name for form in ("prefLabel", "altLabel", "hiddenLabel") for name in self._names(values, form))
                papers = int(_first(values, "v:papers") or 0)
                yield Entity(identity, label, kinds, names, papers, float(_first(values, "v:confidence") or 1), _first(values, "skos:note"), url)
                yield from self._facts(subject, identity)

    def _names(self, values: Values, form: str) -> Iterator[Name]:
        for node in values.get(expand(f"skosxl:{form}"), ()):
            own = self._values(node)
            yield Name(_first(own, "skosxl:literalForm"), int(_first(own, "v:papers") or 0), _first(own, "v:reason"))

    def _facts(self, subject: Any, identity: str) -> Iterator[Edge]:
        for s in self._statements(subject):
            yield Edge(identity, s.relation, s.entity, s.confidence, s.evidence)


def _first(values: Values, *names: str) -> str:
    return next((values[expand(name)][0].value for name in names if expand(name) in values), "")


def _all(values: Values, *names: str) -> tuple[str, ...]:
    """All literal values of the first property that has any."""
    for name in names:
        found = tuple(value.value for value in values.get(expand(name), ()) if hasattr(value, "language"))
        if found:
            return found
    return ()
