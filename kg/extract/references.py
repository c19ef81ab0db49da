"""Statements of a paper's links and of the papers that it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.extract.anycase import AnyCase
from kg.extract.citations import Citation, find_citation_signs, find_citations, read_reference
from kg.extract.document import Outline, Texts, read_documents
from kg.extract.links import Link, find_link_signs, find_links
from kg.extract.places import make_evidence
from kg.fields import find_comment
from kg.records import Evidence, Paper, Statement

_ROLES = {
    "has_code": AnyCase(
        r"\b(?:codes?|codebase|source|implementations?|scripts?|repo(?:sitory)?|software|package|library|tools?|toolkit|toolbox|open[- ]?sourced?)\b"
    ),
    "has_data": AnyCase(r"\b(?:data|datasets?|corpus|corpora|benchmarks?|annotations?|data sets?|testbed|leaderboard)\b|\w+bench\b"),
    "has_model": AnyCase(r"\b(?:models?|checkpoints?|weights)\b"),
    "has_project": AnyCase(r"\b(?:project|web ?page|website|web site|homepage|site|details|more information|visit)\b|\bpage\b"),
    "has_demo": AnyCase(r"\b(?:demos?|demonstrations?|videos?|samples|examples|visuali[sz]ations?|results|playground)\b"),
}
_GIVEN = {relation: _ROLES[relation] for relation in ("has_code", "has_data", "has_model")}  # what a repository gives
_PAGES = re.compile(r"(?:github|gitlab)\.io|sites\.google")
_RELEASE = AnyCase(
    r"\b(?:available|releas\w+|found|access\w*|at|see|code|project|page|demo|open[- ]?sourc\w+|here|website|visit|public\w*|download\w*|hosted|via)\b"
)
_AUTHORS = AnyCase(r"\b(?:we|our)\b")


def _clause(text: str, link: Link, start: int, end: int) -> str:
    """What is said of a link: the sentence, cut at another address and at a full stop before."""
    before = text[start : link.start]
    cut = max((m.end() for m in re.finditer(r"https?://[^\s]+|[.;](?=\s)(?<!e\.g\.)", before)), default=0)
    inner = before[cut:]
    if len(re.findall(r"\w+", inner)) < 1:
        inner = before[-120:]
    return inner + " " + text[link.end : min(end, link.end + 60)].split("http")[0]


def _roles(text: str, link: Link, start: int, end: int) -> list[tuple[str, float]]:
    url = link.url.lower()
    if "huggingface.co/datasets" in url or "zenodo" in url or "kaggle" in url:
        return [("has_data", 0.9)]
    if "huggingface.co/spaces" in url:
        return [("has_demo", 0.8)]
    clause = _clause(text, link, start, end)
    before = clause if len(clause) < 200 else clause[-260:]
    if link.is_repository or "huggingface.co" in url:
        return [(relation, 0.9) for relation in _said(before, _GIVEN)] or [("has_code", 0.8)]
    found = _said(before, _ROLES)
    if _PAGES.search(url):
        kept = [relation for relation in found if relation != "has_code"] if "has_code" in found and len(found) > 1 else found
        return [("has_project", 0.9)] + [(relation, 0.7) for relation in kept if relation != "has_project"]
    if "youtu" in url:
        return [("has_demo", 0.8)]
    if found and _RELEASE.search(before):
        return [(relation, 0.75) for relation in found]
    return [("has_project", 0.6)] if _RELEASE.search(clause) and _AUTHORS.search(clause) else [("links_to", 0.7)]


def _said(before: str, roles: Mapping[str, AnyCase]) -> list[str]:
    return [relation for relation, pattern in roles.items() if pattern.search(before)]


def find_references(texts: Texts) -> list[list[Statement]]:
    """The links of each paper and the papers that it cites; a text is read only where it has a sign of either."""
    text = texts.text
    linking, citing = (set(texts.documents_at(find(text)).tolist()) for find in (find_link_signs, find_citation_signs))
    found = []
    for number, paper in enumerate(texts.papers):
        is_citing = number in citing
        document = texts.outline(number) if is_citing or number in linking else None
        own = state_links(document, find_links(document.text)) if document and number in linking else []
        found.append(own + _of_comment(paper) + state_citations(paper, document, _find_cited(paper, is_citing=is_citing)))
    return found


def _of_comment(paper: Paper) -> list[Statement]:
    """The links of the authors' comment."""
    comment = find_comment(paper.extra)
    links = find_links("\n" + comment) if comment else []
    if not links:
        return []
    stated = state_links(read_documents([replace(paper, title="", abstract=comment)]).outline(0), links)
    return [replace(one, evidence=tuple(replace(e, field="comment") for e in one.evidence)) for one in stated]


def state_links(document: Outline, links: Sequence[Link]) -> list[Statement]:
    """One statement for each address of title and abstract, and what it gives."""
    statements = []
    seen: dict[str, list[Link]] = {}
    for link in links:
        seen.setdefault(link.url, []).append(link)
    for url, places in seen.items():
        first = places[0]
        start, end = _around(document, first.start)
        surfaces = tuple(sorted({document.text[link.start : link.end] for link in places}))
        kind = "repository" if first.is_repository else "page"
        for relation, confidence in _roles(document.text, first, start, end):
            evidence = tuple(make_evidence(document, link.start, link.end, "address", confidence) for link in places)
            statements.append(Statement(document.paper.id, url, ((kind, 0.99),), relation, confidence, surfaces, (), evidence))
    return statements


def _around(document: Outline, at: int) -> tuple[int, int]:
    for start, end in zip(document.starts, document.ends, strict=True):
        if start <= at < end:
            return start, end
    return 0, len(document.text)


Cited = dict[str, list[tuple[Citation, str]]]
"""The places that name each cited paper, each with the text of its field."""


def _find_cited(paper: Paper, *, is_citing: bool) -> Cited:
    found: Cited = {}
    for field, text in (("title", paper.title), ("abstract", paper.abstract)) if is_citing else ():
        for citation in find_citations(field, text):
            found.setdefault(citation.name, []).append((citation, text))
    for number, text in enumerate(paper.references):
        reference = read_reference(number, text)
        if reference is not None:
            found.setdefault(reference.name, []).append((reference, text))
    return found


def state_citations(paper: Paper, document: Outline | None, found: Cited) -> list[Statement]:
    """One statement for each paper that the list of references or the text names; without a document only for the former."""
    statements = []
    for name, places in found.items():
        evidence = []
        for citation, text in places:
            start, end = _sentence_of(document, citation) if document and citation.field in ("title", "abstract") else (0, len(text))
            evidence.append(
                Evidence(citation.field, start, end, text[start:end], citation.start, citation.end, citation.rule, _SURE[citation.rule])
            )
        surfaces = tuple(sorted({text[citation.start : citation.end] for citation, text in places}))
        confidence = evidence[0].confidence
        kinds = (("paper", confidence),)
        statements.append(Statement(paper.id, name, kinds, "cites", confidence, surfaces, (), tuple(evidence)))
    return statements


_SURE = {"arxiv-id": 0.95, "doi": 0.9, "author-year": 0.85, "reference": 0.98}


def _sentence_of(document: Outline, citation: Citation) -> tuple[int, int]:
    shift = 0 if citation.field == "title" else document.title_end + 1
    start, end = _around(document, citation.start + shift)
    start, end = max(start, shift) - shift, end - shift
    return min(start, citation.start), max(end, citation.end)
