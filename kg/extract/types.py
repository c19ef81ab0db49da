"""Facts of token types that the judges use: classes of words that speak for a kind or a new name, and the word's number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kg.extract.arrays import Bytes, Column, Flags, Numbers

AFTER = {
    "data": "dataset datasets corpus corpora data collection database set sets",
    "bench": "benchmark benchmarks challenge leaderboard suite test track competition",
    "model": "model models llm llms vlm mllm encoder decoder backbone backbones network networks checkpoint transformer architecture"
    " architectures family series",
    "method": "method methods algorithm algorithms framework loss approach approaches technique techniques strategy module mechanism"
    " pipeline objective",
    "task": "task tasks problem problems",
    "based": "- based",
}
BEFORE = {
    "on": "on",
    "in": "in for of to",
    "with": "with using via by through leveraging employ employs use uses adopt",
    "own": "propose introduce present develop proposed introduces called named dubbed termed proposes presents release",
    "like": "as like e.g unlike",
    "open": "( , and or including",
    "the": "the our this a an these",
}
_INTRODUCING = (
    "propose proposes introduce introduces present presents develop develops call called dub dubbed name named term termed release releases"
    " construct build create design contribute devise"
)
_CUES = (
    "train pretrain finetun fine-tun pre-train evaluat experiment result outperform surpass exceed beat compar achiev improv us employ leverag"
    " utiliz utilis base buil introduc propos present releas develop collect construct creat design extend adapt appl combin integrat"
    " incorporat test benchmark assess analy investigat stud examin demonstrat show validat verif establish call dub nam term curat contribut"
    " revisit explor address tackl solv focus consider report obtain reach perform compet adopt augment"
)
_CUE = re.compile(rf"(?:{_CUES.replace(' ', '|')})\w{{0,5}}$")
_CUE_BEGINS = frozenset(cue[:2] for cue in _CUES.split())
_CUE_NAMES = (
    "than against unlike such like including existing previous prior recent recently while whereas although despite however without instead"
    " baseline baselines"
)
_AFTER = {word: number for number, words in enumerate(AFTER.values(), 1) for word in words.split()}
_BEFORE = {word: number for number, words in enumerate(BEFORE.values(), 1) for word in words.split()}
_CALLS = dict.fromkeys(_INTRODUCING.split(), 1) | dict.fromkeys(("we", "our", "paper", "work"), 2)
_MARKS = (_AFTER, _BEFORE, _CALLS, dict.fromkeys(_CUE_NAMES.split(), 1))
_LISTED = {word: sum(marks.get(word, 0) << 8 * nth for nth, marks in enumerate(_MARKS)) for listed in _MARKS for word in listed}


@dataclass(frozen=True, slots=True)
class Tokens:
    """For each token its word's number, whether it says what a paper does with a name, its class before a name, and who or what it calls."""

    words: Numbers
    cues: Flags
    before: Bytes
    calls: Bytes


class TypeFacts:
    """Facts of each token type, by the type's number, worked out once.

    Args:
        tokens: the tagger's list of types: the token of each number; it grows, and starts anew when it was emptied.
        number_of: the number of a word for the relation's weights.
    """

    def __init__(self, tokens: Callable[[], Sequence[str]], number_of: Callable[[str], int]) -> None:
        self._tokens = tokens
        self._number_of = number_of
        self._begin(())

    def _begin(self, tokens: Sequence[str]) -> None:
        self._seen = tokens
        self._words = Column(np.zeros(0, np.int64))
        self._marks = Column(np.zeros((0, 4), np.uint8))  # class after a name, class before one, what it calls, whether it is a cue

    def _read(self) -> None:
        """Learn of the tokens that were met since."""
        tokens = self._tokens()
        if tokens is not self._seen:
            self._begin(tokens)
        fresh = tokens[len(self._words) :]
        self._words.extend([self._number_of(token) if token else 3 for token in fresh])
        self._marks.extend(np.fromiter(map(_marks_of, map(str.lower, fresh)), "<u4", len(fresh)).view(np.uint8).reshape(-1, 4))

    def _marks_at(self, types: Numbers) -> tuple[Bytes, Bytes, Bytes, Bytes]:
        self._read()
        after, before, calls, cues = np.take(self._marks.values, types, axis=0).T
        return after, before, calls, cues

    def classes(self, types: Numbers) -> tuple[Bytes, Bytes, Bytes]:
        """For each token the class after a name, the class before one, and 1 for a verb that introduces or 2 for the authors."""
        return self._marks_at(types)[:3]

    def tokens(self, types: Numbers) -> Tokens:
        """All that the relation is read from."""
        _, before, calls, cues = self._marks_at(types)
        return Tokens(np.take(self._words.values, types), cues > 0, before, calls)


def _marks_of(word: str) -> int:
    """The marks of a word, one in each byte, the first in the lowest."""
    is_cue = word[:2] in _CUE_BEGINS and len(word) > 2 and _CUE.match(word) is not None
    return _LISTED.get(word, 0) | is_cue << 24
