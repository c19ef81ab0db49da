"""The words around a mention as numbers: what the relation is read from, gathered for all mentions of a document at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kg.extract.document import Document
from kg.extract.mentions import Mention
from kg.extract.places import sentence_number

Ints = npt.NDArray[np.int32]
# Words at these distances have weights of their own; then all words left and right in the sentence; then marks of the place.
SLOTS = ("-1", "-2", "-3", "-4-6", "-7-11", "+1", "+2", "+3-5", "first", "last", "left", "right")
_LEFT = {1: 0, 2: 1, 3: 2, 4: 3, 5: 3, 6: 3, 7: 4, 8: 4, 9: 4, 10: 4, 11: 4}
_RIGHT = {0: 5, 1: 6, 2: 7, 3: 7, 4: 7}
MARKS = 24


def place_marks(document: Document, mention: Mention, number: int) -> list[int]:
    """Which of the MARKS hold of a mention's place: title or not, how far into the abstract, where in the sentence."""
    total = len(document.sentences)
    in_title = mention.start < document.title_end
    marks = [0 if in_title else 1]
    if in_title:
        marks.append(2 if mention.first == 0 else 3 if ":" in document.tokens[: mention.first] else 4)
    else:
        marks.append(5 + min(9, 10 * number // total))
        marks.append(15 if number == 1 else 16 if number == total - 1 else 17)
    first, _ = document.sentences[number]
    marks.append(18 + min(3, (mention.first - first) // 4))
    return marks


def slots_of(document: Document, mention: Mention, words: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of slot and word number for one mention: the plain form, from which weights are learnt."""
    number = sentence_number(document, mention.first)
    first, last = document.sentences[number]
    found = [(slot, words[mention.first - k]) for k, slot in _LEFT.items() if mention.first - k >= first]
    found += [(slot, words[mention.last + k]) for k, slot in _RIGHT.items() if mention.last + k < last]
    found.append((8, words[first]))
    found.append((9, words[mention.last - 1]))
    found += [(10, word) for word in words[first : mention.first]]
    found += [(11, word) for word in words[mention.last : last]]
    return found
