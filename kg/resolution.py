"""Resolution: what papers say becomes entities and edges. Joins the decisions of `kg.resolve` to the tables of `kg.store`.

The whole graph, or only what an addition touched: the two give the same, since every decision about a name depends on what papers say of
that name, of the acronyms that stand for it and of the names that share its entity, and on nothing else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from kg.deciding import Row, decide_rows, decide_with
from kg.lexicon import Lexicon
from kg.names import key as name_key
from kg.resolve.corrections import Corrections
from kg.resolve.entities import Refusal, choose_acronyms, follow_acronyms, is_known_acronym, known_roots, prefer_senses
from kg.store import linking, naming, stated, words
from kg.store.beside import Beside, Made
from kg.store.naming import Span
from kg.workers import Workers

_REFUSAL = len(Refusal._fields)
_HELD = 20_000  # refusals in memory while everything is resolved


def resolve_again(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, span: Span, beside: Beside) -> None:
    """Turn statements into entities and edges, in a graph that was resolved before."""
    if span.is_whole:
        naming.clear(db)
        start_counting(beside).take(["usage"])
    else:
        naming.count_usage(db, span)
        naming.touch_names(db, span)
    refused = resolve_roots(db, lexicon, corrections, span)
    decide_names(db, lexicon, corrections, span, beside.workers, refused)
    join_names(db, lexicon, span, beside)


def start_counting(beside: Beside) -> Made:
    """Sum up how papers use each name, for a whole graph, beside other work."""
    return beside.start(naming.count_all_usage)


def join_names(db: sqlite3.Connection, lexicon: Lexicon, span: Span, beside: Beside) -> None:
    """Make entities and edges of what was decided."""
    _write_meanings(db, span)
    naming.tie_statements(db, span)
    linking.write_addresses(db, span)
    if not span.is_whole:
        words.note_names(db, "SELECT number FROM addressed")
    linking.tie_addresses(db, span)
    linking.tie_citations(db, span)
    stated.write_stated(db)
    spellings = beside.start(linking.write_all_spellings) if span.is_whole else None
    if not span.is_whole:
        linking.note_touched(db, span)
    linking.note_builders(db, span)
    linking.write_edges(db, span)
    linking.note_builders(db, span)
    linking.write_introducers(db, span, sorted(name_key(entry.name) for entry in lexicon.broad()))
    linking.write_builds_on(db, span)
    linking.write_facts(db, _facts(lexicon))
    stated.write_stated_facts(db)
    if spellings is None:
        linking.write_spellings(db, span)
    else:
        spellings.take(["spelling"])
    stated.write_stated_names(db)
    linking.drop_unnamed(db)


def decide_names(
    db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, span: Span, workers: Workers, refused: Iterable[Refusal]
) -> None:
    """Decide what names mean; what `resolve_roots` refused is noted too."""
    is_growing = True
    while is_growing:
        held = _Refusals(db, _HELD if span.is_whole else None)
        naming.write_decisions(db, held.part(_decide(db, lexicon, corrections, span, workers)))
        is_growing = not span.is_whole and naming.touch_sharers(db)
    naming.write_refusals(db, span, refused)
    held.write()


def _write_meanings(db: sqlite3.Connection, span: Span) -> None:
    if span.is_whole:
        naming.write_meanings(db)
    else:
        words.note_names(db, "SELECT node FROM meaning WHERE root IN (SELECT root FROM touched) UNION SELECT node FROM gone_node")
        naming.change_meanings(db)


def resolve_roots(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, span: Span) -> list[Refusal]:
    """Decide which names are read as others; returns the refusals."""
    keys = None if span.is_whole else naming.touched_keys(db)
    acronyms = naming.read_acronyms(db)
    for key in keys or ():
        acronyms.pop(key, None)
    refused: list[Refusal] = []
    chosen = []
    unknown = None if keys is None else [key for key in keys if not is_known_acronym(key, lexicon)]  # which very many papers may define
    for item in choose_acronyms(naming.alias_counts(db, unknown), lexicon, corrections):
        if isinstance(item, Refusal):
            refused.append(item)
        else:
            chosen.append(item)
            acronyms[item[0]] = item[1:]
    naming.write_acronyms(db, keys or (), chosen)
    roots = known_roots(lexicon.aliases(), corrections)
    roots.update(follow_acronyms(acronyms, corrections))
    write_roots = naming.write_roots if span.is_whole else naming.change_roots
    write_roots(db, ((key, *found) for key, found in sorted(roots.items())))
    return refused


def _decide(db: sqlite3.Connection, lexicon: Lexicon, corrections: Corrections, span: Span, workers: Workers) -> Iterator[Row]:
    preferred = prefer_senses(naming.alias_counts(db, lexicon.several()), lexicon)
    uses = naming.uses(db, span)
    return decide_with(workers, uses, corrections, preferred) if workers.has_started else decide_rows(uses, lexicon, corrections, preferred)


class _Refusals:
    """Parts decisions from refusals; holds at most so many refusals in memory."""

    def __init__(self, db: sqlite3.Connection, most: int | None) -> None:
        self._db, self._most = db, most
        self._held: dict[Row, None] = {}

    def part(self, decided: Iterable[Row]) -> Iterator[Row]:
        """Rows of decisions."""
        for row in decided:
            if len(row) == _REFUSAL:
                self._held[row] = None
            else:
                if self._most is not None and len(self._held) > self._most:
                    self.write()
                yield row

    def write(self) -> None:
        """Write what is held."""
        self._db.executemany("INSERT INTO refusal VALUES (?, ?, ?, ?)", list(self._held))
        self._held.clear()


def _facts(lexicon: Lexicon) -> Iterator[tuple[str, str, str, str]]:
    for entry in lexicon.linked():
        for relation, other in entry.links:
            yield name_key(entry.name), relation, name_key(other), f"{entry.name} is a {relation.replace('_', ' ')} {other}"
