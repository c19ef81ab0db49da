"""Push boxes apart until none overlaps another, looking only at near pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_ROUNDS = 400


def spread(points: Points, halves: Any, gap: float) -> Points:
    """Move centres as little as needed, so that boxes with these half widths and heights keep `gap` between them.

    Each pair is pushed along the axis on which it overlaps least. Where pushing does not settle, the whole is stretched a little and pushed
    again: it ends, since a wide enough picture has room.
    """
    import numpy as np

    turn = np.arange(len(points)) * 2.4
    points = points + 1e-3 * np.stack([np.cos(turn), np.sin(turn)], axis=1)  # no two alike
    for number in range(_ROUNDS):
        first, second = near_pairs(points, 2 * halves.max(axis=0) + gap)
        away = points[second] - points[first]
        lacking = halves[first] + halves[second] + gap - np.abs(away)
        touching = lacking.min(axis=1) > 0.05
        if not touching.any():
            break
        axis = np.argmin(lacking, axis=1)
        for way in (0, 1):
            pushed = touching & (axis == way)
            push = np.where(away[pushed, way] < 0, -1, 1) * (0.5 * lacking[pushed, way] + 0.02)
            points[:, way] += np.bincount(second[pushed], push, len(points)) - np.bincount(first[pushed], push, len(points))
        if number % 40 == 39:
            points *= 1.06
    return points


def near_pairs(points: Points, reach: Any) -> tuple[Any, Any]:
    """All pairs of points nearer than `reach` (by axis), each once: a grid of cells of that size, and each cell's neighbours."""
    import numpy as np

    cells = np.floor((points - points.min(axis=0)) / np.maximum(reach, 1e-9)).astype(np.int64) + 1
    stride = int(cells[:, 1].max()) + 3
    keys = cells[:, 0] * stride + cells[:, 1]
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    firsts, seconds = [], []
    for step in (0, 1, stride - 1, stride, stride + 1):
        low = np.searchsorted(ranked, ranked + step, "left") if step else np.arange(len(order)) + 1
        high = np.searchsorted(ranked, ranked + step, "right")
        counts = np.maximum(high - low, 0)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        firsts.append(order[np.repeat(np.arange(len(order)), counts)])
        seconds.append(order[np.repeat(low, counts) + within])
    return np.concatenate(firsts), np.concatenate(seconds)
