"""The description of a dump in the Vocabulary of Interlinked Datasets: what is in it, counted while it was written."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg.export.rdf.options import RdfOptions
from kg.export.rdf.provenance import run_node
from kg.export.rdf.terms import A, Triple, digest, english, integer, literal, node, term
from kg.ontology import NAMESPACES, VOCABULARY


class Counts:
    """Counts triples as they pass: all, by property and by class, and the subjects."""

    def __init__(self) -> None:
        self.triples = 0
        self.subjects = 0
        self.properties = Counter[str]()
        self.classes = Counter[str]()

    def counted(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """The same triples; a subject counts anew when another one came between, which an export never does."""
        held = ""
        for triple in triples:
            self.triples += 1
            self.properties[triple[1]] += 1
            if triple[1] == A:
                self.classes[triple[2]] += 1
            if triple[0] != held:
                held, self.subjects = triple[0], self.subjects + 1
            yield triple


def describe_dump(db: sqlite3.Connection, options: RdfOptions, counts: Counts, files: Sequence[str]) -> Iterator[Triple]:
    """The dataset with its counts, vocabularies, examples and files."""
    own = node(options.base, "dataset")
    yield own, A, term("void:Dataset")
    yield own, term("dcterms:title"), english("A graph of papers and of the datasets, benchmarks, techniques, models, tasks and code that they share")
    yield own, term("void:triples"), integer(counts.triples)
    yield own, term("void:distinctSubjects"), integer(counts.subjects)
    yield own, term("void:properties"), integer(sum(name != A for name in counts.properties))
    yield own, term("void:classes"), integer(len(counts.classes))
    papers, entities = (int(db.execute(f"SELECT count(*) FROM node WHERE kind {sign} 'paper'").fetchone()[0]) for sign in ("=", "!="))
    yield own, term("void:entities"), integer(papers + entities)
    yield own, term("void:uriSpace"), literal(options.base)
    yield own, term("void:feature"), "<http://www.w3.org/ns/formats/N-Triples>"
    yield own, term("prov:wasGeneratedBy"), run_node(db, options.base)
    for iri in sorted({VOCABULARY} | {space for space in NAMESPACES.values() if any(name.startswith(f"<{space}") for name in (*counts.properties, *counts.classes))}):
        yield own, term("void:vocabulary"), f"<{iri}>"
    for (identity,) in db.execute("SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY kind ORDER BY papers DESC, id) AS place FROM node) WHERE place = 1 ORDER BY id"):
        yield own, term("void:exampleResource"), node(options.base, identity)
    for name in files:
        yield own, term("void:dataDump"), node(options.base, name)
    yield from _partition(options.base, own, "propertyPartition", "property", "triples", counts.properties)
    yield from _partition(options.base, own, "classPartition", "class", "entities", counts.classes)


def _partition(base: str, own: str, partition: str, by: str, unit: str, counted: Counter[str]) -> Iterator[Triple]:
    parts = {name: node(base, f"dataset/{by}/{digest(name)}") for name in sorted(counted)}
    for part in parts.values():
        yield own, term(f"void:{partition}"), part
    for name, part in parts.items():
        yield part, term(f"void:{by}"), name
        yield part, term(f"void:{unit}"), integer(counted[name])
