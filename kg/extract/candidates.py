"""Candidates: the mentions of one paper that are spellings of one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kg.extract.acronyms import Definition
from kg.extract.arrays import Flags, Numbers
from kg.extract.document import Texts
from kg.extract.longforms import CLASS_WORDS
from kg.extract.matcher import Known
from kg.extract.mentions import RULES, Mentions
from kg.extract.spellings import Keys, Spellings, name_key, stem_key
from kg.lexicon import Entry
from kg.names import key

_BUILT = CLASS_WORDS | {"layer", "network", "block", "structure"}
_TITLE_NAME, _MACRO = RULES.index("title-name"), RULES.index("macro")
Definitions = Sequence[Sequence[Definition]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Mentions that spell one name in one document, the candidates in order of their first mention.

    `rows` are the mentions, those of candidate c being `rows[begins[c]:begins[c + 1]]`, in order of place; `owner[c]` is its document.
    `known` gives each row's number in `knowns`, −1 for none, and `spelling` its number in `spellings`. `entries` are the lexicon's for
    a candidate, `is_own` marks the paper's own name.
    """

    rows: Numbers
    begins: Numbers
    owner: Numbers
    known: Numbers
    knowns: Sequence[Known]
    spelling: Numbers
    spellings: Spellings
    keys: list[tuple[str, ...]]
    entries: list[tuple[Entry, ...]]
    long_forms: list[str]
    is_own: Flags


