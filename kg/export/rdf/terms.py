"""Terms of RDF as N-Triples writes them: plain strings, which is what makes the stream fast."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote

from kg.ontology import expand

Triple = tuple[str, str, str]

_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff]')
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f"}
_NOT_IRI = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%(?![0-9A-Fa-f]{2})")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\[\]]+(?:[/?#][^\[\]]*)?", re.I)
_DATES = ((re.compile(r"(?!0000)\d{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?!0000)\d{4}-(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?!0000)\d{4}-02-(?:0[1-9]|1\d|2[0-8])"), "xsd:date"),
          (re.compile(r"(?!0000)\d{4}-(?:0[1-9]|1[0-2])"), "xsd:gYearMonth"), (re.compile(r"(?!0000)\d{4}"), "xsd:gYear"))  # fmt: skip


@lru_cache(maxsize=1024)
def term(curie: str) -> str:
    """A standard term or one of ours, by its prefixed name."""
    return f"<{expand(curie)}>"


A = term("rdf:type")


def node(base: str, identity: str) -> str:
    """The IRI of a thing: every character that could mean something in an IRI or that is not ASCII is percent-encoded.

    >>> node("https://example.org/", "repository/github.com/a b>")
    '<https://example.org/repository/github.com/a%20b%3E>'
    """
    return f"<{base}{quote(identity, safe='/~:@+=,-._', errors='replace')}>"


def address(url: str) -> str | None:
    """An address as an IRI, what no IRI may hold percent-encoded; None where it is not an absolute address.

    >>> address("https://a.example/x y|z"), address("not one")
    ('<https://a.example/x%20y%7Cz>', None)
    """
    if not _ABSOLUTE.fullmatch(url):
        return None
    return f"<{_NOT_IRI.sub(lambda m: quote(m[0], safe='', errors='replace'), url)}>"


def literal(text: str, suffix: str = "") -> str:
    """A literal, with a suffix of language or datatype; half a surrogate pair, which no file can hold, becomes U+FFFD.

    >>> literal('say "a"' + chr(10)), literal("x", "@en")
    ('"say \\\\"a\\\\"\\\\n"', '"x"@en')
    """
    return f'"{_SPECIAL.sub(_escape, text)}"{suffix}'


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    return _NAMED.get(found) or ("�" if found >= "\ud800" else f"\\u{ord(found):04X}")


def english(text: str) -> str:
    """A literal in words of ours."""
    return literal(text, "@en")


def typed(text: str, datatype: str) -> str:
    """A literal of a datatype, given by its prefixed name."""
    return literal(text, f"^^{term(datatype)}")


@lru_cache(maxsize=4096)
def integer(number: int) -> str:
    """A whole number."""
    return typed(str(number), "xsd:integer")


@lru_cache(maxsize=2048)
def per_mille(number: int) -> str:
    """A probability that the file holds in per mille, as a decimal in the canonical form of XML Schema 1.1.

    >>> per_mille(930).partition("^")[0], per_mille(1000).partition("^")[0]
    ('"0.93"', '"1"')
    """
    whole, rest = divmod(number, 1000)
    return typed(f"{whole}.{rest:03d}".rstrip("0").rstrip("."), "xsd:decimal")


def date(text: str) -> str:
    """A date as exact as it is given; a text that is none, as it stands.

    >>> date("2021-02-01"), date("spring 2021")
    ('"2021-02-01"^^<http://www.w3.org/2001/XMLSchema#date>', '"spring 2021"')
    """
    datatype = next((name for pattern, name in _DATES if pattern.fullmatch(text)), None)
    return typed(text, datatype) if datatype else literal(text)


def digest(*parts: object) -> str:
    """A name made from content, for nodes that have no other."""
    return blake2b("\0".join(map(str, parts)).encode(errors="replace"), digest_size=8).hexdigest()


def sequence(subject: str, predicate: str, name: str, values: Iterable[str]) -> Iterator[Triple]:
    """Literals in their order, as an rdf:Seq with a name of its own: a list of blank nodes would differ from run to run."""
    listed = list(values)
    if listed:
        own = f"{subject[:-1]}/{name}>"
        yield subject, predicate, own
        yield own, A, term("rdf:Seq")
        for position, value in enumerate(listed, 1):
            yield own, f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#_{position}>", literal(value)
