"""Entities into edges, set by set in SQL: addresses, citations, edges with how sure they are, spellings, who builds on whom.

As in `kg.store.naming`, every function works on the whole graph or on what an addition touched: `dirty` nodes, whose edges are all made
anew; `grown` ones, which only got new statements; and `gone_*`, what papers said that were taken back to be read again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from kg.store.beside import create_table
from kg.store.naming import TOTAL, Span, add_nodes
from kg.store.schema import EDGE_TARGET
from kg.vocabulary import LINKED, NAMED

_ADDRESS = "s.fixed || '/' || CASE WHEN instr(n.text, '://') THEN substr(n.text, instr(n.text, '://') + 3) ELSE n.text END"

# how far naming what another paper introduced is building on that paper
BUILDING = {"uses": 1.0, "trains_on": 0.95, "evaluates_on": 0.85, "compares_to": 0.7, "addresses": 0.5, "mentions": 0.5}


def _addressing(span: Span) -> str:
    return "s.fixed IN ('repository', 'page')" + ("" if span.is_whole else f" AND s.id >= {span.statement}")


def write_addresses(db: sqlite3.Connection, span: Span) -> None:
    """Make a node of every address that papers give, with and without a secure scheme one; `addressed` holds them by name."""
    new = _addressing(span)
    db.execute(
        f"CREATE TEMP TABLE address AS SELECT DISTINCT s.name, s.fixed, {_ADDRESS} AS id, n.text FROM statement s NOT INDEXED JOIN name n ON n.id = s.name WHERE {new}"
    )
    add_nodes(db, "SELECT id, fixed AS kind, max(text) AS label FROM address GROUP BY id")
    db.execute("CREATE TEMP TABLE addressed AS SELECT a.name, a.fixed, n.number FROM address a JOIN node n ON n.id = a.id")
    db.execute("CREATE INDEX temp.addressed_name ON addressed (name, fixed)")


def tie_addresses(db: sqlite3.Connection, span: Span) -> None:
    """Tie statements to the addresses that they give."""
    new = _addressing(span)
    db.execute(
        f"""UPDATE statement SET entity = (SELECT a.number FROM addressed a WHERE a.name = statement.name AND a.fixed = statement.fixed)
            WHERE {new.replace("s.", "")}"""
    )
    linked = "SELECT number FROM addressed"
    if not span.is_whole:
        linked += " UNION SELECT node FROM gone_node WHERE node IN (SELECT number FROM node WHERE kind IN ('repository', 'page'))"
        db.execute(
            f"""UPDATE node SET label = given.label FROM (SELECT node, max(text) AS label FROM (
                    SELECT e.target AS node, s.name FROM edge e JOIN statement s ON s.paper = e.source AND +s.entity = e.target WHERE e.target IN ({linked})
                    UNION ALL SELECT number, name FROM addressed) a JOIN name n ON n.id = a.name GROUP BY node) given
                WHERE given.node = number"""
        )
    db.execute(f"INSERT OR REPLACE INTO entity SELECT number, kind, 1000, '', label FROM node WHERE number IN ({linked})")


def tie_citations(db: sqlite3.Connection, span: Span) -> None:
    """Tie every citation to the one paper of the graph that it can mean."""
    asked = "1"
    if not span.is_whole:
        db.execute("CREATE TEMP TABLE asked_name (name INTEGER PRIMARY KEY)")
        db.execute(
            """INSERT OR IGNORE INTO asked_name SELECT name FROM citation WHERE key IN (SELECT key FROM gone_identity
               UNION SELECT key FROM identity WHERE paper >= ?)""",
            (span.paper,),
        )
        db.execute("INSERT OR IGNORE INTO asked_name SELECT name FROM statement WHERE id >= ? AND fixed = 'paper'", (span.statement,))
        asked = "c.name IN (SELECT name FROM asked_name)"
    db.execute("CREATE TEMP TABLE cited (name INTEGER PRIMARY KEY, paper INTEGER NOT NULL)")
    db.execute(
        f"""INSERT INTO cited SELECT c.name, min(i.paper) FROM citation c JOIN identity i ON i.key = c.key WHERE {asked}
            GROUP BY c.name HAVING count(DISTINCT i.paper) = 1"""
    )
    tied = "UPDATE statement SET entity = (SELECT paper FROM cited c WHERE c.name = statement.name AND c.paper != statement.paper) WHERE fixed = 'paper'"
    if span.is_whole:
        db.execute(tied)
        return
    db.execute("CREATE TEMP TABLE citing (paper INTEGER PRIMARY KEY)")
    db.execute("INSERT OR IGNORE INTO citing SELECT paper FROM statement WHERE fixed = 'paper' AND name IN (SELECT name FROM asked_name)")
    db.execute(tied + " AND name IN (SELECT name FROM asked_name)")


def note_touched(db: sqlite3.Connection, span: Span) -> None:
    """Collect the nodes that only got or lost statements in `grown`, and the names of dirty ones; to be called when all statements are tied."""
    db.execute("CREATE TEMP TABLE dirty_name (name INTEGER PRIMARY KEY)")
    roots = "dirty d CROSS JOIN meaning m ON m.node = d.node"
    db.execute(
        f"""INSERT INTO dirty_name SELECT n.id FROM {roots} CROSS JOIN name n ON n.key = m.root WHERE n.key NOT IN (SELECT key FROM root)
            UNION SELECT n.id FROM {roots} CROSS JOIN root r ON r.root = m.root CROSS JOIN name n ON n.key = r.key"""
    )
    db.execute("CREATE TEMP TABLE grown (node INTEGER PRIMARY KEY)")
    db.execute(
        """INSERT OR IGNORE INTO grown SELECT node FROM (SELECT entity AS node FROM statement WHERE id >= ? UNION SELECT node FROM gone_node)
           WHERE node NOT IN (SELECT node FROM dirty) AND node IN (SELECT node FROM entity)""",
        (span.statement,),
    )


_EDGES = f"""INSERT INTO edge (source, relation, target, confidence)
    SELECT s.paper, s.relation, s.entity, max(CASE WHEN fixed IS NULL THEN ((3 * {TOTAL} + e.confidence) / 4) * s.confidence / 1000 ELSE s.confidence END)
    FROM statement s LEFT JOIN entity e ON e.node = s.entity WHERE s.entity IS NOT NULL AND {{}}
    AND NOT (s.relation = 'mentions' AND EXISTS (SELECT 1 FROM statement t WHERE t.paper = s.paper AND +t.entity = s.entity AND t.relation != 'mentions')) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


