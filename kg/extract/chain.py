"""The linear chain of the tagger over many sentences at once: the probability of each label of each token, and the best labels.

Sentences go side by side, and every array has a row for each label and a column for each sentence, so that one step is a few operations
on long rows. A column never looks at another one, and sums are taken in one order: what else is read plays no part.

Label 0 is no name. Then stand, by turns, the begin and the inside of each kind of name; an inside follows on these two alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.extract.arrays import Floats, Ints, Numbers

BEGIN, INSIDE = slice(1, None, 2), slice(2, None, 2)
_BITS = 4  # the lowest bits of a packed path hold the label before: 15 less its number, so that the first of equals wins
_MASK = (1 << _BITS) - 1


@dataclass(frozen=True, slots=True)
class Order:
    """Sentences side by side, the longest first: step t holds `tokens[edges[t]:edges[t + 1]]`, one of each that is long enough.

    Token n stands at `place[n]`, the last ones of sentences at `ends`.
    """

    tokens: Numbers
    edges: list[int]
    ends: Numbers
    place: Numbers

    def steps(self) -> list[tuple[slice, slice]]:
        """For each step but the first, its tokens and, before them, those that they follow."""
        steps = zip(self.edges, self.edges[1:], self.edges[2:], strict=False)
        return [(slice(before, before + end - begin), slice(begin, end)) for before, begin, end in steps]


def order_tokens(begins: Numbers) -> Order:
    """Put sentences side by side; `begins` holds the first token of each, and the end of all."""
    lengths = np.diff(begins)
    order = np.argsort(-lengths, kind="stable")
    starts, sizes = begins[order].astype(np.int64), lengths[order]
    width = np.searchsorted(-sizes, -np.arange(sizes.max(initial=0)), side="left")
    edges = np.append(0, np.cumsum(width))
    step = np.repeat(np.arange(len(width)), width)
    tokens = starts[np.arange(edges[-1]) - edges[step]] + step
    place = np.empty_like(tokens)
    place[tokens] = np.arange(len(tokens))
    return Order(tokens, edges.tolist(), edges[sizes - 1] + np.arange(len(sizes)), place)


def find_marginals(order: Order, scores: Ints, step: Floats, scale: float) -> Floats:
    """Tokens × labels: the probability of each label of each token, forward and backward.

    Args:
        order: how sentences stand.
        scores: labels × tokens, in units of which `scale` make one.
        step: how much each label speaks for each next one, as a factor.
    """
    potential = np.exp((scores - scores.max(0)) / scale)
    found = potential.copy()
    for before, now in order.steps():
        grown = found[:, now]
        grown *= _chain(found[:, before], step)
        grown /= grown.max(0)
    back = np.ascontiguousarray(step.T)
    behind = np.ones((len(step), len(order.ends)))
    for before, now in reversed(order.steps()):
        size = now.stop - now.start
        grown = _chain(potential[:, now] * behind[:, :size], back)
        found[:, before] *= np.divide(grown, grown.max(0), out=behind[:, :size])
    found = np.ascontiguousarray(found.T)
    found /= found.sum(1, keepdims=True)
    return found


def _chain(left: Floats, step: Floats) -> Floats:
    """The product of the step matrix with each column, summed label by label (a matrix product would sum as the processor likes)."""
    if left.shape[1] == 1:  # a single column would be summed in another order
        left = left.repeat(2, axis=1)
        return _chain(left, step)[:, :1]
    total: Floats = np.einsum("an,ab->bn", left, step)
    return total


def find_best(order: Order, scores: Ints, transitions: Ints, more: Ints | int = 0) -> Numbers:
    """The best label of each token, in the order of the text.

    Args:
        order: how sentences stand.
        scores: labels × tokens.
        transitions: `transitions[a, b]` is what a label b after a adds.
        more: is added to the scores of no name, one number for each token of the text or for all.
    """
    mark = _MASK - np.arange(len(transitions), dtype=np.int32)[:, None]
    paths = scores << _BITS
    paths[0] += np.left_shift(more if isinstance(more, int) else more[order.tokens], _BITS)
    ways = _follow(paths, order, (transitions << _BITS) + mark)
    labels = np.empty(len(order.tokens), np.int64)
    labels[order.ends] = _MASK - (np.maximum.reduce(paths[:, order.ends] + mark, axis=0) & _MASK)
    for before, now in reversed(order.steps()):
        labels[before] = _MASK - (ways[labels[now], np.arange(now.start, now.stop)] & _MASK)
    found: Numbers = labels[order.place]
    return found


def _follow(paths: Ints, order: Order, transitions: Ints) -> Ints:
    """Turn scores into those of the best path to each label; found is what that path has before its last label, and the label before."""
    ways = np.empty_like(paths)
    room = np.empty((len(paths), len(order.ends)), np.int32)
    entering, going_on = np.diag(transitions, 1)[1::2, None], np.diag(transitions)[INSIDE, None]
    for before, now in order.steps():
        last, way = paths[:, before], ways[:, now]
        for label in (0, *range(len(paths))[BEGIN]):
            np.maximum.reduce(np.add(last, transitions[:, label, None], out=room[:, : last.shape[1]]), axis=0, out=way[label])
        np.maximum(last[BEGIN] + entering, last[INSIDE] + going_on, out=way[INSIDE])
        paths[:, now] += way & ~_MASK
    return ways
