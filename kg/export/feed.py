"""New papers as an Atom feed (RFC 4287). No clock is asked: dates are those of papers, or one that is given."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kg.errors import KgError
from kg.export.files import writing
from kg.graph import Graph
from kg.query.changes import NewPaper
from kg.records import Paper
from kg.vocabulary import RELATIONS

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FeedError(KgError):
    """A feed that cannot be dated."""


def write_feed(graph: Graph, papers: tuple[NewPaper, ...], output: str | os.PathLike[str], *, title: str = "New papers", date: str = "") -> int:
    """Write papers as an Atom feed; returns how many.

    Args:
        graph: Where the papers are.
        papers: What the feed holds, in this order.
        output: A file, or `-` for standard output.
        title: The feed's title.
        date: YYYY-MM-DD, for the feed and for papers that have no date of their own.

    Raises:
        FeedError: Where a date is needed that nobody gives.
    """
    with writing(output) as stream:
        for line in _lines(graph, papers, title, date):
            stream.write((line + "\n").encode())
    return len(papers)


def _lines(graph: Graph, papers: tuple[NewPaper, ...], title: str, date: str) -> Iterator[str]:
    updated = _timestamp(date or max((paper.date for paper in papers), default=""))
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    yield f"  <title>{xml_text(title)}</title>"
    yield f"  <id>urn:paper-kg:feed:{xml_text(graph.path.name)}</id>"
    yield f"  <updated>{updated}</updated>"
    yield "  <author><name>paper-kg</name></author>"
    for new in papers:
        yield from _entry(graph, new, date)
    yield "</feed>"


def _entry(graph: Graph, new: NewPaper, date: str) -> Iterator[str]:
    shown = graph.show(new.node.id, kind="paper")
    paper = shown.paper
    assert paper is not None
    yield "  <entry>"
    yield f"    <title>{xml_text(paper.title)}</title>"
    yield f"    <id>urn:paper-kg:{xml_text(paper.id)}</id>"
    yield f"    <updated>{_timestamp(new.date or date)}</updated>"
    link = _address(paper)
    if link:
        yield f"    <link href={quoteattr(_ILLEGAL.sub('', link))}/>"
    for author in paper.authors:
        yield f"    <author><name>{xml_text(author)}</name></author>"
    said = [f"{RELATIONS[link.edge.relation].phrase} {link.other.label}" for link in shown.links if not link.inverse]
    for term in sorted({link.other.label for link in shown.links if not link.inverse and link.other.kind == "task"}):
        yield f"    <category term={quoteattr(_ILLEGAL.sub('', term))}/>"
    yield f"    <summary>{xml_text(paper.abstract)}</summary>"
    if said:
        yield f"    <content type=\"text\">{xml_text('; '.join(said))}</content>"
    yield "  </entry>"


def _address(paper: Paper) -> str:
    """Where the paper can be read, if that is a web address."""
    if paper.url.startswith(("https://", "http://")):
        return paper.url
    return f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else f"https://doi.org/{paper.doi}" if paper.doi else ""


def _timestamp(date: str) -> str:
    """A date as Atom wants it; the first day where only the year or month is known."""
    if not re.match(r"\d{4}(-\d{2}(-\d{2})?)?", date):
        raise FeedError("some papers have no date, and a feed needs one: --date YYYY-MM-DD gives it")
    return f"{date[:10]}{'0000-01-01'[len(date[:10]):]}T00:00:00Z"


def xml_text(text: str) -> str:
    """A text as XML holds it, without the characters that XML does not allow."""
    return escape(_ILLEGAL.sub("", text))