def write_edges(db: sqlite3.Connection, span: Span) -> None:
    """Join papers to what they name: one edge for each relation, as sure as its surest statement; a mere mention counts where nothing else does."""
    if span.is_whole:
        db.execute(_EDGES.format("1"))
        db.execute(EDGE_TARGET)
        db.execute(
            """UPDATE node SET papers = c.papers FROM (SELECT target, count(DISTINCT source) AS papers FROM edge GROUP BY target) c
               WHERE c.target = number AND kind != 'paper'"""
        )
        return
    db.execute("DELETE FROM edge WHERE id IN (SELECT edge FROM fact)")
    db.execute("DELETE FROM fact")
    db.execute("DELETE FROM edge WHERE target IN (SELECT node FROM dirty)")
    db.execute("DELETE FROM edge WHERE source IN (SELECT paper FROM citing) AND relation = 'cites'")
    db.execute(_EDGES.format("s.name IN (SELECT name FROM dirty_name) AND s.entity IN (SELECT node FROM dirty)"))
    db.execute(_EDGES.format("s.fixed = 'paper' AND s.paper IN (SELECT paper FROM citing)"))
    db.execute(_EDGES.format(f"s.fixed IS NOT 'paper' AND s.id >= {span.statement} AND s.entity NOT IN (SELECT node FROM dirty)"))
    db.execute("UPDATE node SET papers = (SELECT count(DISTINCT source) FROM edge WHERE target = number) WHERE number IN (SELECT node FROM dirty)")
    db.execute(
        """UPDATE node SET papers = node.papers + c.papers FROM (
               SELECT target, count(DISTINCT source) AS papers FROM edge INDEXED BY edge_source WHERE source >= ? GROUP BY target) c
           WHERE c.target = number AND number IN (SELECT node FROM grown)""",
        (span.paper,),
    )


_REASON = """coalesce((SELECT r.reason FROM name n JOIN root r ON r.key = n.key WHERE n.id = {name}), CASE WHEN EXISTS (SELECT 1 FROM name n JOIN meaning m ON m.root = n.key
    WHERE n.id = {name} AND m.node = {entity}) THEN 'the same but for case, hyphens, plural' ELSE 'said to be the same by the paper' END)"""
