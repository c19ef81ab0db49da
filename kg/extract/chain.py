"""The linear chain of the tagger over many sentences at once: the probability of each label of each token, and the best labels.

Sentences go side by side, and every array has a row for each label and a column for each sentence, so that one step is a few operations
on long rows. A column never looks at another one, and sums are taken in one order: what else is read plays no part.

Label 0 is no name. Then stand, by turns, the begin and the inside of each kind of name; an inside follows on these two alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.extract.arrays import Bytes, Floats, Ints, Numbers, Shorts

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


def find_marginals(order: Order, scores: Shorts, step: Floats, scale: float) -> Floats:
    """Tokens × labels: the probability of each label of each token, forward and backward.

    The way back is scaled as the way forward was, so that both together give the same sum for each token of a sentence.

    Args:
        order: how sentences stand.
        scores: labels × tokens, in units of which `scale` make one.
        step: how much each label speaks for each next one, as a factor.
    """
    factors = np.empty(scores.shape)
    found = np.empty_like(factors)
    found[:, : len(order.ends)] = np.exp(scores[:, : len(order.ends)] / scale)
    for before, now in order.steps():
        factor = np.divide(scores[:, now], scale, out=factors[:, now])
        np.exp(factor, out=factor)
        grown = _chain(found[:, before], step, found[:, now])
        grown *= factor
        shrink = 1.0 / grown.max(0)
        grown *= shrink
        factor *= shrink
    back = np.ascontiguousarray(step.T)
    behind = np.empty((len(step), len(order.ends)))
    behind[:] = 1.0 / sum(found[:, order.ends])
    found[:, order.ends] *= behind
    for before, now in reversed(order.steps()):
        grown = behind[:, : now.stop - now.start]
        _chain(factors[:, now] * grown, back, grown)
        found[:, before] *= grown
    return np.ascontiguousarray(found.T)


def _chain(left: Floats, step: Floats, out: Floats) -> Floats:
    """The product of the step matrix with each column, summed label by label (a matrix product would sum as the processor likes)."""
    if left.shape[1] == 1:  # a single column would be summed in another order
        out[:] = np.einsum("an,ab->bn", left.repeat(2, axis=1), step)[:, :1]
    else:
        np.einsum("an,ab->bn", left, step, out=out)
    return out


def find_best(order: Order, scores: Shorts, transitions: Ints, more: Ints) -> Numbers:
    """Readings × tokens: the best label of each token in the order of the text, for several readings at once.

    Args:
        order: how sentences stand.
        scores: labels × tokens.
        transitions: `transitions[a, b]` is what a label b after a adds.
        more: readings × tokens of the text: what each reading adds to the scores of no name.
    """
    ways, ends = _follow(order, scores, transitions, np.take(more, order.tokens, axis=1) << _BITS)
    labels = np.empty(more.shape, np.int64)
    labels[:, order.ends] = ends
    nth = np.arange(len(more))[:, None]
    for (before, now), way in zip(reversed(order.steps()), reversed(ways), strict=True):
        labels[:, before] = way[labels[:, now], nth, np.arange(now.stop - now.start)] ^ _MASK
    return np.take(labels, order.place, axis=1)


def _follow(order: Order, scores: Shorts, transitions: Ints, more: Ints) -> tuple[list[Bytes], Ints]:
    """For each step but the first the label before each, labels × readings × tokens, on the best path to it; and the last labels of all."""
    mark = _MASK - np.arange(len(transitions), dtype=np.int32)
    steps = (transitions << _BITS) + mark[:, None]
    entering, going_on = np.diag(steps, 1)[1::2, None, None], np.diag(steps)[INSIDE, None, None]
    paths = _enter(scores[:, : len(order.ends)], more[:, : len(order.ends)])
    ends, room = paths.copy(), np.empty_like(paths)
    ways = []
    for _, now in order.steps():
        size = now.stop - now.start
        last, way = paths[..., :size], np.empty((*paths.shape[:2], size), np.int32)
        for label in (0, *range(len(paths))[BEGIN]):
            np.maximum.reduce(np.add(last, steps[:, label, None, None], out=room[..., :size]), axis=0, out=way[label])
        np.maximum(last[BEGIN] + entering, last[INSIDE] + going_on, out=way[INSIDE])
        ways.append((way & _MASK).astype(np.uint8))
        way &= ~_MASK
        way += _enter(scores[:, now], more[:, now])
        ends[..., size : paths.shape[-1]] = paths[..., size:]
        paths = way
    ends[..., : paths.shape[-1]] = paths
    return ways, _MASK - (np.maximum.reduce(ends + mark[:, None, None], axis=0) & _MASK)


def _enter(scores: Shorts, more: Ints) -> Ints:
    """Labels × readings × tokens: what tokens add to the paths through them."""
    found = np.repeat(np.left_shift(scores, _BITS, dtype=np.int32)[:, None], len(more), axis=1)
    found[0] += more
    return found
