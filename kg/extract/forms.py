"""The forms in which names stand in a text, which differ in hyphen and space: those of the lexicon that ships are kept ready in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path

import numpy as np

from kg.extract.characters import Characters, read_characters, write_codes
from kg.lexicon import Lexicon
from kg.names import spell_plus

_BETWEEN, _OR, _PARTS = "\x1e", "|", "\n\n"  # stand in no name
_INITIAL = np.arange(128, dtype=np.uint32)  # letters and digits that begin a word, as codes that no folded text holds
_INITIAL[ord("a") : ord("z") + 1] = np.arange(ord("A"), ord("Z") + 1)
_INITIAL[ord("0") : ord("9") + 1] = np.arange(ord("À"), ord("É") + 1)
_APART = "-_\n\t\r"
_INSIDE = str.maketrans({chr(initial): chr(code) for code, initial in enumerate(_INITIAL.tolist()) if initial != code})


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of a lexicon's names, sorted, marked as a text is; and for each the names that it stands for, with strokes between."""

    marked: Sequence[str]
    named: Sequence[str]

    def form(self, which: int) -> str:
        """A form as it is folded."""
        return self.marked[which].translate(_INSIDE)

    def names(self, which: int) -> list[str]:
        """The names of a form, as the lexicon writes them."""
        return self.named[which].split(_OR)


def read_forms(lexicon: Lexicon) -> Forms:
    """The forms of a lexicon's names: from the file where that was made of this lexicon, else worked out."""
    digest, marked, named = (files("kg.data") / "forms.txt").read_text("utf-8").split(_PARTS)
    return Forms(marked.split("\n"), named.split("\n")) if digest == lexicon.digest else find_forms(lexicon)


def find_forms(lexicon: Lexicon) -> Forms:
    """Work out the forms of a lexicon's names."""
    found: dict[str, list[str]] = {}
    names = list(lexicon.surfaces())
    for name, forms in zip(names, _forms_of(names), strict=True):
        for form in forms:
            found.setdefault(form, []).append(name)
    ordered = sorted(form for form in found if len(form) > 1)
    marked = mark_words(read_characters(_BETWEEN.join(ordered))).split(_BETWEEN) if ordered else []
    return Forms(marked, [_OR.join(found[form]) for form in ordered])


def write_forms(path: Path) -> None:
    """Write the forms of the lexicon that ships, for `read_forms`."""
    lexicon = Lexicon()
    forms = find_forms(lexicon)
    path.write_text(_PARTS.join([lexicon.digest, "\n".join(forms.marked), "\n".join(forms.named)]), "utf-8")


def fold(text: str) -> str:
    """The text with the same length, no case, and a space for each hyphen, underscore and line break.

    >>> fold("MS-COCO")
    'ms coco'
    """
    if not text.isascii():
        return write_codes(read_characters(text).fold())
    folded = text.lower()
    for sign in "" if folded.isalnum() else _APART:
        folded = folded.replace(sign, " ")
    return folded


def mark_words(characters: Characters) -> str:
    """The folded text, in which the first letter of each word is another than the same letter inside: no name begins within a word."""
    folded, inside = characters.fold(), characters.are_in_words()
    first = inside.copy()
    first[1:] &= ~inside[:-1]
    at = np.flatnonzero(first)
    initial = folded[at]
    folded[at] = np.where(initial < len(_INITIAL), _INITIAL[np.minimum(initial, len(_INITIAL) - 1)], initial)
    return write_codes(folded)


def _forms_of(names: Sequence[str]) -> Iterator[set[str]]:
    """For each name all forms in which it stands in a folded text."""
    for name, forms in zip(names, spelling_variants(names), strict=True):
        if name[-1:] == "y" and name.islower() and name[-2:-1] not in "aeiou":
            yield forms | {form[:-1] + "ies" for form in forms}
        else:
            yield forms


_PART = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d_-]+")
_PREFIXES = "multi|cross|pre|fine|semi|non|inter|intra|post"
_PREFIX = re.compile(rf"\b({_PREFIXES}) ?(?=[a-z]{{4}})")
_MAY_BE_PREFIXED = re.compile(_PREFIXES)


def spelling_variants(names: Sequence[str]) -> Iterator[set[str]]:
    """For each name the forms that differ in hyphen and space only, folded as the matcher folds a text.

    >>> for variants in spelling_variants(["MS-COCO", "multimodal large language model", "A2D", "GPT4", "HumanEval+"]):
    ...     print(sorted(variants))
    ['ms coco', 'mscoco']
    ['multi modal large language model', 'multimodal large language model']
    ['a2d']
    ['gpt 4', 'gpt4']
    ['humaneval +', 'humaneval+', 'humanevalplus']
    """
    folded = fold(_BETWEEN.join(names))
    for name, spaced, bare in zip(names, folded.split(_BETWEEN), folded.replace(" ", "").split(_BETWEEN), strict=False):  # no name is one part
        variants = _join_words(name, spaced, bare) if bare.isalpha() or not name.isascii() else {spaced} | _join_parts(name, spaced)
        yield _with_prefixes(variants) if _MAY_BE_PREFIXED.search(bare) and name.isascii() else variants


def _with_prefixes(variants: set[str]) -> set[str]:
    """The same, each prefix also as a word and as a part of one."""
    found = set(variants)
    for parts in map(_PREFIX.split, variants):  # each second part is a prefix
        found.add("".join(parts))
        parts[1::2] = [f"{prefix} " for prefix in parts[1::2]]
        found.add("".join(parts))
    return found


def _join_words(name: str, spaced: str, bare: str) -> set[str]:
    """A name of words, and with up to three also some or all in one: nearly all names."""
    if spaced == bare or not name.isascii():
        return {spaced}
    words = spaced.split()
    if len(words) == 2:
        return {spaced, " ".join(words), bare}
    if len(words) == 3:
        first, second, third = words
        return {spaced, " ".join(words), f"{first}{second} {third}", f"{first} {second}{third}", bare}
    return {spaced} if len(name.split()) > 1 else {spaced, bare}


def _join(words: Sequence[str], gaps: Sequence[Sequence[str]]) -> set[str]:
    """Words with each of some gaps between each two."""
    joined = {words[0]}
    for word, own in zip(words[1:], gaps, strict=True):
        joined = {start + gap + word for start in joined for gap in own}
    return joined


def _join_parts(name: str, folded: str) -> set[str]:
    """The same for a name that has digits or signs."""
    found: set[str] = set()
    parts = list(_PART.finditer(name))
    if not parts:
        return found
    if len(parts) <= 3:
        one_token = (a.end() == b.start() and any(len(part) == 1 and part.isalpha() for part in (a.group(), b.group())) for a, b in pairwise(parts))
        found = _join([part.group().lower() for part in parts], [("",) if is_one else (" ", "") for is_one in one_token])  # "A2D" is not "a 2D"
    elif len(name.split()) == 1:
        found.add(folded.replace(" ", ""))
    return found | set(map(spell_plus, {folded, *found})) if "+" in name else found


if __name__ == "__main__":
    with as_file(files("kg.data") / "forms.txt") as ready:
        write_forms(ready)
