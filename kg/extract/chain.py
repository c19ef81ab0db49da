"""The linear chain of the tagger over many sentences at once: the probability of each label of each token, and the best labels.

Sentences of like length go side by side, and every array has a row for each label and a column for each sentence, so that one step
is a few sums over long rows. A column never looks at another one, and sums are taken in one order: what else is read plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kg.extract.arrays import Floats, Ints, Numbers

_BESIDE = 512  # sentences: what one step holds then stays in the processor's cache
_BITS = 4  # the lowest bits of a packed path hold the label before: 15 less its number, so that the first of equals wins
_MASK = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences of like length, the longest first; step t holds the tokens `tokens[edges[t]:edges[t + 1]]`, one a sentence.

    `scores` are labels × tokens.
    """

    tokens: Numbers
    edges: list[int]
    scores: Ints


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences in blocks; token n stands at `place[n]` among those of all blocks."""

    blocks: list[Block]
    place: Numbers


def cut_blocks(scores: Ints, begins: Numbers) -> Sentences:
    """Put sentences into blocks.

    Args:
        scores: tokens × labels.
        begins: the first token of each sentence, and the end of all.
    """
    blocks = [Block(tokens, edges, np.ascontiguousarray(np.take(scores, tokens, axis=0).T)) for tokens, edges in _order_tokens(begins)]
    place = np.empty(len(scores), np.int64)
    place[np.concatenate([begins[:0], *(block.tokens for block in blocks)])] = np.arange(len(scores))
    return Sentences(blocks, place)


def _order_tokens(begins: Numbers) -> Iterator[tuple[Numbers, list[int]]]:
    lengths = np.diff(begins)
    order = np.argsort(-lengths, kind="stable")
    for first in range(0, len(order), _BESIDE):
        own = order[first : first + _BESIDE]
        starts, sizes = begins[own].astype(np.int64), lengths[own]
        active = np.searchsorted(-sizes, -np.arange(int(sizes[0])), side="left")
        step = np.repeat(np.arange(len(active)), active)
        edges = np.concatenate([[0], np.cumsum(active)])
        yield starts[np.arange(edges[-1]) - edges[step]] + step, edges.tolist()


def find_marginals(sentences: Sentences, step: Floats, scale: float) -> Floats:
    """Labels × tokens: the probability of each label of each token, forward and backward.

    Args:
        sentences: scores are in units of which `scale` make one.
        step: how much each label speaks for each next one, as a factor.
    """
    parts = [np.zeros((len(step), 0))]
    for block in sentences.blocks:
        potential = np.exp((block.scores - block.scores.max(0)) / scale)
        both = _forward(potential, block.edges, step)
        both *= _backward(potential, block.edges, step)
        both /= _sum_labels(both)
        parts.append(both)
    found: Floats = np.take(np.concatenate(parts, axis=1), sentences.place, axis=1)
    return found


def _forward(potential: Floats, edges: Sequence[int], step: Floats) -> Floats:
    found = np.empty_like(potential)
    now = potential[:, : edges[1]]
    for begin, end in pairwise(edges):
        if begin:
            now = potential[:, begin:end] * _chain(now[:, : end - begin], step)
        now = np.divide(now, _sum_labels(now), out=found[:, begin:end])
    return found


def _backward(potential: Floats, edges: Sequence[int], step: Floats) -> Floats:
    found = np.empty_like(potential)
    back = np.ascontiguousarray(step.T)
    for t in range(len(edges) - 2, -1, -1):
        grown = np.ones((len(step), edges[t + 1] - edges[t]))
        if t + 2 < len(edges):
            begin, end = edges[t + 1], edges[t + 2]
            grown[:, : end - begin] = _chain(found[:, begin:end] * potential[:, begin:end], back)
        np.divide(grown, _sum_labels(grown), out=found[:, edges[t] : edges[t + 1]])
    return found


def _chain(left: Floats, step: Floats) -> Floats:
    """The product of the step matrix with each column, summed label by label (a matrix product would sum as the processor likes)."""
    if left.shape[1] == 1:  # a single column would be summed in another order
        left = left.repeat(2, axis=1)
        return _chain(left, step)[:, :1]
    total: Floats = np.einsum("an,ab->bn", left, step)
    return total


def _sum_labels(rows: Floats) -> Floats:
    """The sum of each column, as numpy sums a row: eight in pairs, then the others one by one."""
    if len(rows) < 8:
        few: Floats = np.add.reduce(rows, axis=0)
        return few
    pairs = rows[0:8:2] + rows[1:8:2]
    pairs = pairs[0::2] + pairs[1::2]
    total: Floats = pairs[0] + pairs[1]
    for row in rows[8:]:
        total += row
    return total


def find_best(sentences: Sentences, transitions: Ints, label: int = 0, more: Ints | int = 0) -> Numbers:
    """The best label of each token.

    Args:
        sentences: the tokens with their scores.
        transitions: `transitions[a, b]` is what a label b after a adds.
        label: to the scores of this one `more` is added, one number for each token or for all.
    """
    packed = (transitions << _BITS) + (_MASK - np.arange(len(transitions), dtype=np.int32))[:, None]
    parts = [sentences.place[:0]]
    for block in sentences.blocks:
        own = block.scores << _BITS
        own[label] += np.left_shift(more if isinstance(more, int) else more[block.tokens], _BITS)
        parts.append(_best_of_block(own, block.edges, packed))
    found: Numbers = np.concatenate(parts)[sentences.place]
    return found


def _best_of_block(scores: Ints, edges: Sequence[int], transitions: Ints) -> Numbers:
    before = np.empty(scores.shape, np.int8)
    room = np.empty((*transitions.shape, edges[1]), np.int32)
    mark = (_MASK - np.arange(len(transitions), dtype=np.int32))[:, None]
    labels = np.empty(scores.shape[1], np.int64)
    now = scores[:, : edges[1]]
    for t, (begin, end) in enumerate(pairwise(edges)):
        if begin:
            paths = np.add(now[:, None, : end - begin], transitions[:, :, None], out=room[:, :, : end - begin])
            best = np.maximum.reduce(paths, axis=0)
            before[:, begin:end] = _MASK - (best & _MASK)
            now = (best & ~_MASK) + scores[:, begin:end]
        going_on = edges[t + 2] - end if t + 2 < len(edges) else 0
        labels[begin + going_on : end] = _MASK - (np.maximum.reduce(now[:, going_on:] + mark, axis=0) & _MASK)
    for begin, end, last in zip(reversed(edges[:-2]), reversed(edges[1:-1]), reversed(edges[2:]), strict=True):
        labels[begin : begin + last - end] = before[labels[end:last], np.arange(end, last)]
    return labels
