"""Papers as JSON lines: what each is linked to, by which relations, in which words; the format of labelled files, plus evidence."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kg.export.files import writing
from kg.graph import Graph
from kg.records import Evidence
from kg.store.reading import read_evidence
from kg.vocabulary import ROLES, TO_NAMED


def write_papers(graph: Graph, output: str | os.PathLike[str], *, min_confidence: float = 0.0) -> int:
    """Write a line for each paper, sorted by id; returns how many."""
    count = 0
    with writing(output) as stream:
        for record in paper_records(graph, min_confidence=min_confidence):
            stream.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            count += 1
    return count


def paper_records(graph: Graph, *, min_confidence: float = 0.0) -> Iterator[dict[str, Any]]:
    """Each paper as a mapping: `id`, `title`, `sources`, `entities` and `links`."""
    least = round(1000 * min_confidence)
    sources: dict[int, list[str]] = defaultdict(list)
    for paper, name, line in graph.db.execute(
        "SELECT paper, s.name, line FROM entry e JOIN source s ON s.id = e.source ORDER BY s.name, line"
    ):
        sources[paper].append(f"{name}:{line}")
    for number, identity, title in graph.db.execute("SELECT number, id, label FROM node WHERE kind = 'paper' ORDER BY id"):
        entities, links = _linked(graph, number, least)
        yield {"id": identity, "title": title, "sources": sources[number], "entities": entities, "links": links}


def _linked(graph: Graph, paper: int, least: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    entities: dict[str, dict[str, Any]] = {}
    links: dict[str, dict[str, Any]] = {}
    rows = graph.db.execute(
        """SELECT e.id, e.relation, n.id, n.label, x.kinds, x.url, e.confidence FROM edge e JOIN node n ON n.number = e.target
           JOIN entity x ON x.node = n.number WHERE e.source = ? AND e.confidence >= ? ORDER BY n.id, e.confidence DESC, e.relation""",
        (paper, least),
    ).fetchall()
    for edge, relation, identity, label, kinds, url, confidence in rows:
        evidence = read_evidence(graph.db, edge)
        if relation in ROLES:
            link = links.setdefault(identity, {"url": url, "role": [], "id": identity, "evidence": []})
            link["role"].append(ROLES[relation])
            link["evidence"] += [_evidence(ROLES[relation], confidence, e) for e in evidence]
        elif relation in TO_NAMED:
            entity = entities.setdefault(
                identity, {"name": label, "kind": kinds.split(), "relation": [], "surfaces": [], "id": identity, "evidence": []}
            )
            entity["relation"].append(relation)
            entity["surfaces"] = sorted({*entity["surfaces"], *(e.quote[e.name_start - e.start : e.name_end - e.start] for e in evidence)})
            entity["evidence"] += [_evidence(relation, confidence, e) for e in evidence]
    return list(entities.values()), list(links.values())


def _evidence(relation: str, confidence: int, e: Evidence) -> dict[str, Any]:
    return {
        "relation": relation, "field": e.field, "start": e.start, "end": e.end, "quote": e.quote, "name_start": e.name_start, "name_end": e.name_end,
        "rule": e.rule, "confidence": confidence / 1000,
    }  # fmt: skip
