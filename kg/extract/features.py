"""What the tagger sees of a token: every feature is a fact of its type, so that it is worked out once for all places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from kg.extract.characters import read_characters

OFFSETS = (-3, -2, -1, 0, 1, 2, 3)
PLACES = ("", "S", "T")  # running text, a sentence's start, a title
# Features by what their names begin with: a word in small letters anywhere and at the other places, as a part of one with hyphens, a token.
WORDS = ("w=", "Sw=", "Tw=", "-=", "x=")
# The first three and four letters of a word, the last two, three and four.
AFFIXES = {"p3=": slice(3), "p4=": slice(4), "s2=": slice(-2, None), "s3=": slice(-3, None), "s4=": slice(-4, None)}
CAPITALS = tuple(f"caps{count}" for count in range(2, 7))  # tokens of as many capitals, the last of as many or more
UNKNOWN = "?"  # the code of the cluster of words that have none
_HYPHEN = re.compile(r"[-‐‑_.'’]")


def divide(word: str) -> Sequence[str]:
    """The parts of a word with hyphens and the like, none where it is whole."""
    parts = () if word.isalnum() else _HYPHEN.split(word)
    return parts if len(parts) > 1 else ()


def shapes_of(tokens: Sequence[str]) -> list[str]:
    """The shapes of tokens, runs made one.

    >>> shapes_of(["LLaVA-1.5", "mixture", "Mixture"])
    ['XxX-d.d', 'x', 'Xx']
    """
    return read_characters("\n".join(tokens)).shape().split("\n")


def names_of_clusters(codes: Sequence[str]) -> list[list[str]]:
    """The features that follow from clusters, in columns."""
    return [["c6=" + code[:6] for code in codes], ["c=" + code for code in codes], ["c4=" + code[:4] for code in codes]]


def names_of_forms(forms: Sequence[str]) -> list[list[str]]:
    """The features that follow from shapes and the begins of clusters, in columns; a form is a place, a shape, a space and that begin."""
    return [["h=" + form.partition(" ")[0] for form in forms], ["hg=" + form.replace(" ", "") for form in forms]]


def feature_names(token: str, place: str, clusters: Mapping[str, str]) -> list[str]:
    """The features of a token type, which stands at one of PLACES."""
    word = token.lower()
    parts = divide(word)
    code = clusters.get(word) or (clusters.get(parts[-1]) if parts else None) or UNKNOWN
    columns = names_of_clusters([code]) + names_of_forms([f"{place}{shape} {code[:4]}" for shape in shapes_of([token])])
    names = ["w=" + word, "x=" + token, *(name for (name,) in columns), *(family + word[part] for family, part in AFFIXES.items())]
    names += [f"{place}w={word}", f"{place}c={code[:6]}"] if place else []
    names += ["-=" + part for part in parts] + ["-c=" + clusters.get(part, UNKNOWN) for part in parts]
    return names + ([CAPITALS[min(len(token), 6) - 2]] if len(token) > 1 and token.isupper() else [])


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
