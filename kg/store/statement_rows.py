"""What papers say, from columns into rows: all papers of a batch at once, since most rows of a graph are made here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count

import numpy as np

from kg.columns import Floats, Numbers, Objects, StatementColumns, to_objects
from kg.names import citation_key
from kg.names import keys as name_keys
from kg.store.rows import Batch
from kg.vocabulary import KINDS, NAMED

_NAMED = [KINDS.index(kind) for kind in NAMED]
_ARE_NAMED = np.array([kind in NAMED for kind in KINDS])
_PAPER = KINDS.index("paper")


def add_statements(batch: Batch, said: StatementColumns) -> None:
    """Add what all papers of a batch say."""
    every, surfaces = np.arange(len(said)), said.evidence.surfaces
    others = list(map(_other_names, said.names.tolist(), said.aliases.tolist(), said.surfaces.tolist()))
    place_of, other_of = np.repeat(every, said.places), np.repeat(every, list(map(len, others)))
    columns = said.names, surfaces, to_objects(list(chain.from_iterable(others)))
    texts, (name, surface, other) = _number_names(columns, (every, place_of, other_of))
    is_cited = (said.kind == _PAPER) & (said.entities == "")
    batch.citations = {number: citation_key(texts[number]) for number in name[is_cited].tolist()}
    batch.names, batch.keys = texts, name_keys(texts)
    batch.relations, relation = _number(said.relations.tolist())
    batch.statements = np.column_stack([every, said.paper, name, relation, _per_mille(said.confidences), _weigh(said)])
    batch.rules, rule = _number(said.evidence.rules.tolist())
    batch.places = _place_rows(said, place_of, surface, rule)
    batch.aliases = np.column_stack([other_of, other])
    meant = np.flatnonzero(said.entities != "").tolist()
    batch.stated = list(chain.from_iterable(zip(meant, said.entities[meant], strict=True)))


def _weigh(said: StatementColumns) -> Numbers:
    """The kind of each statement that leaves no doubt of it, by its number in `FIXED`, then for the others a weight for each of `NAMED`."""
    is_fixed = (said.entities != "") | ~_ARE_NAMED[said.kind]
    weights = np.where(is_fixed[:, None], 0, _per_mille(said.shares[:, _NAMED]))
    return np.column_stack([np.where(is_fixed, 1 + said.kind, 0), weights])


def _place_rows(said: StatementColumns, statement: Numbers, surface: Numbers, rule: Numbers) -> Numbers:
    e, nth = said.evidence, np.arange(len(statement)) - (np.cumsum(said.places) - said.places)[statement]
    columns = [statement, nth, e.fields, e.starts, e.ends, e.name_starts, e.name_ends, surface, rule, _per_mille(e.confidences)]
    return np.column_stack(columns)


def _other_names(name: str, aliases: Sequence[str], surfaces: Sequence[str]) -> Sequence[str]:
    """What else a statement's paper calls it, sorted."""
    return () if not aliases and len(surfaces) == 1 and surfaces[0] == name else sorted({*aliases, *surfaces} - {name})


def _number_names(columns: Sequence[Objects], statements: Sequence[Numbers]) -> tuple[list[str], list[Numbers]]:
    """The distinct names of some columns, whose rows belong to statements, and the number of each row's.

    They are numbered statement by statement, and in each in the order of the columns.
    """
    order = np.argsort(np.concatenate(statements), kind="stable")
    texts, met = _number(np.concatenate(columns)[order].tolist())
    numbers = np.empty_like(met)
    numbers[order] = met
    return texts, np.split(numbers, np.cumsum(list(map(len, columns)))[:-1])


def _number(texts: Sequence[str]) -> tuple[list[str], Numbers]:
    """The distinct texts in the order in which they are met, and the number of each."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    found = np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))
    return list(numbers), found


def _per_mille(probabilities: Floats) -> Numbers:
    return np.rint(1000 * probabilities).astype(np.int64)
