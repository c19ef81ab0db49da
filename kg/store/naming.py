"""Names into entities, set by set in SQL: how names are used, which are read as others, what each means, which statements mean it.

Every function works on the whole graph or on what an addition touched. An addition puts the roots that it touched into the temporary
table `touched`; `Span` tells which statements and papers are new.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.store.beside import create_table

Row = tuple[Any, ...]
_GROUP = "CASE max(dataset + benchmark, technique, model, task) WHEN dataset + benchmark THEN 0 WHEN model THEN 2 WHEN technique THEN 1 ELSE 3 END"
TOTAL = "(dataset + benchmark + technique + model + task)"
_SUMS = ("dataset", "benchmark", "technique", "model", "task")


@dataclass(frozen=True, slots=True)
class Span:
    """What is new in a graph: statements and papers from these numbers on. `is_whole` where everything is to be resolved."""

    statement: int
    paper: int
    is_whole: bool


def clear(db: sqlite3.Connection) -> None:
    """Forget all that resolution decided; what papers say stays."""
    db.execute("UPDATE statement SET entity = NULL WHERE entity IS NOT NULL")
    for table in ("entity", "usage", "acronym", "root", "meaning", "spelling", "refusal", "edge", "introduced", "fact"):
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM node WHERE kind != 'paper'")


# name and favoured group as one number, which SQLite sorts in less time than two
_COUNTED = f"""SELECT both >> 2, both & 3, papers, statements, {", ".join(_SUMS)}, best, introduced FROM (
    SELECT (name << 2) + {_GROUP} AS both, count(DISTINCT paper) AS papers, count(*) AS statements, {", ".join(f"sum({c}) AS {c}" for c in _SUMS)},
    max({TOTAL}) AS best, max(CASE relation WHEN 'introduces' THEN {TOTAL} * confidence / 1000 ELSE 0 END) AS introduced
    FROM statement WHERE fixed IS NULL AND {{}} GROUP BY both)"""


def count_all_usage(db: sqlite3.Connection) -> None:
    """Make a table of how papers use each name."""
    create_table(db, "usage")
    db.execute(f"INSERT INTO usage {_COUNTED.format('1')}")


def count_usage(db: sqlite3.Connection, span: Span) -> None:
    """Add to the sums what an addition says, and sum up anew for names that lost a statement."""
    added = ", ".join(f"{column} = {column} + excluded.{column}" for column in ("papers", "statements", *_SUMS))
    counted = f"""INSERT INTO usage {_COUNTED} WHERE 1 ON CONFLICT (name, favoured) DO UPDATE SET {added},
        best = max(best, excluded.best), introduced = max(introduced, excluded.introduced)"""
    db.execute("DELETE FROM usage WHERE name IN (SELECT name FROM gone_name)")
    db.execute(counted.format("name IN (SELECT name FROM gone_name)"))
    db.execute(counted.format("id >= ? AND name NOT IN (SELECT name FROM gone_name)"), (span.statement,))


def touch_names(db: sqlite3.Connection, span: Span) -> None:
    """Collect the keys of all names of new and of lost statements in `touched_key`."""
    db.execute("CREATE TEMP TABLE touched_key (key TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute(
        """INSERT OR IGNORE INTO touched_key SELECT key FROM name WHERE id IN (
               SELECT name FROM gone_name UNION SELECT name FROM statement WHERE id >= ?1 AND fixed IS NULL
               UNION SELECT a.name FROM alias a JOIN statement s ON s.id = a.statement WHERE a.statement >= ?1 AND s.fixed IS NULL)""",
        (span.statement,),
    )


def alias_counts(db: sqlite3.Connection, keys: Iterable[str] | None = None) -> Iterator[tuple[str, str, int]]:
    """Rows (short key, long key, papers): so many papers say that the two names are one; of some short keys, or all.

    Only acronyms and macros are carried from the paper that defines them to others: a word such as "segmentation" may stand for
    "segmentation model" in one paper, and for itself in the next.
    """
    query = """SELECT short.key, long.key, count(DISTINCT s.paper) FROM {} CROSS JOIN statement s ON s.id = a.statement
        JOIN name long ON long.id = s.name WHERE s.fixed IS NULL AND short.key != long.key
        AND (short.text GLOB '*[A-Z]*[A-Z]*' AND instr(short.text, ' ') = 0 OR short.text GLOB '[\\]*') GROUP BY 1, 2 ORDER BY 1, 2"""
    if keys is None:
        # in the order of statements, where most names stand close together, too
        return iter(db.execute(query.format("alias a NOT INDEXED CROSS JOIN name short ON short.id = a.name")))
    db.execute("CREATE TEMP TABLE IF NOT EXISTS asked_key (key TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM asked_key")
    db.executemany("INSERT OR IGNORE INTO asked_key VALUES (?)", ((key,) for key in keys))
    return iter(db.execute(query.format("asked_key k CROSS JOIN name short ON short.key = k.key CROSS JOIN alias a ON a.name = short.id")))


def touched_keys(db: sqlite3.Connection) -> list[str]:
    """The keys that `touch_names` collected, sorted."""
    return [key for (key,) in db.execute("SELECT key FROM touched_key ORDER BY key")]


def read_acronyms(db: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """What each acronym means, and why."""
    return {key: (long, reason) for key, long, reason in db.execute("SELECT key, long, reason FROM acronym")}


def write_acronyms(db: sqlite3.Connection, keys: Iterable[str], acronyms: Iterable[Row]) -> None:
    """Note (key, long, reason) of acronyms in the place of what was noted of `keys`."""
    db.executemany("DELETE FROM acronym WHERE key = ?", ((key,) for key in keys))
    db.executemany("INSERT INTO acronym VALUES (?, ?, ?)", acronyms)


def write_roots(db: sqlite3.Connection, roots: Iterable[Row]) -> None:
    """Note (key, root, reason) for every key that is read as another."""
    db.executemany("INSERT INTO root VALUES (?, ?, ?)", roots)


def change_roots(db: sqlite3.Connection, roots: Iterable[Row]) -> None:
    """Note them in the place of what was noted, and touch what was or becomes the root of a touched or changed key."""
    db.execute("CREATE TEMP TABLE new_root (key TEXT PRIMARY KEY, root TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID")
    db.executemany("INSERT INTO new_root VALUES (?, ?, ?)", roots)
    db.execute(
        """CREATE TEMP TABLE moved AS SELECT key FROM (SELECT * FROM new_root EXCEPT SELECT * FROM root)
           UNION SELECT key FROM (SELECT * FROM root EXCEPT SELECT * FROM new_root)"""
    )
    db.execute("CREATE TEMP TABLE moved_root (root TEXT PRIMARY KEY) WITHOUT ROWID")
    for table, other in (("root", "new_root"), ("new_root", "root")):
        db.execute(
            f"""INSERT OR IGNORE INTO moved_root SELECT coalesce(r.root, m.key) FROM moved m LEFT JOIN {table} r ON r.key = m.key
                LEFT JOIN {other} o ON o.key = m.key WHERE r.root IS NOT o.root"""
        )
    db.execute("CREATE TEMP TABLE touched (root TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("INSERT INTO touched_key SELECT key FROM moved WHERE 1 ON CONFLICT DO NOTHING")
    for table in ("root", "new_root"):
        db.execute(f"INSERT OR IGNORE INTO touched SELECT coalesce(r.root, k.key) FROM touched_key k LEFT JOIN {table} r ON r.key = k.key")
    db.execute("INSERT OR IGNORE INTO touched SELECT key FROM touched_key")
    db.execute("DELETE FROM root WHERE key IN (SELECT key FROM moved)")
    db.execute("INSERT INTO root SELECT * FROM new_root WHERE key IN (SELECT key FROM moved)")


_USED = "n.text, u.favoured, u.papers, u.statements, u.dataset, u.benchmark, u.technique, u.model, u.task, u.best, u.introduced"


def uses(db: sqlite3.Connection, span: Span) -> Iterator[Row]:
    """Rows for `kg.resolve.entities.Use`, sorted by root, the five weights in the order of `vocabulary.NAMED`."""
    if span.is_whole:
        return iter(
            db.execute(
                f"""SELECT coalesce(r.root, n.key) AS root, {_USED} FROM usage u JOIN name n ON n.id = u.name LEFT JOIN root r ON r.key = n.key
                    ORDER BY 1, 2, 3"""
            )
        )
    return iter(
        db.execute(
            f"""SELECT t.root, {_USED} FROM touched t CROSS JOIN name n ON n.key = t.root JOIN usage u ON u.name = n.id
                WHERE t.root NOT IN (SELECT key FROM root)
                UNION ALL SELECT t.root, {_USED} FROM touched t CROSS JOIN root r ON r.root = t.root JOIN name n ON n.key = r.key JOIN usage u ON u.name = n.id
                ORDER BY 1, 2, 3"""
        )
    )


def write_decisions(db: sqlite3.Connection, decisions: Iterable[Row]) -> None:
    """Hold decisions (root, group, id, label, kinds, note, prior) in the table `decision`."""
    db.execute(
        """CREATE TEMP TABLE IF NOT EXISTS decision (root TEXT, favoured INTEGER, id TEXT, label TEXT, kinds TEXT, note TEXT, prior INTEGER,
           PRIMARY KEY (root, favoured)) WITHOUT ROWID"""
    )
    db.execute("DELETE FROM decision")
    db.executemany("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)", decisions)


def touch_sharers(db: sqlite3.Connection) -> bool:
    """Touch the roots that share an entity with a touched one, before or now; whether there were any."""
    before = db.execute("SELECT count(*) FROM touched").fetchone()[0]
    db.execute(
        """INSERT OR IGNORE INTO touched SELECT root FROM meaning WHERE node IN (
               SELECT node FROM meaning WHERE root IN (SELECT root FROM touched)
               UNION SELECT number FROM node WHERE id IN (SELECT id FROM decision))"""
    )
    return bool(db.execute("SELECT count(*) FROM touched").fetchone()[0] > before)


def write_meanings(db: sqlite3.Connection) -> None:
    """Make the entities that were decided on."""
    _add_entities(db)
    db.execute(f"INSERT INTO meaning {_DECIDED}")
    db.execute(f"INSERT INTO entity {_SUMMED} FROM meaning GROUP BY node")


_DECIDED = """SELECT d.root, d.favoured, n.number AS node, d.prior, d.label, d.kinds, d.note
    FROM decision d JOIN node n ON n.id = d.id ORDER BY d.root, d.favoured"""
_SUMMED = "SELECT node, max(kinds), max(prior), max(note), ''"


def _add_entities(db: sqlite3.Connection) -> None:
    add_nodes(db, "SELECT id, substr(id, 1, instr(id, '/') - 1) AS kind, min(label) AS label FROM decision GROUP BY id")


def change_meanings(db: sqlite3.Connection) -> None:
    """Make the entities of touched roots anew; `dirty` holds the nodes of which anything changed that their edges depend on."""
    _add_entities(db)
    db.execute(f"CREATE TEMP TABLE new_meaning AS {_DECIDED}")
    which = "root IN (SELECT root FROM touched)"
    differing = """SELECT root, favoured, node, prior FROM {} EXCEPT SELECT root, favoured, node, prior FROM {}"""
    old = f"(SELECT * FROM meaning WHERE {which})"
    db.execute("CREATE TEMP TABLE changed (root TEXT, node INTEGER)")
    db.execute("CREATE TEMP TABLE dirty (node INTEGER PRIMARY KEY)")
    db.execute(f"INSERT INTO changed SELECT root, node FROM ({differing.format('new_meaning', old)})")
    db.execute(f"INSERT INTO changed SELECT root, node FROM ({differing.format(old, 'new_meaning')})")
    db.execute("INSERT OR IGNORE INTO dirty SELECT node FROM changed")
    for table in ("meaning", "new_meaning"):
        db.execute(f"INSERT OR IGNORE INTO dirty SELECT node FROM {table} WHERE root IN (SELECT root FROM moved_root)")
    db.execute(f"DELETE FROM meaning WHERE {which}")
    db.execute("INSERT INTO meaning SELECT * FROM new_meaning")
    db.execute(f"INSERT OR REPLACE INTO entity {_SUMMED} FROM meaning WHERE node IN (SELECT node FROM new_meaning) GROUP BY node")
    db.execute(
        """UPDATE node SET label = m.label FROM (SELECT node, min(label) AS label FROM meaning WHERE node IN (SELECT node FROM new_meaning) GROUP BY node) m
           WHERE m.node = number AND node.label != m.label"""
    )


def add_nodes(db: sqlite3.Connection, query: str) -> None:
    """Number the nodes that a query gives as (id, kind, label) and that are not there yet, in the order of their ids."""
    db.execute(f"INSERT INTO node (id, kind, label) SELECT id, kind, label FROM ({query}) WHERE id NOT IN (SELECT id FROM node) ORDER BY id")


def tie_statements(db: sqlite3.Connection, span: Span) -> None:
    """Tie to its entity every statement that is sure enough."""
    which = "n.id IN (SELECT name FROM usage)"
    if not span.is_whole:
        # names of changed roots, all their statements; of the others only the new ones
        db.execute("CREATE TEMP TABLE changed_name (name INTEGER PRIMARY KEY)")
        db.execute("INSERT OR IGNORE INTO changed_name SELECT n.id FROM changed c CROSS JOIN name n ON n.key = c.root")
        db.execute(
            "INSERT OR IGNORE INTO changed_name SELECT n.id FROM changed c CROSS JOIN root r ON r.root = c.root JOIN name n ON n.key = r.key"
        )
        db.execute("INSERT OR IGNORE INTO changed_name SELECT n.id FROM moved m CROSS JOIN name n ON n.key = m.key")
        which = f"n.id IN (SELECT name FROM changed_name UNION SELECT name FROM statement WHERE id >= {span.statement})"
    db.execute(
        "CREATE TEMP TABLE target (name INTEGER, favoured INTEGER, node INTEGER, prior INTEGER, PRIMARY KEY (name, favoured)) WITHOUT ROWID"
    )
    db.execute(
        f"""INSERT INTO target SELECT n.id, m.favoured, m.node, m.prior FROM name n LEFT JOIN root r ON r.key = n.key
            JOIN meaning m ON m.root = coalesce(r.root, n.key) WHERE {which} ORDER BY 1, 2"""
    )
    # the plus signs make SQLite look through the few rows of the name, not for each favoured group in turn
    tied = f"""UPDATE statement SET entity = (SELECT t.node FROM target t WHERE t.name = statement.name AND (+t.favoured = -1 OR +t.favoured = {_GROUP})
        AND (3 * {TOTAL} + t.prior) / 4 >= 500) WHERE fixed IS NULL AND {{}}"""
    if span.is_whole:
        db.execute(tied.format("1"))
        return
    db.execute(tied.format("name IN (SELECT name FROM changed_name)"))
    db.execute(tied.format("id >= ? AND name NOT IN (SELECT name FROM changed_name)"), (span.statement,))


def write_refusals(db: sqlite3.Connection, span: Span, rows: Iterable[Row]) -> None:
    """Note what was left out or kept apart (key, other, papers, reason), in the place of what was noted of touched names."""
    if not span.is_whole:
        db.execute("DELETE FROM refusal WHERE key IN (SELECT root FROM touched UNION SELECT key FROM touched_key)")
    db.executemany("INSERT INTO refusal VALUES (?, ?, ?, ?)", rows)
