"""Take papers back out of a graph so that they can be planned again, and note what that touches."""

from __future__ import annotations

import sqlite3

from kg.store.words import forget_paper


def begin_forgetting(db: sqlite3.Connection) -> None:
    """Make the tables that note what is gone: names and nodes that lost statements, identities that lost their paper."""
    db.execute("CREATE TEMP TABLE gone_name (name INTEGER PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE gone_node (node INTEGER PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE gone_identity (key TEXT PRIMARY KEY) WITHOUT ROWID")


def delete_paper(db: sqlite3.Connection, number: int) -> None:
    """Delete a paper, what it says, and every edge from or to it."""
    own = "(SELECT id FROM statement WHERE paper = ?)"
    _note(db, number, own)
    db.execute(
        """UPDATE spelling SET papers = papers - 1 WHERE (entity, name) IN (
                SELECT s.entity, p.surface FROM statement s JOIN place p ON p.statement = s.id WHERE s.paper = ?1 AND s.entity IS NOT NULL AND s.fixed IS NULL
                UNION SELECT s.entity, a.name FROM statement s JOIN alias a ON a.statement = s.id WHERE s.paper = ?1 AND s.entity IS NOT NULL AND s.fixed IS NULL)""",
        (number,),
    )
    db.execute("UPDATE statement SET entity = NULL WHERE paper IN (SELECT source FROM edge WHERE target = ?1) AND entity = ?1", (number,))
    db.execute("UPDATE node SET papers = papers - 1 WHERE kind != 'paper' AND number IN (SELECT target FROM edge WHERE source = ?)", (number,))
    db.execute("DELETE FROM edge WHERE source = ?1 OR target = ?1", (number,))
    forget_paper(db, number)
    for table in ("place", "alias", "stated"):
        db.execute(f"DELETE FROM {table} WHERE statement IN {own}", (number,))
    for table in ("statement", "entry", "identity"):
        db.execute(f"DELETE FROM {table} WHERE paper = ?", (number,))
    db.execute("DELETE FROM paper WHERE node = ?", (number,))
    db.execute("DELETE FROM node WHERE number = ?", (number,))


def _note(db: sqlite3.Connection, number: int, own: str) -> None:
    db.execute("INSERT OR IGNORE INTO gone_name SELECT name FROM statement WHERE paper = ? AND fixed IS NULL", (number,))
    db.execute(f"INSERT OR IGNORE INTO gone_name SELECT name FROM alias WHERE statement IN {own}", (number,))
    db.execute(
        "INSERT OR IGNORE INTO gone_node SELECT entity FROM statement WHERE paper = ? AND entity IS NOT NULL AND fixed IS NOT 'paper'",
        (number,),
    )
    db.execute("INSERT OR IGNORE INTO gone_identity SELECT key FROM identity WHERE paper = ?", (number,))
