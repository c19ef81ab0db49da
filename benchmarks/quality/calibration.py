"""How far the confidence of an edge is the share of edges that are right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.score import score_papers

Record = Mapping[str, Any]
BINS = 10


def judge_edges(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> Iterable[tuple[float, bool]]:
    """For each edge of the labelled papers its confidence, and whether kind and relation are both right; optional labels are left out."""
    for title, paper in gold.items():
        for entity in predicted.get(title, {}).get("entities", []):
            for relation in entity["relation"]:
                alone = {**entity, "relation": [relation]}
                scores = score_papers({title: {**paper, "links": []}}, {title: {"title": paper["title"], "entities": [alone], "links": []}})
                counted = scores.found["all"].tp + scores.found["all"].fp
                if counted:
                    confidence = max(e["confidence"] for e in entity["evidence"] if e["relation"] == relation)
                    yield confidence, scores.found["edge"].tp > 0


def reliability(edges: Iterable[tuple[float, bool]]) -> tuple[list[tuple[float, float, int]], float]:
    """Rows (mean confidence, share right, edges) by tenths of confidence, and the expected calibration error."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, is_right in edges:
        held[min(BINS - 1, int(confidence * BINS))].append((confidence, is_right))
    rows = [(sum(c for c, _ in edges) / len(edges), sum(r for _, r in edges) / len(edges), len(edges)) for edges in held if edges]
    total = sum(count for _, _, count in rows)
    return rows, sum(count * abs(mean - share) for mean, share, count in rows) / total if total else 0.0
