"""Long forms: the words of a text whose letters spell an acronym."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
CLASS_WORDS = frozenset(
    ["model", "method", "framework", "approach", "algorithm", "technique", "system", "task", "problem", "dataset", "benchmark", "paradigm",
     "strategy", "mechanism", "module", "architecture", "pipeline", "setting", "scheme", "procedure", "loss", "objective", "corpus",
     "challenge", "suite"]
)  # fmt: skip  # what kind of thing a name names; a name alone it is not
SMALL = frozenset(["of", "for", "the", "and", "in", "with", "to", "a", "an", "on", "by", "from", "via", "as"])
_CLAUSES = frozenset(["that", "which", "is", "are"])  # begin a clause, so a name has ended
_REPEATED = re.compile(r"([A-Za-z])[^A-Za-z0-9]*([2-4])(?!\d)")
_SAID = {"2": "to", "4": "for"}
_HYPHENATED = re.compile(r"[^\W_]+-$")
LONGEST = 120  # characters of a long form
_MOST_WORDS = 10
Word = tuple[int, int, str]
"""Its start, its end, and the word in small letters."""
Words = Sequence[Word]


def read_word(text: str, begin: int, end: int) -> Word | None:
    """The first word between two places."""
    match = _WORD.search(text, begin, end)
    return _word(match) if match else None


def read_words(text: str, begin: int, end: int) -> Words:
    """The words between two places."""
    return list(map(_word, _WORD.finditer(text, begin, end)))


def _read_last_words(text: str, begin: int, end: int, most: int) -> Words:
    """So many words before a place, or all from `begin` on."""
    return list(map(_word, deque(_WORD.finditer(text, begin, end), most)))


def _word(match: re.Match[str]) -> Word:
    return match.start(), match.end(), match[0].lower()


def find_letters(words: Words, short: str) -> int | None:
    """The start of the shortest run of last words whose letters spell the acronym, the first letter at a word's start."""
    letters = [c for c in short.lower() if c.isalnum()]
    at = len(letters) - 1
    for number in range(len(words) - 1, -1, -1):
        start, _, word = words[number]
        inner = len(word) - 1
        # a word gives the last letters it can, its first letter before all
        while at >= 0 and inner >= 0:
            if word[inner] == letters[at] and (inner == 0 or at > 0):
                at -= 1
            inner -= 1
        if at < 0:
            return start
        if at == 0 and word[0] == letters[0]:
            return start
    return None


def _initials_match(words: Words, short: str) -> int | None:
    """The start of the words whose first letters are the acronym; small words may stand between."""
    letters = [c for c in short.lower() if c.isalpha()]
    at = len(letters) - 1
    for start, _, word in reversed(words):
        if at < 0:
            break
        if word[0] == letters[at]:
            at -= 1
            if at < 0:
                return start
        elif word not in SMALL:
            return None
    return None


def find_long_form(text: str, begin: int, end: int, short: str) -> int | None:
    """The start of the words of a field from `begin` to `end` that an acronym in brackets behind them stands for."""
    bare = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    begin = max(begin, end - LONGEST)
    begin = max(begin, *(text.rfind(sign, begin, end) + 1 for sign in ("(", ")", ";", ". ")))
    for letters in ways_to_read(bare, text[begin:end]):
        some = _read_last_words(text, begin, end, min(len(letters) + 4, 2 * len(letters) + 1))
        few = _without_class_words(some)
        for words in (some, few) if len(few) < len(some) else (some,):
            start = _initials_match(words, letters)
            if start is not None:
                return _hyphenated_start(text, start, begin)
    start = find_letters(some, letters) if not set(bare) & set("${^") else None
    return None if start is None or _is_class_word(text[start:end]) else _hyphenated_start(text, start, begin)


def _without_class_words(words: Words) -> Words:
    """The words before "models" in "mixture-of-experts models (MoEs)"."""
    last = len(words)
    while last and _is_class_word(words[last - 1][2]):
        last -= 1
    return words[:last]


def _is_class_word(word: str) -> bool:
    return word.lower().rstrip("s") in CLASS_WORDS


def _hyphenated_start(text: str, start: int, begin: int) -> int:
    """The start of the word "multi-modal" where "modal" was found, if both begin alike."""
    before = text[begin:start]
    first = _HYPHENATED.search(before) if "-" in before[-2:] else None
    return begin + first.start() if first and first[0][0].lower() == text[start].lower() else start


def ways_to_read(short: str, text: str) -> list[str]:
    """The letters and digits of an acronym of a text: as they stand, and before that with letters that a digit repeats.

    >>> ways_to_read("PolGS", ""), ways_to_read("S$^{3}$G", "a Swift State Space Graph"), ways_to_read("S2T", "Speech-to-text")
    (['polgs'], ['sssg', 's3g'], ['s2t'])
    """
    if short.isascii() and short.isalpha():  # nearly always
        return [short.lower()]
    is_said = any(digit in short and re.search(rf"\b{word}\b", text) for digit, word in _SAID.items())
    repeated = short if is_said else _REPEATED.sub(lambda match: match[1] * int(match[2]), short)
    both = ("".join(c for c in one.lower() if c.isalnum()) for one in (repeated, short))
    return list(dict.fromkeys(both))


def spell(text: str, words: Words, letters: str) -> int | None:
    """How many of the first words spell the letters: of each its first one or more, of small words and of those behind a hyphen also none.
    No word is a number.

    >>> text = "Polarimetric Gaussian Splatting for Reflective Surfaces"
    >>> spell(text, read_words(text, 0, len(text)), "polgs")
    3
    """

    def go_on(number: int, at: int) -> int | None:
        if at == len(letters):
            return number
        if number == min(len(words), _MOST_WORDS):
            return None
        start, _, word = words[number]
        if not word.isalpha() or word in _CLAUSES:
            return None
        same = next((n for n, (one, other) in enumerate(zip(word, letters[at:], strict=False)) if one != other), min(len(word), len(letters) - at))
        for taken in range(1, same + 1):
            found = go_on(number + 1, at + taken)
            if found is not None:
                return found
        is_free = number > 0 and (word in SMALL or text[start - 1] == "-")
        return go_on(number + 1, at) if is_free else None

    return go_on(0, 0)
