"""What the tagger sees of a token: every feature is a fact of its type, so that it is worked out once for all places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.extract.affixes import FAMILIES
from kg.extract.characters import read_characters

OFFSETS = (-3, -2, -1, 0, 1, 2, 3)
_HYPHEN = re.compile(r"[-‐‑_.'’]")


class Types(NamedTuple):
    """What the features of token types follow from.

    `groups` are clusters of words, `forms` shapes and the begins of clusters; what follows from these is the same for many types.
    `words` are the tokens in small letters, of which begins and ends are features. `columns` are features that each type has besides,
    `more` pairs of a type's number and a feature that only some have.
    """

    groups: list[str]
    forms: list[str]
    words: list[str]
    columns: tuple[list[str], ...]
    more: list[tuple[int, str]]


def read_types(tokens: Sequence[str], wheres: Sequence[str], clusters: Mapping[str, str]) -> Types:
    """Look at token types; `where` is "" in running text, "S" at the start of a sentence, "T" in a title."""
    words = [token.lower() for token in tokens]
    parts = [() if word.isalnum() else _HYPHEN.split(word) for word in words]
    find = clusters.get
    groups = [find(word) or (find(own[-1]) if len(own) > 1 else None) or "?" for word, own in zip(words, parts, strict=True)]
    forms = [f"{where}{shape} {group[:4]}" for where, shape, group in zip(wheres, shapes_of(tokens), groups, strict=True)]
    columns = (["w=" + word for word in words], ["x=" + token for token in tokens])
    placed = [(number, where) for number, where in enumerate(wheres) if where]
    more = [(number, f"{where}w={words[number]}") for number, where in placed]
    more += [(number, f"{where}c={groups[number][:6]}") for number, where in placed]
    divided = [(number, part) for number, own in enumerate(parts) if len(own) > 1 for part in own]
    more += [(number, "-=" + part) for number, part in divided]
    more += [(number, "-c=" + find(part, "?")) for number, part in divided]
    more += [(number, f"caps{min(len(token), 6)}") for number, token in enumerate(tokens) if len(token) > 1 and token.isupper()]
    return Types(groups, forms, words, columns, more)


def shapes_of(tokens: Sequence[str]) -> list[str]:
    """The shapes of tokens, runs made one.

    >>> shapes_of(["LLaVA-1.5", "mixture", "Mixture"])
    ['XxX-d.d', 'x', 'Xx']
    """
    return read_characters("\n".join(tokens)).shape().split("\n")


def names_of_groups(groups: Sequence[str]) -> list[list[str]]:
    """The features that follow from clusters, in columns."""
    return [["c6=" + group[:6] for group in groups], ["c=" + group for group in groups], ["c4=" + group[:4] for group in groups]]


def names_of_forms(forms: Sequence[str]) -> list[list[str]]:
    """The features that follow from shapes and the begins of clusters, in columns."""
    return [["h=" + form.partition(" ")[0] for form in forms], ["hg=" + form.replace(" ", "") for form in forms]]


def feature_names(token: str, where: str, clusters: Mapping[str, str]) -> list[str]:
    """The features of a token type."""
    types = read_types([token], [where], clusters)
    columns = (*types.columns, *names_of_groups(types.groups), *names_of_forms(types.forms))
    affixes = [family + types.words[0][part] for family, part in FAMILIES.items()]
    return [name for (name,) in columns] + affixes + [name for _, name in types.more]


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
