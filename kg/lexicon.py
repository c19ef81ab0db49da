"""The lexicon: the names that ship with the package and those that a user adds; one fact a line, six columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from itertools import accumulate, chain, count, islice, repeat

from kg.collecting import uncollected
from kg.errors import KgError
from kg.names import key, keys
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
        _ambiguous(given),
        is_word="word" in given,
        is_broad="broad" in given,
        links=tuple(
            (start.strip().replace(" ", "_"), mark[len(start) :].strip()) for mark in given for start in _LINKING if mark.startswith(start)
        ),
        note=note,
    )


def _ambiguous(marks: Iterable[str]) -> tuple[str, ...]:
    """The names that marks warn of."""
    return tuple(mark.removeprefix("ambiguous ").strip() for mark in marks if mark.startswith("ambiguous "))


def read_lines(lines: Iterable[str], place: str) -> Iterator[Entry]:
    """Read the entries of a file's lines; blank lines and lines that begin with `#` are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            yield read_entry(line.rstrip("\n"), place, number)


@lru_cache(maxsize=1)
def _shipped() -> tuple[list[str], str]:
    """The lines of the entries that ship with the package, and a digest of all."""
    folder = files("kg.data") / "lexicon"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".txt"))
    text = "".join((folder / name).read_text("utf-8") for name in names)
    return text.splitlines(), blake2b(text.encode(), digest_size=16).hexdigest()


class Lexicon:
    """All entries, found by the key of any of their names. An entry that ships with the package is read when it is first asked for.

    Args:
        extra: entries of the user; where a key of theirs is also one of ours, theirs count alone.
        shipped: whether the names that ship with the package are in it.

    Attributes:
        digest: of what ships, where that and nothing else is in it; else empty.
    """

    def __init__(self, extra: Sequence[Entry] = (), *, shipped: bool = True) -> None:
        taken = {key(name) for entry in extra for name in (entry.name, *entry.aliases)}
        ours, digest = _shipped() if shipped else ([], "")
        self.digest = "" if extra else digest
        self._held: list[Entry | str] = [*extra, *(held for held in ours if not taken or key(_names_of(held)[0]) not in taken)]
        names = list(map(_names_of, self._held))
        counts = list(map(len, names))
        every = list(chain.from_iterable(names))
        found = keys(every)
        self._keys = [found[at] for at in islice(accumulate(counts, initial=0), len(counts))]  # of the own name of each
        self._by_key: dict[str, list[tuple[int, str]]] = {}
        for one, named in zip(found, zip(chain.from_iterable(map(repeat, count(), counts)), every, strict=True), strict=True):
            held = self._by_key.setdefault(one, [])
            if not held or held[-1][0] != named[0]:
                held.append(named)

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

    def lookup(self, key: str) -> tuple[Entry, ...]:
        """All entries that have a name with this key."""
        held = self._by_key.get(key)
        return tuple([self._entry(number) for number, _ in held]) if held else ()

    def surfaces(self) -> Iterator[str]:
        """Every name of every entry, once."""
        for held in self._by_key.values():
            yield from (held[0][1],) if len(held) == 1 else sorted({surface for _, surface in held})

    def aliases(self) -> Iterator[tuple[str, str]]:
        """Each key that surely means one thing, whose own name has another key, and that other."""
        for one, held in self._by_key.items():
            number, _ = held[0]
            if len(held) == 1 and self._keys[number] != one and not self._warns(number, one):
                yield one, self._keys[number]

    def several(self) -> list[str]:
        """The keys that mean several things, sorted."""
        return sorted(one for one, held in self._by_key.items() if len(held) > 1)

    def broad(self) -> list[Entry]:
        """The entries that say little of a paper."""
        return [entry for entry in self._holding("broad") if entry.is_broad]

    def linked(self) -> list[Entry]:
        """The entries with links to others."""
        return [entry for entry in self._holding(" of ") if entry.links]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, the user's first."""
        return tuple(self._holding(""))

    def _holding(self, text: str) -> Iterator[Entry]:
        """The entries but those whose line does not hold a text."""
        return (self._entry(number) for number, held in enumerate(self._held) if not isinstance(held, str) or text in held)

    def _warns(self, number: int, one: str) -> bool:
        """Whether an entry says that its name of this key may mean other things."""
        held = self._held[number]
        return (not isinstance(held, str) or "ambiguous " in held) and one in map(key, self._entry(number).ambiguous)

    def _entry(self, number: int) -> Entry:
        held = self._held[number]
        if isinstance(held, str):
            held = self._held[number] = read_entry(held)
        return held


def _names_of(held: Entry | str) -> Sequence[str]:
    """All names of an entry or a line, the own one first."""
    if isinstance(held, Entry):
        return (held.name, *held.aliases, *held.ambiguous)
    name, _, _, aliases, rest = held.split("|", 4)
    warned = _ambiguous(_split(rest.partition("|")[0])) if "ambiguous " in rest else ()
    return (name.strip(), *_split(aliases.strip()), *warned)


@lru_cache(maxsize=1)
def _with_own(lines: tuple[str, ...]) -> Lexicon:
    with uncollected():
        return Lexicon(tuple(read_lines(lines, "your lexicon")))
