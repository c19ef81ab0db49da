"""Statements of many papers as columns, so that finding them and writing them down is done for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.fields import field_name, field_number, read_field
from kg.records import Evidence, Paper, Statement
from kg.vocabulary import KINDS, NAMED, RESOURCES

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]
_NUMBER = {kind: number for number, kind in enumerate(KINDS)}
_GROUP = np.array([_NUMBER[RESOURCES[0] if kind in RESOURCES else kind] for kind in KINDS])
_BY_NAME = np.array([sorted(KINDS).index(kind) for kind in KINDS])


def to_objects(values: Sequence[Any]) -> Objects:
    """Values as an array of objects.

    >>> to_objects([(1, 2), (3, 4)]).shape
    (2,)
    """
    return np.fromiter(values, np.object_, len(values))


def rows_of(begins: Numbers, groups: Numbers) -> Numbers:
    """The rows of some groups, one group after the other; group g has rows `begins[g]:begins[g + 1]`.

    >>> rows_of(np.array([0, 1, 3, 6]), np.array([2, 0])).tolist()
    [3, 4, 5, 0]
    """
    counts = np.diff(begins)[groups]
    edges = np.cumsum(counts)
    rows: Numbers = np.repeat(begins[groups] - edges + counts, counts) + np.arange(counts.sum())
    return rows


@dataclass(frozen=True, slots=True)
class EvidenceColumns:
    """The fields of `Evidence`; a field is its number (`kg.fields`), and of the quote, which the paper has, there is only the name's surface."""

    fields: Numbers
    starts: Numbers
    ends: Numbers
    name_starts: Numbers
    name_ends: Numbers
    surfaces: Objects
    rules: Objects
    confidences: Floats

    @classmethod
    def of(cls, evidence: Sequence[Evidence]) -> EvidenceColumns:
        """The columns of some records."""
        numbers = np.array([(field_number(e.field), e.start, e.end, e.name_start, e.name_end) for e in evidence], np.int64)
        field, start, end, name_start, name_end = numbers.reshape(-1, 5).T
        return cls(
            field, start, end, name_start, name_end,
            to_objects([e.quote[e.name_start - e.start : e.name_end - e.start] for e in evidence]),
            to_objects([e.rule for e in evidence]), np.array([e.confidence for e in evidence], np.float64),
        )  # fmt: skip

    def records(self, papers: Iterable[Paper]) -> list[Evidence]:
        """The records, of which each stands in the paper given for it."""
        names = list(map(field_name, self.fields.tolist()))
        starts, ends = self.starts.tolist(), self.ends.tolist()
        quotes = [read_field(paper, name)[start:end] for paper, name, start, end in zip(papers, names, starts, ends, strict=True)]
        rest = (column.tolist() for column in (self.name_starts, self.name_ends, self.rules, self.confidences))
        return list(map(Evidence, names, starts, ends, quotes, *rest))


