"""Turn the decisions of resolution into nodes and edges, set by set in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

_GROUP = """CASE max(dataset + benchmark, technique, model, task)
    WHEN dataset + benchmark THEN 'resource' WHEN model THEN 'model' WHEN technique THEN 'technique' ELSE 'task' END"""
_TOTAL = "(dataset + benchmark + technique + model + task)"


def clear_resolution(db: sqlite3.Connection) -> None:
    """Forget all that resolution decided; what papers say stays."""
    db.execute("UPDATE statement SET entity = NULL WHERE entity IS NOT NULL")
    for table in ("entity", "spelling", "refusal", "edge", "support", "fact"):
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM node WHERE kind != 'paper'")


def alias_counts(db: sqlite3.Connection) -> Iterator[tuple[str, str, int]]:
    """Rows (short key, long key, papers): so many papers say that the two names are one."""
    return iter(db.execute(
        """SELECT short.key, long.key, count(DISTINCT s.paper) FROM alias a JOIN statement s ON s.id = a.statement
           JOIN name short ON short.id = a.name JOIN name long ON long.id = s.name
           WHERE s.fixed IS NULL AND short.key != long.key GROUP BY 1, 2 ORDER BY 1, 2"""
    ))  # fmt: skip


def named_keys(db: sqlite3.Connection) -> Iterator[str]:
    """The distinct keys of names that statements use, sorted."""
    rows = db.execute("SELECT DISTINCT n.key FROM statement s JOIN name n ON n.id = s.name WHERE s.fixed IS NULL ORDER BY 1")
    return (key for (key,) in rows)


def write_roots(db: sqlite3.Connection, roots: Iterable[tuple[str, str, str]]) -> None:
    """Note (key, root, reason) for every key that is read as another."""
    db.execute("CREATE TEMP TABLE root (key TEXT PRIMARY KEY, root TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID")
    db.executemany("INSERT INTO root VALUES (?, ?, ?)", roots)
    db.execute("CREATE TEMP TABLE named (id INTEGER PRIMARY KEY, root TEXT NOT NULL)")
    db.execute("INSERT INTO named SELECT n.id, coalesce(r.root, n.key) FROM name n LEFT JOIN root r ON r.key = n.key")


def uses(db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Rows for `kg.resolve.entities.Use`, sorted by root, the five weights in the order of `vocabulary.NAMED`."""
    return iter(db.execute(
        f"""SELECT d.root, n.text, {_GROUP} AS favoured, count(DISTINCT s.paper), count(*), sum(dataset), sum(benchmark), sum(technique),
               sum(model), sum(task), max({_TOTAL}), max(CASE relation WHEN 'introduces' THEN {_TOTAL} * s.confidence / 1000 ELSE 0 END)
           FROM statement s JOIN named d ON d.id = s.name JOIN name n ON n.id = s.name WHERE s.fixed IS NULL
           GROUP BY d.root, n.text, favoured ORDER BY d.root, n.text, favoured"""
    ))  # fmt: skip


def write_decisions(db: sqlite3.Connection, decisions: Iterable[tuple[str, str, str, str, str, str, int]]) -> None:
    """Make the entities of (root, group, id, name, kinds, note, prior) and tie to them every statement that is sure enough."""
    db.execute(
        "CREATE TEMP TABLE decision (root TEXT, favoured TEXT, id TEXT, label TEXT, kinds TEXT, note TEXT, prior INTEGER, PRIMARY KEY (root, favoured)) WITHOUT ROWID"
    )
    db.executemany("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)", decisions)
    _add_nodes(db, "SELECT id, substr(id, 1, instr(id, '/') - 1), min(label) FROM decision GROUP BY id")
    db.execute(
        "INSERT INTO entity SELECT n.number, max(d.kinds), max(d.prior), max(d.note), '' FROM decision d JOIN new_node n ON n.id = d.id GROUP BY n.number"
    )
    db.execute(
        "CREATE TEMP TABLE target (root TEXT, favoured TEXT, node INTEGER, prior INTEGER, PRIMARY KEY (root, favoured)) WITHOUT ROWID"
    )
    db.execute("INSERT INTO target SELECT root, favoured, n.number, prior FROM decision d JOIN new_node n ON n.id = d.id")
    db.execute(
        f"""UPDATE statement SET entity = t.node FROM named d, target t
            WHERE statement.fixed IS NULL AND d.id = statement.name AND t.root = d.root AND t.favoured IN ('', {_GROUP})
            AND ({_TOTAL} + t.prior) / 2 >= 500"""
    )  # fmt: skip


_ADDRESS = "s.fixed || '/' || CASE WHEN instr(n.text, '://') THEN substr(n.text, instr(n.text, '://') + 3) ELSE n.text END"


