"""What other processes do in a build: pieces of files into records, pieces of the plan into rows.

Records and rows cross between processes as bytes of plain values, which costs a fraction of what it costs to pickle our own types.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kg.collecting import uncollected
from kg.lexicon import Lexicon
from kg.names import key as name_key
from kg.records import Entry, Paper, Place, Problem, Statement
from kg.resolve.papers import difference, identities, merge_entries, paper_id
from kg.sources import FilePiece, read_piece
from kg.statements import restore_statements, to_json
from kg.store.rows import Batch

if TYPE_CHECKING:
    from kg.columns import StatementColumns
    from kg.extract import Extractor

_VALUES = attrgetter(*(f.name for f in fields(Entry) if f.name != "place"))

Incoming = tuple[bytes, str, tuple[str, ...]]
"""An entry that was read: its record, the id of the paper that it would be alone, and its identities."""

Member = tuple[int, str, bytes]
"""An entry of a paper: the number and the name of its source, and its record."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A paper to write: its entries, and what a source says that it states (as `kg.statements` packs it), or None where it is to be read."""

    members: tuple[Member, ...]
    given: bytes | None = None


def pack_entry(entry: Entry) -> Incoming:
    """An entry as it waits for the plan."""
    record = marshal.dumps((entry.place.line, *_VALUES(entry)))
    return record, paper_id(entry), identities(entry)


def unpack_entry(record: bytes, file: str) -> Entry:
    """The entry of a record."""
    line, title, abstract, *values = marshal.loads(record)
    return Entry(title, abstract, Place(file, line), *values)


def read_entries_of(piece: FilePiece) -> tuple[bytes, list[Problem]]:
    """Read a piece of a file: packed rows for `incoming`, and problems."""
    found: list[Incoming] = []
    problems: list[Problem] = []
    for item in read_piece(piece):
        if isinstance(item, Problem):
            problems.append(item)
        elif isinstance(item, Entry):
            found.append(pack_entry(item))
    return marshal.dumps(found), problems


class Reader:
    """Extracts planned papers; the extractor is made when the first paper needs it, or by `load`.

    Args:
        lexicon: Lines with a user's own names.
        learned: Whether the learnt parts of extraction are used.
    """

    def __init__(self, lexicon: Sequence[str], learned: bool) -> None:
        self._lexicon, self._learned = lexicon, learned
        self._extractor: Extractor | None = None

    def extract(self, papers: Sequence[Paper]) -> StatementColumns:
        """What papers state."""
        from threadpoolctl import threadpool_limits

        # small products gain nothing from a second thread, which waits by spinning and so takes the time of another process
        with threadpool_limits(1, "blas"):
            return self.load().state(papers)

    def load(self) -> Extractor:
        """The extractor."""
        if self._extractor is None:
            from kg.extract import Extractor

            self._extractor = Extractor(self.lexicon(), learned=self._learned)
        return self._extractor

    def reads_with(self, lexicon: Sequence[str], learned: bool) -> bool:
        """Whether it was made with just this."""
        return tuple(self._lexicon) == tuple(lexicon) and self._learned == learned

    def lexicon(self) -> Lexicon:
        """The lexicon."""
        return Lexicon.of(self._lexicon)

    def state(self, planned: Sequence[Planned]) -> list[tuple[str, str]]:
        """The id of each planned paper, and what it states as a JSON list."""
        papers = [merge_entries([entry for _, entry in _read_members(item.members)]) for item in planned]
        found = self.extract(papers).records(papers)
        return [
            (paper.id, json.dumps(to_json(paper.id, statements)["statements"], ensure_ascii=False))
            for paper, statements in zip(papers, found, strict=True)
        ]

    def read(self, planned: Sequence[Planned]) -> tuple[bytes, list[Problem]]:
        """The packed rows of planned papers; statements that a source gave are taken where they fit the text."""
        from kg.store.statement_rows import add_statements

        read = [_read_members(item.members) for item in planned]
        papers = [merge_entries([entry for _, entry in members]) for members in read]
        given = [_fitting(item, paper) for item, paper in zip(planned, papers, strict=True)]
        batch = Batch()
        for paper, members in zip(papers, read, strict=True):
            batch.add(paper, _keys(paper, members), [(source, entry, difference(entry, paper)) for source, entry in members])
        add_statements(batch, self._statements(papers, given))
        stale = [paper for item, paper, found in zip(planned, papers, given, strict=True) if item.given is not None and found is None]
        return batch.pack(), list(map(_tell_stale, stale))

    def _statements(self, papers: Sequence[Paper], given: Sequence[Sequence[Statement] | None]) -> StatementColumns:
        """What papers state: what was given, else what is read."""
        from kg.columns import StatementColumns

        fresh = [number for number, found in enumerate(given) if found is None]
        if len(fresh) == len(papers):
            return self.extract(papers)
        read = [self.extract([papers[number] for number in fresh]).renumber(fresh)] if fresh else []
        return StatementColumns.join([StatementColumns.of([found or () for found in given]), *read]).by_paper()


def _tell_stale(paper: Paper) -> Problem:
    place, message = paper.places[0], f"given statements do not fit the text of {paper.id}; read anew"
    return Problem("stale-statements", "warning", place.file, place.line, message)


def _read_members(members: Sequence[Member]) -> list[tuple[int, Entry]]:
    read = [(source, unpack_entry(record, file)) for source, file, record in members]
    return sorted(read, key=lambda member: (member[1].place.file, member[1].place.line)) if len(read) > 1 else read


def _keys(paper: Paper, members: Sequence[tuple[int, Entry]]) -> list[str]:
    """All keys under which a paper is found again."""
    keys = set(identities(paper))
    if len(members) > 1:
        keys.update(key for _, entry in members for key in identities(entry))
    if paper.authors and paper.year:
        keys.add(f"author:{_surname(paper.authors[0])} {paper.year}")
    return sorted(keys)


def _surname(author: str) -> str:
    """The key of an author's last name, written "Ada Lovelace" or "Lovelace, Ada"."""
    last, comma, _ = author.partition(",")
    return name_key(last if comma else author.split()[-1] if author.split() else "")


def _fitting(planned: Planned, paper: Paper) -> tuple[Statement, ...] | None:
    return None if planned.given is None else restore_statements(planned.given, paper)


_readers: list[Reader] = []  # one for each process


def prepare(lexicon: Sequence[str], learned: bool, is_loaded: bool) -> None:
    """Make the reader of this process, with its extractor where papers will surely be read; one that is there already is kept."""
    if not _readers or not _readers[0].reads_with(lexicon, learned):
        _readers[:] = [Reader(lexicon, learned)]
    if is_loaded:
        with uncollected():
            _readers[0].load()


def read_planned(planned: Sequence[Planned]) -> tuple[bytes, list[Problem]]:
    """`Reader.read` of this process's reader."""
    with uncollected():
        return _readers[0].read(planned)


def state_planned(planned: Sequence[Planned]) -> list[tuple[str, str]]:
    """`Reader.state` of this process's reader."""
    with uncollected():
        return _readers[0].state(planned)


def lexicon_of_process() -> Lexicon:
    """The lexicon of this process's reader."""
    return _readers[0].lexicon()


def unpack_incoming(packed: bytes) -> Iterator[Incoming]:
    """The rows of `read_entries_of`."""
    found: list[Any] = marshal.loads(packed)
    return iter(found)
