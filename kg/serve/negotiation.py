"""Which of the forms that there are a client likes best, by its Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ROWS: Mapping[str, Sequence[str]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
TRIPLES: Mapping[str, Sequence[str]] = {
    "turtle": ("text/turtle", "application/x-turtle"),
    "jsonld": ("application/ld+json", "application/json"),
    "nt": ("application/n-triples", "text/plain"),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
}


def choose(accept: str, forms: Mapping[str, Sequence[str]]) -> str | None:
    """The form that a client likes best, the first of ours among equals; None where it accepts none.

    >>> choose("text/csv;q=0.5, application/sparql-results+xml", ROWS), choose("", ROWS), choose("image/png", ROWS)
    ('xml', 'json', None)
    """
    wanted = _parse(accept or "*/*")
    best, found = 0.0, None
    for form, types in forms.items():
        named = [quality for media, quality in wanted if media == types[0]]  # what is sent, whatever it was asked for as
        quality = named[0] if named else max(_quality(media, wanted) for media in types)
        if quality > best:
            best, found = quality, form
    return found


def _parse(accept: str) -> list[tuple[str, float]]:
    wanted = []
    for part in accept.split(","):
        media, *parameters = (p.strip().lower() for p in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            wanted.append((media, min(1.0, max(0.0, float(quality)))))
        except ValueError:
            wanted.append((media, 0.0))
    return wanted


def _quality(media: str, wanted: Sequence[tuple[str, float]]) -> float:
    """How much a type is wanted: what names it exactly goes before what names it in part."""
    for name in (media, media.partition("/")[0] + "/*", "*/*"):
        for wish, quality in wanted:
            if wish == name:
                return quality
    return 0.0