def write_linked(db: sqlite3.Connection) -> None:
    """Make a node of every address that papers give; with and without a secure scheme it is one."""
    named = "FROM statement s JOIN name n ON n.id = s.name WHERE s.fixed IN ('repository', 'page')"
    _add_nodes(db, f"SELECT {_ADDRESS}, s.fixed, max(n.text) {named} GROUP BY 1")
    db.execute("INSERT INTO entity SELECT number, kind, 1000, '', label FROM new_node")
    db.execute(f"""UPDATE statement SET entity = w.number FROM (SELECT DISTINCT s.name, s.fixed, {_ADDRESS} AS id {named}) a, new_node w
        WHERE statement.fixed = a.fixed AND statement.name = a.name AND w.id = a.id""")


def _add_nodes(db: sqlite3.Connection, query: str) -> None:
    """Number the nodes that a query gives as (id, kind, label), in the order of their ids, in `new_node` and `node`."""
    db.execute("DROP TABLE IF EXISTS temp.new_node")
    db.execute("CREATE TEMP TABLE new_node (number INTEGER PRIMARY KEY, id TEXT, kind TEXT, label TEXT)")
    first = db.execute("SELECT coalesce(max(number), 0) FROM node").fetchone()[0]
    db.execute(
        f"""WITH found (id, kind, label) AS ({query})
            INSERT INTO new_node SELECT {first} + row_number() OVER (ORDER BY id), id, kind, label FROM found"""
    )
    db.execute("CREATE INDEX temp.new_node_id ON new_node (id)")
    db.execute("CREATE INDEX temp.new_node_label ON new_node (label)")
    db.execute("INSERT INTO node SELECT number, id, kind, label, 0 FROM new_node")


def write_cited(db: sqlite3.Connection) -> None:
    """Tie every citation to the one paper of the graph that it can mean."""
    db.execute("CREATE TEMP TABLE cited (name INTEGER PRIMARY KEY, paper INTEGER NOT NULL)")
    db.execute(
        """INSERT INTO cited SELECT c.name, min(i.paper) FROM citation c JOIN identity i ON i.key = c.key
           GROUP BY c.name HAVING count(DISTINCT i.paper) = 1"""
    )
    db.execute(
        """UPDATE statement SET entity = c.paper FROM cited c
           WHERE statement.fixed = 'paper' AND c.name = statement.name AND c.paper != statement.paper"""
    )


def write_edges(db: sqlite3.Connection) -> None:
    """Join papers to what they name: one edge for each relation, as sure as its surest statement."""
    db.execute(
        f"""INSERT INTO edge (source, relation, target, confidence)
            SELECT paper, relation, s.entity, max(CASE WHEN fixed IS NULL
                THEN (({_TOTAL} + e.confidence) / 2) * s.confidence / 1000 ELSE s.confidence END) AS sure
            FROM statement s LEFT JOIN entity e ON e.node = s.entity WHERE s.entity IS NOT NULL GROUP BY paper, relation, s.entity
            ORDER BY paper, relation, s.entity"""
    )
    db.execute(
        "CREATE TEMP TABLE joined (source INTEGER, relation TEXT, target INTEGER, edge INTEGER, PRIMARY KEY (source, relation, target)) WITHOUT ROWID"
    )
    db.execute("INSERT INTO joined SELECT source, relation, target, id FROM edge")
    db.execute(
        "UPDATE node SET papers = c.papers FROM (SELECT target, count(DISTINCT source) AS papers FROM edge GROUP BY target) c WHERE c.target = number AND kind != 'paper'"
    )


def write_spellings(db: sqlite3.Connection) -> None:
    """Count how many papers use each spelling of an entity, and say why it is one of its names."""
    db.execute(
        """INSERT INTO spelling SELECT used.entity, used.name, count(DISTINCT used.paper),
               coalesce(min(r.reason), CASE WHEN min(n.key) = min(own.key) THEN 'the same but for case, hyphens, plural' ELSE 'said to be the same by the paper' END)
           FROM (SELECT s.entity, s.paper, s.name AS stated, p.surface AS name FROM statement s JOIN place p ON p.statement = s.id
                    WHERE s.entity IS NOT NULL AND s.fixed IS NULL
                 UNION ALL SELECT s.entity, s.paper, s.name, a.name FROM statement s JOIN alias a ON a.statement = s.id
                    WHERE s.entity IS NOT NULL AND s.fixed IS NULL) used
           JOIN name n ON n.id = used.name JOIN name own ON own.id = used.stated LEFT JOIN root r ON r.key = n.key
           GROUP BY used.entity, used.name"""
    )


