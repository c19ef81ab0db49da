"""Where a graph comes from: the run that made it, the extractor, and the files that were read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from kg.export.rdf.terms import A, Triple, digest, english, integer, literal, node, term


def run_node(db: sqlite3.Connection, base: str) -> str:
    """The IRI of the run, made from what was read and how."""
    sources = [row for (row,) in db.execute("SELECT digest FROM source ORDER BY digest")]
    return node(base, f"run/{digest(*_meta(db).items(), *sources)}")


def _meta(db: sqlite3.Connection) -> dict[str, str]:
    """What was given to the run; how many papers came of it is no part of that."""
    return dict(db.execute("SELECT name, value FROM meta WHERE name != 'papers' ORDER BY name"))


def describe_run(db: sqlite3.Connection, base: str) -> Iterator[Triple]:
    """The run, the extractor and the sources."""
    run, meta = run_node(db, base), _meta(db)
    extractor = node(base, f"extractor/{meta['kg_version']}")
    sources = db.execute("SELECT digest, name, format, entries FROM source ORDER BY digest").fetchall()
    yield run, A, term("prov:Activity")
    yield run, A, term("v:Run")
    yield run, term("prov:wasAssociatedWith"), extractor
    for name in ("lexicon", "corrections"):
        yield run, term(f"v:{name}"), integer(len(json.loads(meta.get(name, "[]"))))
    yield run, term("v:learned"), literal("true" if meta["learned"] == "1" else "false", f"^^{term('xsd:boolean')}")
    for source, _, _, _ in sources:
        yield run, term("prov:used"), node(base, f"source/{source}")
    yield extractor, A, term("prov:SoftwareAgent")
    yield extractor, A, term("schema:SoftwareApplication")
    yield extractor, term("schema:name"), literal("paper-kg")
    yield extractor, term("schema:softwareVersion"), literal(meta["kg_version"])
    for source, name, form, entries in sources:
        own = node(base, f"source/{source}")
        yield own, A, term("prov:Entity")
        yield own, A, term("v:Source")
        yield own, term("rdfs:label"), literal(name)
        yield own, term("v:digest"), literal(source)
        yield own, term("v:format"), literal(form)
        yield own, term("v:entries"), integer(entries)
    if db.execute("SELECT 1 FROM fact LIMIT 1").fetchone():
        lexicon = node(base, "lexicon")
        yield lexicon, A, term("prov:Entity")
        yield lexicon, term("rdfs:label"), english("The lexicon: names and facts that came with the extractor or that its user added")
