"""What a graph file holds, told without the numbers that rows happen to have: equal for graphs that say the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_QUERIES = {
    "nodes": "SELECT id, kind, label, papers FROM node",
    "entities": "SELECT n.id, e.kinds, e.confidence, e.note, e.url FROM entity e JOIN node n ON n.number = e.node",
    "edges": "SELECT a.id, e.relation, b.id, e.confidence FROM edge e JOIN node a ON a.number = e.source JOIN node b ON b.number = e.target",
    "evidence": """SELECT a.id, e.relation, b.id, p.field, p.name_start, p.name_end, p.confidence FROM edge e JOIN node a ON a.number = e.source
        JOIN node b ON b.number = e.target JOIN edge_statement u ON u.edge = e.id JOIN place p ON p.statement = u.statement""",
    "statements": """SELECT a.id, n.text, s.relation, s.confidence, b.id FROM statement s JOIN node a ON a.number = s.paper
        JOIN name n ON n.id = s.name LEFT JOIN node b ON b.number = s.entity""",
    "usage": "SELECT n.text, u.favoured, papers, statements, dataset, benchmark, technique, model, task, best, introduced FROM usage u JOIN name n ON n.id = u.name",
    "meanings": "SELECT m.root, m.favoured, n.id, m.prior FROM meaning m JOIN node n ON n.number = m.node",
    "roots": "SELECT key, root, reason FROM root",
    "acronyms": "SELECT key, long, reason FROM acronym",
    "spellings": "SELECT n.id, m.text, s.papers, s.reason FROM spelling s JOIN node n ON n.number = s.entity JOIN name m ON m.id = s.name",
    "refusals": "SELECT key, other, papers, reason FROM refusal",
    "introduced": "SELECT a.id, b.id, i.confidence FROM introduced i JOIN node a ON a.number = i.entity JOIN node b ON b.number = i.paper",
    "facts": "SELECT text FROM fact",
    "papers": "SELECT n.id, p.title, p.abstract, p.year, p.date, p.venue, p.authors FROM paper p JOIN node n ON n.number = p.node",
    "paper words": "SELECT n.id FROM paper_words w JOIN node n ON n.number = w.rowid WHERE paper_words MATCH 'model OR data OR images OR learning'",
    "entity words": "SELECT n.id FROM entity_words w JOIN node n ON n.number = w.rowid WHERE entity_words MATCH 'a* OR c* OR l* OR m* OR v* OR i*'",
}


def told(graph: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each query, sorted."""
    db = sqlite3.connect(graph)
    found = {name: sorted(db.execute(query), key=repr) for name, query in _QUERIES.items()}
    db.close()
    return found


def differences(one: Path, other: Path) -> dict[str, tuple[list[object], list[object]]]:
    """What only one of two graphs holds, by query."""
    a, b = told(one), told(other)
    return {
        name: ([r for r in a[name] if r not in set(b[name])], [r for r in b[name] if r not in set(a[name])])
        for name in a
        if a[name] != b[name]
    }