# how far naming what another paper introduced is building on that paper
_BUILDING = {"uses": 1.0, "trains_on": 0.95, "evaluates_on": 0.85, "compares_to": 0.7, "addresses": 0.5, "mentions": 0.5}
_INTRODUCERS = 1


def write_builds_on(db: sqlite3.Connection) -> None:
    """Join each paper to the papers that introduced what it names, where exactly one paper is known to have introduced it."""
    share = "CASE use.relation " + " ".join(f"WHEN '{name}' THEN {value}" for name, value in _BUILDING.items()) + " END"
    db.execute(
        f"""CREATE TEMP TABLE introduced AS SELECT target AS entity, min(source) AS paper, max(confidence) AS confidence
            FROM edge WHERE relation = 'introduces' AND confidence >= 500 GROUP BY target HAVING count(*) <= {_INTRODUCERS}"""
    )
    db.execute("CREATE INDEX temp.introduced_entity ON introduced (entity)")
    db.execute(
        f"""CREATE TEMP TABLE building AS SELECT use.source AS source, i.paper AS target, use.id AS edge,
                CAST({share} * use.confidence * i.confidence / 1000 AS INTEGER) AS confidence
            FROM introduced i JOIN edge use ON use.target = i.entity AND use.relation IN ({", ".join(f"'{name}'" for name in _BUILDING)})
            JOIN paper later ON later.node = use.source JOIN paper earlier ON earlier.node = i.paper
            WHERE use.source != i.paper AND (later.year IS NULL OR earlier.year IS NULL OR later.year >= earlier.year)"""
    )
    db.execute(
        """INSERT INTO edge (source, relation, target, confidence)
           SELECT source, 'builds_on', target, max(confidence) FROM building GROUP BY source, target ORDER BY source, target"""
    )
    db.execute("INSERT INTO joined SELECT source, relation, target, id FROM edge WHERE relation = 'builds_on'")
    db.execute(
        """INSERT OR IGNORE INTO support SELECT j.edge, s.id FROM building b JOIN edge_statement u ON u.edge = b.edge JOIN statement s ON s.id = u.statement
           JOIN joined j ON j.source = b.source AND j.relation = 'builds_on' AND j.target = b.target"""
    )


def write_facts(db: sqlite3.Connection, facts: Iterable[tuple[str, str, str, str]]) -> None:
    """Join entities as the lexicon says: (key, relation, other key, what it says), where papers name both."""
    db.execute("CREATE TEMP TABLE known (root TEXT, relation TEXT, other TEXT, text TEXT)")
    db.executemany("INSERT INTO known VALUES (?, ?, ?, ?)", facts)
    rows = db.execute(
        """SELECT DISTINCT a.node, k.relation, b.node, k.text FROM known k JOIN target a ON a.root = k.root JOIN target b ON b.root = k.other
           JOIN node x ON x.number = a.node JOIN node y ON y.number = b.node
           WHERE a.node != b.node AND x.papers > 0 AND y.papers > 0 ORDER BY 1, 2, 3, 4"""
    ).fetchall()
    for source, relation, target, text in rows:
        edge = db.execute(
            "INSERT INTO edge (source, relation, target, confidence) VALUES (?, ?, ?, 1000)", (source, relation, target)
        ).lastrowid
        db.execute("INSERT INTO fact VALUES (?, ?)", (edge, text))


def write_refusals(db: sqlite3.Connection, rows: Iterable[tuple[str, str, int, str]]) -> None:
    """Note what was left out or kept apart: (key, other, papers, reason)."""
    db.executemany("INSERT INTO refusal VALUES (?, ?, ?, ?)", sorted(set(rows)))


def finish(db: sqlite3.Connection) -> None:
    """Drop entities that no statement reached, and the tables that only resolution needs."""
    db.execute("DELETE FROM entity WHERE node IN (SELECT number FROM node WHERE kind != 'paper' AND papers = 0)")
    db.execute("DELETE FROM node WHERE kind != 'paper' AND papers = 0")
    for table in ("root", "named", "decision", "target", "new_node", "cited", "joined", "introduced", "building", "known"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")


def write_words(db: sqlite3.Connection) -> None:
    """Make the words of all papers and the names of all entities searchable."""
    for table in ("paper_words", "entity_words"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    db.execute("INSERT INTO paper_words (rowid, title, abstract) SELECT node, title, abstract FROM paper ORDER BY node")
    db.execute(
        """INSERT INTO entity_words (rowid, names) SELECT e.node, n.label || coalesce((SELECT ' ' || group_concat(m.text, ' ')
               FROM spelling s JOIN name m ON m.id = s.name WHERE s.entity = e.node), '')
           FROM entity e JOIN node n ON n.number = e.node ORDER BY e.node"""
    )
