"""Resolution over a whole graph: what papers say becomes entities and edges. Joins the decisions of `kg.resolve` to the tables of `kg.store`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.lexicon import Lexicon
from kg.names import key as name_key
from kg.resolve.corrections import Corrections
from kg.resolve.entities import Decision, Refusal, Use, choose_roots, decide, known_root, prefer_senses
from kg.store import resolving, stated


def resolve(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections) -> None:
    """Turn all statements of a graph into entities and edges, forgetting what was decided before."""
    resolving.clear_resolution(db)
    aliases = list(resolving.alias_counts(db))
    roots, refusals = choose_roots(aliases, lexicon, corrections)
    resolving.write_roots(db, _all_roots(db, roots, lexicon, corrections))
    decided = decide((_use(row) for row in resolving.uses(db)), lexicon, corrections, prefer_senses(aliases, lexicon))
    resolving.write_decisions(db, _decision_rows(decided, refusals))
    resolving.write_refusals(db, ((r.key, r.other, r.papers, r.reason) for r in refusals))
    resolving.write_linked(db)
    resolving.write_cited(db)
    stated.write_stated(db)
    resolving.write_edges(db)
    resolving.write_spellings(db)
    stated.write_stated_names(db)
    resolving.write_builds_on(db)
    resolving.write_facts(db, _facts(lexicon))
    stated.write_stated_facts(db)
    resolving.finish(db)


def _all_roots(
    db: sqlite3.Connection, roots: Mapping[str, tuple[str, str]], lexicon: Lexicon, corrections: Corrections
) -> Iterator[tuple[str, str, str]]:
    for key in resolving.named_keys(db):
        found = roots.get(key) or known_root(key, lexicon, corrections)
        if found:
            yield key, *found


def _use(row: tuple[Any, ...]) -> Use:
    root, text, group, papers, statements, *weights, best, introduced = row
    return Use(root, text, group, papers, statements, tuple(weights), best, introduced)


def _decision_rows(decided: Iterable[Decision | Refusal], refusals: list[Refusal]) -> Iterator[tuple[Any, ...]]:
    """The decisions as rows; refusals are put into the list."""
    for item in decided:
        if isinstance(item, Refusal):
            refusals.append(item)
        else:
            yield item.root, item.group, item.id, item.name, " ".join(item.kinds), item.note, item.prior


def _facts(lexicon: Lexicon) -> Iterator[tuple[str, str, str, str]]:
    for entry in lexicon.entries:
        for relation, other in entry.links:
            yield name_key(entry.name), relation, name_key(other), f"{entry.name} is a {relation.replace('_', ' ')} {other}"