def group_mentions(texts: Texts, mentions: Mentions, definitions: Definitions, spellings: Spellings) -> Candidates:
    """Bring together the spellings of one name in one paper: same key, same lexicon entry, acronym and long form, macro and own name."""
    spans = zip(mentions.start.tolist(), mentions.end.tolist(), strict=True)
    spelling = spellings.numbers([texts.text[start:end] for start, end in spans])
    document = np.repeat(np.arange(len(mentions.begins) - 1), np.diff(mentions.begins))
    defined = _read_definitions(texts.text, definitions, spellings.name_keys)
    names = _Names(texts.text, document, spelling, spellings)
    known, knowns = _forget_other_meanings(texts.text, mentions, names.nodes, defined)
    names.join_entries(mentions, known, knowns)
    names.join_stems()
    roots, long_forms = names.join_definitions(defined)
    own = np.full(len(mentions.begins), -1, np.int64)
    titled = np.flatnonzero((mentions.rule == _TITLE_NAME) & (names.name > 0))[::-1]  # of two the first counts
    own[document[titled]] = roots[titled]
    root = np.where(names.name > 0, roots, -1)
    for at in np.flatnonzero((mentions.rule == _MACRO) & (own[document] >= 0)).tolist():
        if not spellings.name_keys.names[names.name[at]].isupper():
            root[at] = own[document[at]]
    kept = np.flatnonzero(root >= 0)
    _, first, which = np.unique(root[kept], return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    candidate = rank[which]
    by_candidate = np.argsort(candidate, kind="stable")
    rows = kept[by_candidate]
    begins = np.searchsorted(candidate[by_candidate], np.arange(len(order) + 1))
    heads = rows[begins[:-1]]
    root_of = root[heads].tolist()
    return Candidates(
        rows, begins, document[heads], known[rows], knowns, spelling[rows], spellings,
        _keys_of(names.name[rows], begins, spellings.name_keys), _entries_of(known[rows], begins, knowns),
        [long_forms.get(number, "") for number in root_of] if long_forms else [""] * len(root_of), own[document[heads]] == root[heads],
    )  # fmt: skip


class _Defined(NamedTuple):
    """Definitions, document by document: the name keys of long form and acronym with their documents, and the long forms.

    `meanings` are the long forms by document and the acronym's key, in which a size counts: VALOR is not VALOR-1M.
    """

    longs: Numbers
    shorts: Numbers
    long_forms: list[str]
    meanings: dict[tuple[int, str], str]

    def are_named(self) -> Flags:
        """Of which both have a key."""
        return (self.longs & _KEY > 0) & (self.shorts & _KEY > 0)


def _read_definitions(text: str, definitions: Definitions, keys: Keys) -> _Defined:
    places = [(document, d) for document, own in enumerate(definitions) for d in own]
    documents = np.array([document for document, _ in places], np.int64) << _SHIFT
    long_forms = [text[d.start : d.end] for _, d in places]
    short_forms = [text[d.short_start : d.short_end] for _, d in places]
    longs, shorts = (np.array([keys[name_key(form)] for form in forms], np.int64) for forms in (long_forms, short_forms))
    meanings = {(document, key(short)): long for (document, _), short, long in zip(places, short_forms, long_forms, strict=True)}
    return _Defined(documents + longs, documents + shorts, long_forms, meanings)


class _Names:
    """The name keys of mentions, document by document, and which of them are joined."""

    def __init__(self, text: str, document: Numbers, spelling: Numbers, spellings: Spellings) -> None:
        self._text, self._keys = text, spellings.name_keys
        self._document = document
        self.name, self._stem = spellings.both_keys(spelling)
        self.nodes = (document << _SHIFT) + self.name
        self._one: list[Numbers] = []
        self._other: list[Numbers] = []

    def _join(self, document: Numbers, one: Numbers, other: Numbers) -> None:
        self._one.append((document << _SHIFT) + one)
        self._other.append((document << _SHIFT) + other)

    def join_entries(self, mentions: Mentions, known: Numbers, knowns: Sequence[Known]) -> None:
        """Join each name with the lexicon's for it, where it means exactly one entry or is a word for what that is built into."""
        entry = np.array([*(self._keys[k.meaning] for k in knowns), 0], np.int64)
        term = [k.meaning != "" and k.entries[0].kinds[0] == "technique" for k in knowns]
        meant = entry[known]
        for at, found in self._known_heads(mentions, known, np.array([*term, False], np.bool_)[known]):
            meant[at] = entry[found]
        both = np.flatnonzero((meant > 0) & (self.name > 0))
        self._join(self._document[both], meant[both], self.name[both])

    def _known_heads(self, mentions: Mentions, known: Numbers, is_term: Flags) -> list[tuple[int, int]]:
        """Each mention that is a term of the lexicon and a word for what it is built into ("mixture-of-experts layers"), and the term."""
        terms = np.flatnonzero(is_term)
        if not len(terms):
            return []
        last = np.maximum(np.searchsorted(mentions.start[terms], mentions.start, side="right") - 1, 0)
        term = terms[last]
        longer = (known < 0) & (mentions.start[term] == mentions.start) & (mentions.end[term] < mentions.end)
        at = np.flatnonzero(longer)
        places = zip(at.tolist(), mentions.end[term[at]].tolist(), mentions.end[at].tolist(), known[term[at]].tolist(), strict=True)
        return [(row, found) for row, begin, end, found in places if _is_built(self._text[begin:end])]

    def join_stems(self) -> None:
        """Join the grammatical forms of one term in one document."""
        at = np.flatnonzero(self._stem)
        _, first, which = np.unique((self._document[at] << _HASH_SHIFT) ^ self._stem[at], return_index=True, return_inverse=True)
        self._join(self._document[at], self.name[at[first[which]]], self.name[at])

    def join_definitions(self, defined: _Defined) -> tuple[Numbers, dict[int, str]]:
        """The number of each mention's name, the same for all that are joined, and the long forms of such numbers."""
        nodes = [self.nodes, defined.longs, defined.shorts, *self._one, *self._other]
        distinct, which = np.unique(np.concatenate(nodes), return_inverse=True)
        mentions, long, short, *ends = np.split(which, np.cumsum([len(node) for node in nodes])[:-1])
        half = len(self._one)
        roots = _find_components(len(distinct), np.concatenate(ends[:half]), np.concatenate(ends[half:]))
        joined: dict[int, int] = {}
        long_forms: dict[int, str] = {}

        def find(number: int) -> int:
            while (other := joined.get(number)) is not None:
                number = other
            return number

        ends_of = zip(defined.are_named().tolist(), roots[long].tolist(), roots[short].tolist(), defined.long_forms, strict=True)
        for is_named, one, other, long_form in ends_of:
            if is_named:
                one, other = find(one), find(other)
                if one != other:
                    joined[other] = one
                long_forms.setdefault(one, long_form)
        for number in joined:
            roots[roots == number] = find(number)
        return roots[mentions], long_forms


_SHIFT = 32  # bits: a key's number lies below, the document's above
_KEY = (1 << _SHIFT) - 1
_HASH_SHIFT = 48  # bits: what a document's number changes of a hash lies above


def _is_built(rest: str) -> bool:
    words = rest.lower().split()
    return bool(words) and all(word.rstrip("s") in _BUILT for word in words)


def _find_components(size: int, one: Numbers, other: Numbers) -> Numbers:
    """For each of `size` nodes the least node that it hangs together with, by the edges between `one` and `other`.

    >>> _find_components(5, np.array([3, 4]), np.array([1, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    found = np.arange(size)
    while len(one):
        left, right = found[one], found[other]
        if (left == right).all():
            break
        np.minimum.at(found, np.maximum(left, right), np.minimum(left, right))
        while (found[found] != found).any():
            found = found[found]
    return found


def _forget_other_meanings(text: str, mentions: Mentions, nodes: Numbers, defined: _Defined) -> tuple[Numbers, list[Known]]:
    """What the lexicon knows of each mention, −1 for nothing; its word is taken off an acronym that the text defines as something else."""
    distinct, which = np.unique(mentions.known, return_inverse=True)
    unknown = int(len(distinct) > 0 and distinct[0] < 0)
    known, knowns = which - unknown, [mentions.lexicon[number] for number in distinct.tolist()[unknown:]]
    for at in np.flatnonzero((known >= 0) & np.isin(nodes, defined.shorts)).tolist():
        long_form = defined.meanings.get((int(nodes[at]) >> _SHIFT, key(text[mentions.start[at] : mentions.end[at]])))
        if long_form:
            stem, held = stem_key(long_form), knowns[known[at]]
            fitting = tuple(entry for entry in held.entries if stem in _stems_of(entry))
            known[at] = len(knowns) if fitting else -1
            knowns += [Known.of(fitting, is_exact=held.is_exact)] * bool(fitting)
    return known, knowns


@lru_cache(maxsize=10_000)
def _stems_of(entry: Entry) -> frozenset[str]:
    return frozenset(map(stem_key, (entry.name, *entry.aliases)))


def _keys_of(names: Numbers, begins: Numbers, keys: Keys) -> list[tuple[str, ...]]:
    """The distinct keys of each candidate, sorted."""
    starts = begins[:-1]
    found: list[tuple[str, ...]] = [(keys.names[number],) for number in names[starts].tolist()]
    if len(names):
        several = np.flatnonzero(np.maximum.reduceat(names, starts) != np.minimum.reduceat(names, starts))
        for at in several.tolist():
            found[at] = tuple(sorted({keys.names[number] for number in names[begins[at] : begins[at + 1]].tolist()}))
    return found


def _entries_of(known: Numbers, begins: Numbers, knowns: Sequence[Known]) -> list[tuple[Entry, ...]]:
    """For each candidate the one entry that a mention is known under alone, else all that any may mean."""
    found: list[tuple[Entry, ...]] = [()] * (len(begins) - 1)
    rows = np.flatnonzero(known >= 0)
    which = np.searchsorted(begins, rows, side="right") - 1
    for at, number in zip(which.tolist(), known[rows].tolist(), strict=True):
        held, entries = found[at], knowns[number].entries
        if not held or (len(held) > 1 and len(entries) == 1):
            found[at] = entries
        elif len(held) > 1 and held is not entries:
            found[at] = tuple({id(entry): entry for entry in (*held, *entries)}.values())
    return found
