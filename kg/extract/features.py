"""What the tagger sees of a token: every feature is a fact of its type, so that it is worked out once for all places."""

from __future__ import annotations

import re
from collections.abc import Mapping

OFFSETS = (-3, -2, -1, 0, 1, 2, 3)
_CLASS = dict.fromkeys(range(65, 91), "X") | dict.fromkeys(range(97, 123), "x") | dict.fromkeys(range(48, 58), "d")
_HYPHEN = re.compile(r"[-‐‑_.'’]")


def shape_of(token: str) -> str:
    """The shape of a token, runs made one.

    >>> shape_of("LLaVA-1.5"), shape_of("mixture")
    ('XxX-d.d', 'x')
    """
    if token.isascii():
        if token.islower() and token.isalpha():
            return "x"
        classes = token.translate(_CLASS)
    else:
        classes = "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in token)
    return "".join(c for c, before in zip(classes, " " + classes, strict=False) if c != before)


def feature_names(token: str, where: str, clusters: Mapping[str, str]) -> list[str]:
    """The features of a token type; `where` is "" in running text, "S" at the start of a sentence, "T" in a title."""
    lower = token.lower()
    shape = shape_of(token)
    parts = [lower] if lower.isalnum() else _HYPHEN.split(lower)
    group = clusters.get(lower) or (clusters.get(parts[-1]) if len(parts) > 1 else None) or "?"
    names = ["w=" + lower, "c6=" + group[:6], "c=" + group]
    names += ["h=" + where + shape, "s3=" + lower[-3:], "c4=" + group[:4], "s2=" + lower[-2:]]
    names += ["p3=" + lower[:3], "p4=" + lower[:4], "s4=" + lower[-4:], "x=" + token, "hg=" + where + shape + group[:4]]
    if where:
        names += [where + "w=" + lower, where + "c=" + group[:6]]
    if len(parts) > 1:
        names += ["-=" + part for part in parts] + ["-c=" + clusters.get(part, "?") for part in parts]
    if token.isupper() and len(token) > 1:
        names.append(f"caps{min(len(token), 6)}")
    return names


_FAR = ("w=", "c6=", "c=")  # seen from three tokens away
_NEAR = ("h=", "s3=", "c4=", "s2=", "Sc=", "Tc=")  # from two; all others from one


def offsets_of(name: str) -> tuple[int, ...]:
    """The distances, from the token that is to be labelled, at which a feature may have a weight."""
    if name == "PAD" or name.startswith(_FAR):
        return OFFSETS
    return OFFSETS[1:-1] if name.startswith(_NEAR) else OFFSETS[2:-2]


def lexicon_flag(kinds: tuple[str, ...], *, is_exact: bool, is_word: bool, is_broad: bool) -> str:
    """The name of a lexicon match as the tagger sees it, without its place in the match."""
    letters = "".join(sorted({"R" if kind in ("dataset", "benchmark") else kind[:2] for kind in kinds}))
    return letters + ("" if is_exact else "~") + ("w" if is_word else "") + ("b" if is_broad else "")
