"""An entity's own facts as triples."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.export.rdf.terms import A, Triple, address, digest, english, integer, literal, per_mille, term
from kg.ontology import CLASSES
from kg.records import Entity
from kg.vocabulary import LINKED

_MACRO = re.compile(r"[\\{}$^]|_\{")


def describe_entity(subject: str, entity: Entity, *, with_names: bool) -> Iterator[Triple]:
    """What an entity is and what it is called; `with_names` adds how often each name is used and why it is one."""
    for name in dict.fromkeys(name for kind in entity.kinds for name in CLASSES[kind]):
        yield subject, A, term(name)
    yield subject, term("dcterms:identifier"), literal(entity.id)
    yield subject, term("skos:prefLabel"), literal(entity.name)
    others = sorted({name.surface for name in entity.names} - {entity.name})
    for surface in others:
        if not _MACRO.search(surface):
            yield subject, term("skos:altLabel"), literal(surface)
    for surface in others:
        if _MACRO.search(surface):
            yield subject, term("skos:hiddenLabel"), literal(surface)
    if entity.note:
        yield subject, term("skos:note"), english(entity.note)
    yield subject, term("v:kinds"), literal(" ".join(entity.kinds))
    yield subject, term("v:papers"), integer(entity.papers)
    yield subject, term("v:confidence"), per_mille(round(1000 * entity.confidence))
    target = address(entity.url) if entity.kinds[0] in LINKED else None
    if target:
        yield subject, term("doap:location" if entity.kinds[0] == "repository" else "schema:url"), target
    if with_names:
        yield from _explain_names(subject, entity)


def _explain_names(subject: str, entity: Entity) -> Iterator[Triple]:
    for name in sorted(entity.names, key=lambda n: n.surface):
        label = f"{subject[:-1]}/name/{digest(name.surface)}>"
        relation = "prefLabel" if name.surface == entity.name else "hiddenLabel" if _MACRO.search(name.surface) else "altLabel"
        yield subject, term(f"skosxl:{relation}"), label
        yield label, A, term("skosxl:Label")
        yield label, term("skosxl:literalForm"), literal(name.surface)
        yield label, term("v:papers"), integer(name.papers)
        yield label, term("v:reason"), english(name.reason)