@dataclass(frozen=True, slots=True)
class StatementColumns:
    """The fields of `Statement`, one row a statement; `evidence` has `places` rows of each, one statement after the other.

    `paper` is the number of the paper, `kind` that of the first kind in `KINDS`, of which `shares` has a column for each.
    """

    paper: Numbers
    names: Objects
    kind: Numbers
    shares: Floats
    relations: Objects
    confidences: Floats
    surfaces: Objects
    aliases: Objects
    entities: Objects
    places: Numbers
    evidence: EvidenceColumns

    def __len__(self) -> int:
        """How many statements there are."""
        return len(self.paper)

    @classmethod
    def of(cls, stated: Sequence[Iterable[Statement]]) -> StatementColumns:
        """The columns of what each of some papers states."""
        paper = [number for number, own in enumerate(stated) for _ in own]
        every = [statement for own in stated for statement in own]
        shares = np.zeros((len(every), len(KINDS)))
        for row, statement in zip(shares, every, strict=True):
            for kind, share in statement.kinds:
                row[_NUMBER[kind]] = share
        return cls(
            np.array(paper, np.int64), to_objects([s.name for s in every]), np.array([_main_kind(s) for s in every], np.int64), shares,
            to_objects([s.relation for s in every]), np.array([s.confidence for s in every], np.float64),
            to_objects([s.surfaces for s in every]), to_objects([s.aliases for s in every]), to_objects([s.entity for s in every]),
            np.array([len(s.evidence) for s in every], np.int64), EvidenceColumns.of([e for s in every for e in s.evidence]),
        )  # fmt: skip

    @classmethod
    def join(cls, several: Sequence[StatementColumns]) -> StatementColumns:
        """All statements of several."""
        if len(several) == 1:
            return several[0]
        evidence = [columns.evidence for columns in several]
        return cls(**_join(_OWN, several), evidence=EvidenceColumns(**_join(_EVIDENCE, evidence)))

    def renumber(self, papers: Sequence[int]) -> StatementColumns:
        """The same, with another number for each paper."""
        return replace(self, paper=np.array(papers, np.int64)[self.paper])

    def by_paper(self) -> StatementColumns:
        """Paper by paper, those of each in the order in which they are."""
        return self.take(np.argsort(self.paper, kind="stable"))

    def take(self, rows: Numbers) -> StatementColumns:
        """Some statements, in this order."""
        places = rows_of(np.append(0, np.cumsum(self.places)), rows)
        return StatementColumns(**_take(_OWN, self, rows), evidence=EvidenceColumns(**_take(_EVIDENCE, self.evidence, places)))

    def sort(self) -> StatementColumns:
        """Paper by paper, in the order in which their statements are given."""
        keys = list(zip(*(column.tolist() for column in (self.paper, self.names, self.relations, self.surfaces)), strict=True))
        return self.take(np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64))

    def records(self, papers: Sequence[Paper]) -> list[tuple[Statement, ...]]:
        """What each of the papers states."""
        owner = list(map(papers.__getitem__, self.paper.tolist()))
        evidence = self.evidence.records(map(papers.__getitem__, np.repeat(self.paper, self.places).tolist()))
        edges = np.append(0, np.cumsum(self.places)).tolist()
        rest = (column.tolist() for column in (self.relations, self.confidences, self.surfaces, self.aliases))
        places = (tuple(evidence[begin:end]) for begin, end in pairwise(edges))
        every = list(map(Statement, (paper.id for paper in owner), self.names.tolist(), self._kinds(), *rest, places, self.entities.tolist()))
        first = np.searchsorted(self.paper, np.arange(len(papers) + 1)).tolist()
        return [tuple(every[begin:end]) for begin, end in pairwise(first)]

    def _kinds(self) -> list[tuple[tuple[str, float], ...]]:
        """The kinds of each statement that have a share, the first with those of its group before the others."""
        kept = self.shares > 0.0
        kept[np.arange(len(self)), self.kind] = True
        row, kind = np.nonzero(kept)
        share = self.shares[row, kind]
        order = np.lexsort((_BY_NAME[kind], -share, _GROUP[kind] != _GROUP[self.kind[row]], row))
        pairs = list(zip(map(KINDS.__getitem__, kind[order].tolist()), share[order].tolist(), strict=True))
        return [tuple(pairs[begin:end]) for begin, end in pairwise(np.append(0, np.cumsum(kept.sum(1))).tolist())]


_EVIDENCE = tuple(field.name for field in fields(EvidenceColumns))
_OWN = tuple(field.name for field in fields(StatementColumns) if field.name != "evidence")


def _join(names: Sequence[str], several: Sequence[Any]) -> dict[str, Any]:
    return {name: np.concatenate([getattr(columns, name) for columns in several]) for name in names}


def _take(names: Sequence[str], columns: Any, rows: Numbers) -> dict[str, Any]:
    return {name: getattr(columns, name)[rows] for name in names}


def _main_kind(statement: Statement) -> int:
    """The first kind, or of what no other paper can tell anything of the first such kind."""
    kinds = [kind for kind, _ in statement.kinds]
    settled = [kind for kind in kinds if statement.entity or kind not in NAMED]
    return _NUMBER[(settled or kinds)[0]]
