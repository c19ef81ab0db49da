"""Read records back out of a graph file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from kg.fields import field_name, find_comment
from kg.records import Edge, Evidence, Paper, Place, Problem

_PAPER = """SELECT n.id, p.title, p.abstract, p.year, p.date, p.venue, p.doi, p.arxiv_id, p.url, p.authors, p.categories, p.reference_list, p.extra
    FROM paper p JOIN node n ON n.number = p.node WHERE p.node = ?"""


def read_paper(db: sqlite3.Connection, number: int) -> Paper:
    """The paper of a node's number."""
    identity, title, abstract, year, date, venue, doi, arxiv_id, url, authors, categories, references, extra = db.execute(
        _PAPER, (number,)
    ).fetchone()
    places = db.execute("SELECT s.name, e.line FROM entry e JOIN source s ON s.id = e.source WHERE e.paper = ? ORDER BY 1, 2", (number,))
    return Paper(
        id=identity, title=title, abstract=abstract, places=tuple(Place(*row) for row in places), authors=_strings(authors), year=year, date=date,
        venue=venue, doi=doi, arxiv_id=arxiv_id, url=url, categories=_strings(categories), references=_strings(references),
        extra=tuple((name, value) for name, value in (json.loads(extra) if extra else ())),
    )  # fmt: skip


def _strings(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def read_evidence(db: sqlite3.Connection, edge: int) -> tuple[Evidence, ...]:
    """All evidence of an edge, the best first, each with its quote cut out of the text where it stands."""
    fact = db.execute("SELECT text FROM fact WHERE edge = ?", (edge,)).fetchone()
    if fact:
        return (Evidence("lexicon", 0, len(fact[0]), fact[0], 0, len(fact[0]), "lexicon", 1.0),)
    rows = db.execute(
        """SELECT s.paper, p.field, p.start, p."end", p.name_start, p.name_end, r.name, p.confidence
           FROM edge_statement es JOIN statement s ON s.id = es.statement JOIN place p ON p.statement = s.id JOIN rule r ON r.id = p.rule
           WHERE es.edge = ? ORDER BY p.confidence DESC, p.field, p.name_start, p.name_end, r.name""",
        (edge,),
    ).fetchall()
    return tuple(evidence for evidence in evidence_of(db, rows))


def evidence_of(
    db: sqlite3.Connection, rows: Sequence[tuple[int, int, int, int, int, int, str, int]], known: Mapping[tuple[int, int], str] | None = None
) -> Iterator[Evidence]:
    """Evidence out of rows (paper, field, start, end, name start, name end, rule, confidence), each place once; `known` texts are not read again."""
    texts: dict[tuple[int, int], str] = dict(known or {})
    seen = set()
    for paper, field, start, end, name_start, name_end, rule, confidence in rows:
        if (paper, field, name_start, name_end) in seen:
            continue
        seen.add((paper, field, name_start, name_end))
        if (paper, field) not in texts:
            texts[paper, field] = read_text(db, paper, field)
        yield Evidence(field_name(field), start, end, texts[paper, field][start:end], name_start, name_end, rule, confidence / 1000)


def read_text(db: sqlite3.Connection, paper: int, field: int) -> str:
    """One text of a paper, as it was read."""
    column = {-2: "extra", 0: "title", 1: "abstract"}.get(field, "reference_list")
    text = db.execute(f"SELECT {column} FROM paper WHERE node = ?", (paper,)).fetchone()[0]
    if field == -2:
        return find_comment(json.loads(text))
    return str(text if field < 2 else json.loads(text)[field - 2])


def read_edge(db: sqlite3.Connection, number: int, *, with_evidence: bool = True) -> Edge:
    """The edge of a number."""
    row = db.execute(
        """SELECT a.id, e.relation, b.id, e.confidence FROM edge e JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target
           WHERE e.id = ?""",
        (number,),
    ).fetchone()
    source, relation, target, confidence = row
    return Edge(source, relation, target, confidence / 1000, read_evidence(db, number) if with_evidence else ())


def read_problems(db: sqlite3.Connection) -> Iterator[Problem]:
    """All problems, by file, line and code."""
    for code, severity, file, line, message in db.execute("SELECT * FROM problem ORDER BY file, line, code, message"):
        yield Problem(code, severity, file, line, message)


def count_links(db: sqlite3.Connection) -> dict[str, int]:
    """How many edges there are of each relation; summed up by target first, since the index has them in that order."""
    return dict(
        db.execute(
            """SELECT relation, sum(edges) FROM (SELECT relation, count(*) AS edges FROM edge GROUP BY target, relation)
               GROUP BY relation ORDER BY 2 DESC, 1"""
        )
    )