# entity and name as one number, which SQLite sorts in less time than two; aliases in the order of statements, which stand far apart in that of names
_SPELT = """SELECT both >> 32 AS entity, both & 4294967295 AS name, count(DISTINCT paper) AS papers FROM (
    SELECT (s.entity << 32) + p.surface AS both, s.paper FROM {0} JOIN place p ON p.statement = s.id WHERE s.entity IS NOT NULL AND s.fixed IS NULL AND {1}
    UNION ALL SELECT (s.entity << 32) + a.name, s.paper FROM {0} CROSS JOIN alias a ON a.statement = s.id WHERE s.entity IS NOT NULL AND s.fixed IS NULL AND {1})
    GROUP BY both"""


def write_all_spellings(db: sqlite3.Connection) -> None:
    """Make a table of how many papers use each spelling of an entity, and why it is one of its names."""
    reason = _REASON.format(name="u.name", entity="u.entity")
    create_table(db, "spelling")
    db.execute(f"INSERT INTO spelling SELECT entity, name, papers, {reason} FROM ({_SPELT.format('statement s', '1')}) u")


def write_spellings(db: sqlite3.Connection, span: Span) -> None:
    """Count the spellings that an addition touched."""
    reason = _REASON.format(name="u.name", entity="u.entity")
    db.execute("DELETE FROM spelling WHERE entity IN (SELECT node FROM dirty) OR papers <= 0")
    of_dirty = _SPELT.format("dirty_name d CROSS JOIN statement s ON s.name = d.name", "s.entity IN (SELECT node FROM dirty)")
    db.execute(f"INSERT INTO spelling SELECT entity, name, papers, {reason} FROM ({of_dirty}) u")
    new = _SPELT.format("statement s", f"s.id >= {span.statement} AND s.entity NOT IN (SELECT node FROM dirty)")
    db.execute(
        f"""INSERT INTO spelling SELECT entity, name, papers, {reason} FROM ({new}) u WHERE 1
            ON CONFLICT (entity, name) DO UPDATE SET papers = papers + excluded.papers"""
    )
    db.execute(
        f"""UPDATE spelling SET reason = {_REASON.format(name="spelling.name", entity="spelling.entity")}
            WHERE name IN (SELECT n.id FROM moved m CROSS JOIN name n ON n.key = m.key)"""
    )


