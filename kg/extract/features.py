"""What the tagger sees of a token: every feature is a fact of its type, so that it is worked out once for all places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

OFFSETS = (-3, -2, -1, 0, 1, 2, 3)
_CLASS = dict.fromkeys(range(65, 91), "X") | dict.fromkeys(range(97, 123), "x") | dict.fromkeys(range(48, 58), "d")
_HYPHEN = re.compile(r"[-‐‑_.'’]")


def shape_of(token: str) -> str:
    """The shape of a token, runs made one.

    >>> shape_of("LLaVA-1.5"), shape_of("mixture"), shape_of("Mixture")
    ('XxX-d.d', 'x', 'Xx')
    """
    if token.isascii():
        if token.isalpha():  # most tokens
            if token.islower():
                return "x"
            if token[1:].islower():
                return "Xx"
        classes = token.translate(_CLASS)
    else:
        classes = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in token)
    return "".join(c for c, before in zip(classes, " " + classes, strict=False) if c != before)


def feature_names(token: str, where: str, clusters: Mapping[str, str]) -> list[str]:
    """The features of a token type; `where` is "" in running text, "S" at the start of a sentence, "T" in a title."""
    columns, more = feature_columns([token], [where], clusters)
    return [*(name for (name,) in columns), *(name for _, name in more)]


def feature_columns(tokens: Sequence[str], wheres: Sequence[str], clusters: Mapping[str, str]) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """The features of many token types: columns of those that each type has, then pairs of a type's number and a feature that only some have."""
    words = [token.lower() for token in tokens]
    parts = [() if word.isalnum() else _HYPHEN.split(word) for word in words]
    find = clusters.get
    groups = [find(word) or (find(own[-1]) if len(own) > 1 else None) or "?" for word, own in zip(words, parts, strict=True)]
    shapes = [where + shape for where, shape in zip(wheres, map(shape_of, tokens), strict=True)]
    columns = [
        ["w=" + word for word in words],
        ["c6=" + group[:6] for group in groups],
        ["c=" + group for group in groups],
        ["h=" + shape for shape in shapes],
        ["s3=" + word[-3:] for word in words],
        ["c4=" + group[:4] for group in groups],
        ["s2=" + word[-2:] for word in words],
        ["p3=" + word[:3] for word in words],
        ["p4=" + word[:4] for word in words],
        ["s4=" + word[-4:] for word in words],
        ["x=" + token for token in tokens],
        ["hg=" + shape + group[:4] for shape, group in zip(shapes, groups, strict=True)],
    ]
    placed = [(number, where) for number, where in enumerate(wheres) if where]
    more = [(number, f"{where}w={words[number]}") for number, where in placed]
    more += [(number, f"{where}c={groups[number][:6]}") for number, where in placed]
    divided = [(number, own) for number, own in enumerate(parts) if len(own) > 1]
    more += [(number, "-=" + part) for number, own in divided for part in own]
    more += [(number, "-c=" + find(part, "?")) for number, own in divided for part in own]
    more += [(number, f"caps{min(len(token), 6)}") for number, token in enumerate(tokens) if len(token) > 1 and token.isupper()]
    return columns, more


_FAR = ("w=", "c6=", "c=")  # seen from three tokens away
_NEAR = ("h=", "s3=", "c4=", "s2=", "Sc=", "Tc=")  # from two; all others from one


def offsets_of(name: str) -> tuple[int, ...]:
    """The distances, from the token that is to be labelled, at which a feature may have a weight."""
    if name == "PAD" or name.startswith(_FAR):
        return OFFSETS
    return OFFSETS[1:-1] if name.startswith(_NEAR) else OFFSETS[2:-2]


@lru_cache(maxsize=1_000)
def lexicon_flag(kinds: tuple[str, ...], *, is_exact: bool, is_word: bool, is_broad: bool) -> str:
    """The name of a lexicon match as the tagger sees it, without its place in the match."""
    letters = "".join(sorted({"R" if kind in ("dataset", "benchmark") else kind[:2] for kind in kinds}))
    return letters + ("" if is_exact else "~") + ("w" if is_word else "") + ("b" if is_broad else "")
