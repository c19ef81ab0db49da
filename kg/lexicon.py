"""The lexicon: the names that ship with the package and those that a user adds; one fact a line, six columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kg.collecting import uncollected
from kg.errors import KgError
from kg.names import key
from kg.vocabulary import NAMED

_KINDS = frozenset(NAMED)
_LINKING = ("variant of ", "part of ", "successor of ")


class LexiconError(KgError):
    """A lexicon line that cannot be read: the message says where and why."""

    def __init__(self, place: str, line: int, reason: str) -> None:
        super().__init__(f"{place}:{line}: {reason} (form: name | kinds | field | aliases | marks | note)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the lexicon. `links` pairs a relation (`variant_of`, `part_of`, `successor_of`) with the other's name."""

    name: str
    kinds: tuple[str, ...]
    field: str = ""
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    is_word: bool = False
    is_broad: bool = False
    links: tuple[tuple[str, str], ...] = ()
    note: str = ""


def _split(column: str) -> list[str]:
    return [part.strip() for part in column.split(";") if part.strip()] if column else []


def read_entry(line: str, place: str = "lexicon", number: int = 0) -> Entry:
    """Read one line.

    >>> read_entry("ImageNet-1K | dataset benchmark | vision | ILSVRC 2012; IN-1K | variant of ImageNet |").links
    (('variant_of', 'ImageNet'),)
    """
    columns = [column.strip() for column in line.split("|")]
    columns += [""] * (6 - len(columns))
    name, named, field, aliases, marks, note = columns[:6]
    kinds = tuple(named.split())
    if not name or not kinds or not _KINDS.issuperset(kinds):
        wrong = [kind for kind in kinds if kind not in NAMED]
        raise LexiconError(place, number, f"unknown kind {wrong[0]!r}" if wrong else "a name and at least one kind are needed")
    given = _split(marks)
    if not given:  # nearly always
        return Entry(name, kinds, field, tuple(_split(aliases)), note=note)
    return Entry(
        name,
        kinds,
        field,
        tuple(_split(aliases)),
        tuple(mark.removeprefix("ambiguous ").strip() for mark in given if mark.startswith("ambiguous ")),
        is_word="word" in given,
        is_broad="broad" in given,
        links=tuple(
            (start.strip().replace(" ", "_"), mark[len(start) :].strip()) for mark in given for start in _LINKING if mark.startswith(start)
        ),
        note=note,
    )


def read_lines(lines: Iterable[str], place: str) -> Iterator[Entry]:
    """Read the entries of a file's lines; blank lines and lines that begin with `#` are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            yield read_entry(line.rstrip("\n"), place, number)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Entry, ...]:
    folder = files("kg.data") / "lexicon"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".txt"))
    return tuple(entry for name in names for entry in read_lines((folder / name).read_text("utf-8").splitlines(), name))


class Lexicon:
    """All entries, found by the key of any of their names.

    Args:
        extra: entries of the user; where a key of theirs is also one of ours, theirs count alone.
        shipped: whether the names that ship with the package are in it.
    """

    def __init__(self, extra: Sequence[Entry] = (), *, shipped: bool = True) -> None:
        own = tuple(extra)
        taken = {key(name) for entry in own for name in (entry.name, *entry.aliases)}
        rest = tuple(entry for entry in (_shipped() if shipped else ()) if key(entry.name) not in taken)
        self.entries: tuple[Entry, ...] = own + rest
        self._by_key: dict[str, list[tuple[Entry, str]]] = {}
        for entry in self.entries:
            for surface in (entry.name, *entry.aliases, *entry.ambiguous):
                held = self._by_key.setdefault(key(surface), [])
                if not held or all(entry is not other for other, _ in held):
                    held.append((entry, surface))

    @classmethod
    def of(cls, lines: Sequence[str]) -> Lexicon:
        """The shipped lexicon with a user's own lines.

        Raises:
            LexiconError: Where a line cannot be read.
        """
        return _with_own(tuple(lines))

    def find(self, name: str) -> tuple[Entry, ...]:
        """All entries that go by this name, in any spelling."""
        return self.lookup(key(name))

    def __iter__(self) -> Iterator[str]:
        """The key of every name."""
        return iter(self._by_key)

    def lookup(self, key: str) -> tuple[Entry, ...]:
        """All entries that have a name with this key."""
        held = self._by_key.get(key)
        return tuple([entry for entry, _ in held]) if held else ()

    def spellings(self) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Every name of every entry, once, with the entries that go by it."""
        for held in self._by_key.values():
            entries = tuple([entry for entry, _ in held])
            surfaces = {surface for _, surface in held}
            for surface in sorted(surfaces) if len(surfaces) > 1 else surfaces:
                yield surface, entries


@lru_cache(maxsize=1)
def _with_own(lines: tuple[str, ...]) -> Lexicon:
    with uncollected():
        return Lexicon(tuple(read_lines(lines, "your lexicon")))
