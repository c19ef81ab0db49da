"""What a source that was resolved already says of entities: kept apart from what is decided here, and joined to it in every resolution."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from kg.names import key as name_key
from kg.records import Edge, Entity, Evidence, Statement
from kg.store.reading import evidence_of
from kg.store.rows import per_mille


def note_entities(db: sqlite3.Connection, entities: Iterable[Entity]) -> None:
    """Keep entities with their names; what two sources say of one is joined without regard to their order."""
    for entity in entities:
        db.execute(
            """INSERT INTO stated_entity VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET label = min(label, excluded.label),
               kinds = max(kinds, excluded.kinds), confidence = max(confidence, excluded.confidence), note = max(note, excluded.note)""",
            (entity.id, entity.name, " ".join(entity.kinds), per_mille(entity.confidence), entity.note, entity.url),
        )
        db.executemany(
            """INSERT INTO stated_name VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET papers = max(papers, excluded.papers),
               reason = min(reason, excluded.reason)""",
            ((entity.id, name.surface, name_key(name.surface), name.papers, name.reason) for name in entity.names),
        )


def note_facts(db: sqlite3.Connection, facts: Iterable[Edge]) -> None:
    """Keep edges between entities, each with the line of the lexicon that says so."""
    rows = ((edge.source, edge.relation, edge.target, edge.evidence[0].quote) for edge in facts)
    db.executemany("INSERT INTO stated_fact VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET text = min(text, excluded.text)", rows)


def has_stated(db: sqlite3.Connection) -> bool:
    """Whether any statement came with what it means."""
    return db.execute("SELECT 1 FROM stated LIMIT 1").fetchone() is not None


def write_stated(db: sqlite3.Connection) -> None:
    """Make the entities that statements are said to mean, and tie the statements to them."""
    if not has_stated(db):
        return
    first = db.execute("SELECT coalesce(max(number), 0) FROM node").fetchone()[0]
    used = "id IN (SELECT entity FROM stated)"
    db.execute(
        f"""INSERT INTO node SELECT {first} + row_number() OVER (ORDER BY id), id, substr(id, 1, instr(id, '/') - 1), label, 0
            FROM stated_entity WHERE {used} AND id NOT IN (SELECT id FROM node)"""
    )
    db.execute(
        f"""INSERT INTO entity SELECT n.number, s.kinds, s.confidence, s.note, s.url FROM stated_entity s JOIN node n ON n.id = s.id WHERE s.{used}
            ON CONFLICT DO UPDATE SET kinds = CASE WHEN length(excluded.kinds) > length(kinds) THEN excluded.kinds ELSE kinds END,
            confidence = max(confidence, excluded.confidence), note = max(note, excluded.note)"""
    )
    db.execute("UPDATE statement SET entity = n.number FROM stated t JOIN node n ON n.id = t.entity WHERE t.statement = statement.id")


def write_stated_names(db: sqlite3.Connection) -> None:
    """Add the names of those entities to what was counted in other papers."""
    db.execute(
        """INSERT OR IGNORE INTO name SELECT (SELECT coalesce(max(id), 0) FROM name) + row_number() OVER (ORDER BY name), name, key
           FROM (SELECT DISTINCT name, key FROM stated_name WHERE name NOT IN (SELECT text FROM name))"""
    )
    db.execute(
        """INSERT INTO spelling SELECT e.number, n.id, s.papers, s.reason FROM stated_name s JOIN node e ON e.id = s.entity
           JOIN name n ON n.text = s.name JOIN entity x ON x.node = e.number WHERE true
           ON CONFLICT DO UPDATE SET papers = papers + excluded.papers"""
    )


def write_stated_facts(db: sqlite3.Connection) -> None:
    """Join those entities where no edge of the lexicon here joins them already."""
    rows = db.execute(
        """SELECT a.number, f.relation, b.number, f.text FROM stated_fact f JOIN node a ON a.id = f.source JOIN node b ON b.id = f.target
           WHERE a.papers > 0 AND b.papers > 0 AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.source = a.number AND e.relation = f.relation
           AND e.target = b.number) ORDER BY a.id, f.relation, b.id"""
    ).fetchall()
    for source, relation, target, text in rows:
        query = "INSERT INTO edge (source, relation, target, confidence) VALUES (?, ?, ?, 1000)"
        db.execute("INSERT INTO fact VALUES (?, ?)", (db.execute(query, (source, relation, target)).lastrowid, text))


def read_stated(db: sqlite3.Connection, paper: int, identity: str) -> tuple[Statement, ...] | None:
    """The statements of a paper that came with them, or None for one that was read here."""
    rows = db.execute(
        """SELECT s.id, n.text, s.relation, s.confidence, s.fixed, t.entity FROM statement s JOIN stated t ON t.statement = s.id
           JOIN name n ON n.id = s.name WHERE s.paper = ? ORDER BY s.id""",
        (paper,),
    ).fetchall()
    return tuple(
        Statement(identity, name, ((kind, 1.0),), relation, confidence / 1000, _surfaces(evidence), (), evidence, entity)
        for number, name, relation, confidence, kind, entity in rows
        for evidence in [_evidence(db, number)]
    ) or None  # fmt: skip


def _evidence(db: sqlite3.Connection, statement: int) -> tuple[Evidence, ...]:
    rows = db.execute(
        """SELECT s.paper, p.field, p.start, p."end", p.name_start, p.name_end, r.name, p.confidence FROM place p
           JOIN statement s ON s.id = p.statement JOIN rule r ON r.id = p.rule WHERE p.statement = ? ORDER BY p.number""",
        (statement,),
    ).fetchall()
    return tuple(evidence_of(db, rows))


def _surfaces(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(sorted({e.quote[e.name_start - e.start : e.name_end - e.start] for e in evidence}))
