"""Nodes and links as flat rows, in the order of their ids, read a paper at a time so that memory does not grow with the graph."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from kg.fields import field_name
from kg.query.nodes import per_mille
from kg.store.reading import read_text

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NODE_FIELDS = {"label": str, "kind": str, "kinds": str, "papers": int, "year": int, "date": str, "url": str}
LINK_FIELDS = {"relation": str, "confidence": float, "field": str, "start": int, "end": int, "quote": str, "rule": str, "evidence": int}


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A paper or entity; `papers` counts the papers that name an entity, `kinds` are joined by spaces, `year` is None where it is not known."""

    id: str
    label: str
    kind: str
    kinds: str
    papers: int
    year: int | None
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with its best evidence, and `evidence`, the number of places that say it."""

    source: str
    target: str
    relation: str
    confidence: float
    field: str
    start: int
    end: int
    quote: str
    rule: str
    evidence: int


def iter_nodes(db: sqlite3.Connection) -> Iterator[NodeRow]:
    """All nodes, by id."""
    rows = db.execute(
        """SELECT n.id, n.label, n.kind, coalesce(x.kinds, 'paper'), n.papers, p.year, coalesce(p.date, ''), coalesce(nullif(p.url, ''), x.url, ''), p.arxiv_id
           FROM node n LEFT JOIN paper p ON p.node = n.number LEFT JOIN entity x ON x.node = n.number ORDER BY n.id"""
    )
    for identity, label, kind, kinds, papers, year, date, url, arxiv_id in rows:
        yield NodeRow(identity, label, kind, kinds, papers, year, date, url or (f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else ""))


_COLUMNS = 'e.id, o.id, e.relation, e.confidence, p.field, p.start, p."end", r.name, s.paper, p.confidence, p.name_start, p.name_end'
_LINKS = f"""SELECT {_COLUMNS} FROM edge e JOIN node o ON o.number = e.target
        JOIN (SELECT * FROM statement WHERE paper = ?1) s ON s.entity = e.target AND s.relation = e.relation
        JOIN place p ON p.statement = s.id JOIN rule r ON r.id = p.rule WHERE e.source = ?1 AND e.confidence >= ?2
    UNION ALL SELECT {_COLUMNS} FROM edge e JOIN node o ON o.number = e.target JOIN support u ON u.edge = e.id JOIN statement s ON s.id = u.statement
        JOIN place p ON p.statement = s.id JOIN rule r ON r.id = p.rule WHERE e.source = ?1 AND e.confidence >= ?2
    ORDER BY 3, 2, 10 DESC, 5, 11, 12, 8"""
_FACTS = """SELECT o.id, e.relation, e.confidence, f.text FROM edge e JOIN node o ON o.number = e.target JOIN fact f ON f.edge = e.id
    WHERE e.source = ?1 AND e.confidence >= ?2 ORDER BY 2, 1"""


def iter_links(db: sqlite3.Connection, *, min_confidence: float = 0.0) -> Iterator[LinkRow]:
    """All links, by source, relation and target."""
    least = per_mille(min_confidence)
    for number, identity in db.execute("SELECT number, id FROM node WHERE kind = 'paper' ORDER BY id").fetchall():
        yield from _of_paper(db, number, identity, least)
    linked = "SELECT number, id FROM node WHERE number IN (SELECT e.source FROM fact f JOIN edge e ON e.id = f.edge) ORDER BY id"
    for number, identity in db.execute(linked).fetchall():
        for target, relation, confidence, text in db.execute(_FACTS, (number, least)).fetchall():
            yield LinkRow(identity, target, relation, confidence / 1000, "lexicon", 0, len(text), text, "lexicon", 1)


def _of_paper(db: sqlite3.Connection, number: int, identity: str, least: int) -> Iterator[LinkRow]:
    texts: dict[int, str] = {}
    for _, group in groupby(db.execute(_LINKS, (number, least)).fetchall(), key=lambda row: row[0]):
        rows = list(group)
        _, target, relation, confidence, field, start, end, rule, paper = rows[0][:9]
        if field not in texts:
            texts[field] = read_text(db, paper, field)
        places = len({(row[4], row[10], row[11]) for row in rows})
        yield LinkRow(identity, target, relation, confidence / 1000, field_name(field), start, end, texts[field][start:end], rule, places)


def legal(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return _ILLEGAL.sub("", text)
