"""The words of all papers and the names of all entities, made searchable."""

from __future__ import annotations

import sqlite3
from functools import partial

from kg.store.beside import Beside, Made, create_table

_HELD = 32 << 20  # bytes of words in memory: an index in few parts, which a search opens all, and which the next addition need not join
_NAMES = """v.label || coalesce((SELECT ' ' || group_concat(text, ' ') FROM (SELECT m.text FROM spelling s JOIN name m ON m.id = s.name
    WHERE s.entity = v.number ORDER BY m.text)), '')"""


_WRITES = {
    "paper_words": "INSERT INTO paper_words (rowid, title, abstract) SELECT node, title, abstract FROM paper ORDER BY node",
    "entity_words": f"INSERT INTO entity_words (rowid, names) SELECT v.number, {_NAMES} FROM entity e JOIN node v ON v.number = e.node ORDER BY v.number",
}


def write_words(db: sqlite3.Connection) -> None:
    """Make everything searchable."""
    for query in _WRITES.values():
        db.execute(query)


def start_words(beside: Beside, table: str) -> Made:
    """Make papers or entities searchable, `paper_words` or `entity_words`, beside other work."""
    return beside.start(partial(_write_beside, table))


def _write_beside(table: str, db: sqlite3.Connection) -> None:
    create_table(db, table)
    # few large parts, so that little is merged
    db.executemany(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", [("hashsize", _HELD), ("automerge", 0)])
    db.execute(_WRITES[table])


def take_words(made: Made, table: str) -> None:
    """Put the words that `start_words` made into the graph."""
    made.take([f"{table}_{part}" for part in ("data", "idx", "docsize")])


def forget_words(db: sqlite3.Connection) -> None:
    """Forget all words."""
    for table in ("paper_words", "entity_words"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")


def forget_paper(db: sqlite3.Connection, number: int) -> None:
    """Take a paper's words back; to be called while the paper is still there."""
    db.execute(
        "INSERT INTO paper_words (paper_words, rowid, title, abstract) SELECT 'delete', node, title, abstract FROM paper WHERE node = ?",
        (number,),
    )


def note_names(db: sqlite3.Connection, nodes: str) -> None:
    """Hold the names of the nodes that a query gives, before they change."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS old_words (node INTEGER PRIMARY KEY, names TEXT NOT NULL)")
    db.execute(
        f"INSERT OR IGNORE INTO old_words SELECT v.number, {_NAMES} FROM node v JOIN entity e ON e.node = v.number WHERE v.number IN ({nodes})"
    )


def add_words(db: sqlite3.Connection, first_paper: int) -> None:
    """Make new papers and the changed names of noted entities searchable."""
    db.execute(
        "INSERT INTO paper_words (rowid, title, abstract) SELECT node, title, abstract FROM paper WHERE node >= ? ORDER BY node",
        (first_paper,),
    )
    db.execute(
        f"""CREATE TEMP TABLE new_words AS SELECT v.number AS node, {_NAMES} AS names FROM node v JOIN entity e ON e.node = v.number
            WHERE v.number IN (SELECT node FROM old_words UNION SELECT node FROM dirty UNION SELECT node FROM grown)"""
    )
    db.execute(
        """INSERT INTO entity_words (entity_words, rowid, names) SELECT 'delete', node, names FROM old_words
           WHERE (node, names) NOT IN (SELECT node, names FROM new_words)"""
    )
    db.execute(
        "INSERT INTO entity_words (rowid, names) SELECT node, names FROM new_words WHERE (node, names) NOT IN (SELECT node, names FROM old_words)"
    )