def note_builders(db: sqlite3.Connection, span: Span) -> None:
    """Hold the pairs of papers that may build on one another by what is touched in `pair`: before edges change, and again after."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS pair (source INTEGER, target INTEGER, PRIMARY KEY (source, target)) WITHOUT ROWID")
    if span.is_whole:
        return
    users = f"edge e ON e.target = i.entity AND e.relation IN ({_BUILDERS})"
    db.execute(
        f"""INSERT OR IGNORE INTO pair SELECT e.source, i.paper FROM dirty d CROSS JOIN introduced i ON i.entity = d.node CROSS JOIN {users}"""
    )
    db.execute(
        f"INSERT OR IGNORE INTO pair SELECT e.source, i.paper FROM grown g CROSS JOIN introduced i ON i.entity = g.node CROSS JOIN {users} AND e.source >= ?",
        (span.paper,),
    )


_BUILDERS = ", ".join(f"'{name}'" for name in BUILDING)
_INTRODUCED = """SELECT target, min(source), max(confidence) FROM edge WHERE relation = 'introduces' AND confidence >= 700 AND {}
    AND target NOT IN (SELECT node FROM broad)
    GROUP BY target HAVING count(*) = 1"""


def write_introducers(db: sqlite3.Connection, span: Span, broad: Sequence[str]) -> None:
    """Note the one paper that introduced an entity, where there is exactly one; where that changed, all who name it are builders anew.

    Nobody introduced what is so broad that it says nothing of one paper; `broad` gives the roots of such names.
    """
    db.execute("DELETE FROM broad")
    db.executemany("INSERT OR IGNORE INTO broad SELECT node FROM meaning WHERE root = ?", ((root,) for root in broad))
    keys = ", ".join("?" * len(broad))  # what a source that was resolved already says of entities is not in `meaning`
    db.execute(f"INSERT OR IGNORE INTO broad SELECT n.number FROM stated_name s CROSS JOIN node n ON n.id = s.entity AND n.label = s.name WHERE s.key IN ({keys})", broad)
    if span.is_whole:
        db.execute("INSERT INTO introduced " + _INTRODUCED.format("1"))
        return
    db.execute("CREATE TEMP TABLE reintroduced AS " + _INTRODUCED.format("target IN (SELECT node FROM dirty UNION SELECT node FROM grown)"))
    touched = "entity IN (SELECT node FROM dirty UNION SELECT node FROM grown UNION SELECT node FROM gone_node)"
    db.execute(
        f"""CREATE TEMP TABLE other AS SELECT * FROM (SELECT * FROM reintroduced EXCEPT SELECT * FROM introduced)
            UNION SELECT * FROM (SELECT * FROM introduced WHERE {touched} EXCEPT SELECT * FROM reintroduced)"""
    )
    db.execute(
        f"""INSERT OR IGNORE INTO pair SELECT e.source, o.paper FROM (SELECT "target" AS entity, "min(source)" AS paper FROM other) o
            CROSS JOIN edge e ON e.target = o.entity AND e.relation IN ({_BUILDERS})"""
    )
    db.execute(f"DELETE FROM introduced WHERE {touched}")
    db.execute("INSERT INTO introduced SELECT * FROM reintroduced")


def write_builds_on(db: sqlite3.Connection, span: Span) -> None:
    """Join each paper to the papers that introduced what it names."""
    share = "CASE e.relation " + " ".join(f"WHEN '{name}' THEN {value}" for name, value in BUILDING.items()) + " END"
    users = f"edge e CROSS JOIN introduced i ON i.entity = e.target AND e.relation IN ({_BUILDERS})"
    if not span.is_whole:
        db.execute(
            "DELETE FROM edge WHERE id IN (SELECT e.id FROM pair p CROSS JOIN edge e ON e.source = p.source AND e.relation = 'builds_on' AND e.target = p.target)"
        )
        users = f"""pair p CROSS JOIN introduced i ON i.paper = p.target
            CROSS JOIN edge e ON e.source = p.source AND e.target = i.entity AND e.relation IN ({_BUILDERS})"""
    db.execute(
        f"""INSERT INTO edge (source, relation, target, confidence)
            SELECT e.source, 'builds_on', i.paper, max(CAST({share} * e.confidence * i.confidence / 1000 AS INTEGER))
            FROM {users} JOIN paper later ON later.node = e.source JOIN paper earlier ON earlier.node = i.paper
            WHERE e.source != i.paper AND (later.year IS NULL OR earlier.year IS NULL OR later.year >= earlier.year)
            GROUP BY 1, 3 ORDER BY 1, 3"""
    )


def write_facts(db: sqlite3.Connection, facts: Iterable[tuple[str, str, str, str]]) -> None:
    """Join entities as the lexicon says: (key, relation, other key, what it says), where papers name both."""
    db.execute("CREATE TEMP TABLE known (root TEXT, relation TEXT, other TEXT, text TEXT)")
    db.executemany("INSERT INTO known VALUES (?, ?, ?, ?)", facts)
    rows = db.execute(
        """SELECT DISTINCT a.node, k.relation, b.node, k.text FROM known k CROSS JOIN meaning a ON a.root = k.root CROSS JOIN meaning b ON b.root = k.other
           JOIN node x ON x.number = a.node JOIN node y ON y.number = b.node
           WHERE a.node != b.node AND x.papers > 0 AND y.papers > 0 ORDER BY x.id, k.relation, y.id, k.text"""
    ).fetchall()
    for source, relation, target, text in rows:
        edge = db.execute(
            "INSERT INTO edge (source, relation, target, confidence) VALUES (?, ?, ?, 1000)", (source, relation, target)
        ).lastrowid
        db.execute("INSERT INTO fact VALUES (?, ?)", (edge, text))


def drop_unnamed(db: sqlite3.Connection) -> None:
    """Drop entities that no statement reached."""
    unnamed = f"papers = 0 AND kind IN {NAMED + LINKED}"  # each by its name, so that an index finds them
    for table, column in (("entity", "node"), ("meaning", "node"), ("spelling", "entity"), ("introduced", "entity"), ("broad", "node")):
        db.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT number FROM node WHERE {unnamed})")
    db.execute(f"DELETE FROM node WHERE {unnamed}")
