"""Candidates: the mentions of one paper that are spellings of one name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.extract.acronyms import CLASS_WORDS, Definition
from kg.extract.matcher import Known
from kg.extract.mentions import Mention
from kg.lexicon import Entry
from kg.names import key

_SIZED = re.compile(r"[-\s_]\d+(?:\.\d+)?[BM]\b(?:[-\s](?:Instruct|Chat|Base|it|chat|base))?$")
_LEADING = frozenset(
    ["the", "a", "an", "our", "this", "these", "its", "their", "new", "novel", "proposed", "existing", "popular", "standard"]
)


class Candidate(NamedTuple):
    """Mentions that spell one name, in order of place; `entries` are the lexicon's for it, `is_own` marks the paper's own name."""

    keys: tuple[str, ...]
    mentions: tuple[Mention, ...]
    entries: tuple[Entry, ...]
    long_form: str
    is_own: bool


def name_key(surface: str) -> str:
    """The key of a surface without a size at its end.

    >>> name_key("LLaVA-13B") == name_key("LLaVA")
    True
    """
    bare = _SIZED.sub("", surface) if ("B" in surface or "M" in surface) and not surface.isalpha() else surface
    words = bare.split(None, 1)
    return key(words[1] if len(words) > 1 and words[0].lower() in _LEADING else bare or surface)


_WORDS = re.compile(r"[^\W_]+")
_BUILT = CLASS_WORDS | {"layer", "network", "block", "structure"}
_ENDINGS = re.compile(
    r"(?:izations?|isations?|izing|ising|ized|ised|izers?|isers?|ize|ise|ations?|ating|ated|ate|ings?|ions?|ed|ers?|ors?|es?|s)$"
)


def stem_key(surface: str) -> str:
    """The key under which the grammatical forms of one term are equal in one paper.

    >>> stem_key("pseudo-labels") == stem_key("Pseudo-Labeling")
    True
    """
    words = [word.lower() for word in _WORDS.findall(surface)]
    while len(words) > 1 and words[-1].rstrip("s") in CLASS_WORDS:
        words.pop()
    return "".join(map(_stem, words))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return _ENDINGS.sub("", word) if len(word) > 4 and word.isalpha() else word.rstrip("s") or word


@lru_cache(maxsize=50_000)
def spelling_keys(surface: str) -> tuple[str, str]:
    """The name key and, for what may be a term and not only a name, the stem key; remembered, as papers repeat the same names."""
    name = name_key(surface)
    stem = stem_key(surface) if name and (surface.islower() or len(surface.split()) > 1 or "-" in surface) else ""
    return name, stem if len(stem) > 4 else ""


def _entry_key(mention: Mention) -> str | None:
    """The lexicon's key for a mention that it knows under exactly one meaning."""
    if mention.known is None or len(mention.known.entries) != 1:
        return None
    return key(mention.known.entries[0].name)


def _known_heads(text: str, mentions: Sequence[Mention]) -> dict[int, str]:
    """For the number of each mention that is a term of the lexicon and a word for what it is built into ("mixture-of-experts layers"): the term's key."""
    terms = {m.start: m for m in mentions if m.known and len(m.known.entries) == 1 and m.known.entries[0].kinds[0] == "technique"}
    found = {}
    for number, m in enumerate(mentions):
        term = terms.get(m.start)
        if term and m.known is None and term.end < m.end:
            rest = text[term.end : m.end].lower().split()
            if rest and all(word.rstrip("s") in _BUILT for word in rest):
                found[number] = key(term.known.entries[0].name) if term.known else ""
    return found


def _forget_other_meanings(text: str, mentions: Sequence[Mention], definitions: Sequence[Definition]) -> Sequence[Mention]:
    """Take the lexicon's word off an acronym that this text defines as something else."""
    longs = {key(text[d.short_start : d.short_end]): text[d.start : d.end] for d in definitions}
    if not longs:
        return mentions
    kept = []
    for m in mentions:
        long_form = longs.get(key(text[m.start : m.end])) if m.known else None
        if m.known and long_form:
            stem = stem_key(long_form)
            fitting = tuple(e for e in m.known.entries if any(stem_key(name) == stem for name in (e.name, *e.aliases)))
            m = m._replace(known=Known(fitting, m.known.is_exact) if fitting else None)
        kept.append(m)
    return kept


def group_mentions(text: str, mentions: Sequence[Mention], definitions: Sequence[Definition]) -> list[Candidate]:
    """Bring together the spellings of one name in one paper: same key, same lexicon entry, acronym and long form, macro and own name."""
    joined: dict[str, str] = {}
    long_forms: dict[str, str] = {}

    def find(name: str) -> str:
        while (other := joined.get(name)) is not None:
            name = other
        return name

    def join(one: str, other: str) -> None:
        if one != other:
            one, other = find(one), find(other)
            if one != other:
                joined[other] = one

    mentions = _forget_other_meanings(text, mentions, definitions)
    keys = [spelling_keys(text[m.start : m.end]) for m in mentions]
    by_stem: dict[str, str] = {}
    heads = _known_heads(text, mentions)
    for number, (mention, (name, stem)) in enumerate(zip(mentions, keys, strict=True)):
        entry = heads.get(number) or _entry_key(mention)
        if entry and name:
            join(entry, name)
        if stem:
            join(by_stem.setdefault(stem, name), name)
    for definition in definitions:
        long_form = text[definition.start : definition.end]
        long, short = name_key(long_form), name_key(text[definition.short_start : definition.short_end])
        if long and short:
            join(long, short)
            long_forms.setdefault(find(long), long_form)
    own = next((find(name) for m, (name, _) in zip(mentions, keys, strict=True) if m.rule == "title-name"), None)
    groups: dict[str, list[Mention]] = {}
    spelt: dict[str, set[str]] = {}
    for mention, (name, _) in zip(mentions, keys, strict=True):
        if mention.rule == "macro" and own and not name.isupper():
            root = own
        elif name:
            root = find(name) if joined else name
        else:
            continue
        groups.setdefault(root, []).append(mention)
        spelt.setdefault(root, set()).add(name)
    return [
        Candidate(tuple(sorted(spelt[root])), tuple(members), _entries_of(members), long_forms.get(root, ""), root == own)
        for root, members in groups.items()
    ]


def _entries_of(members: Sequence[Mention]) -> tuple[Entry, ...]:
    """The one entry that a mention is known under alone, else all that any may mean."""
    known = [m.known.entries for m in members if m.known]
    sole = next((entries for entries in known if len(entries) == 1), None)
    return sole or tuple({id(entry): entry for entries in known for entry in entries}.values())
