"""Pack communities beside one another, close together, those with links between them side by side.

Each is taken as the convex hull of its boxes, drawn on a grid of cells; one after another, the largest first, goes to the free place that is
nearest to the middle and to those that it has links with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_CHOSEN = 90  # shapes that get a place of their own choice; the many small rest stand in rows below
_CELLS = 75  # cells along a side of a square that has room for all
_STEPS = 4000  # places that are tried for one shape, about
_AT_ONCE = 128


def pack_shapes(corners: Sequence[Points], margin: float, pull: Mapping[tuple[int, int], float], aspect: float) -> Points:
    """Where the origins of shapes go.

    Args:
        corners: The corners of each shape's boxes around its own origin, the largest shape first.
        margin: Room around each shape.
        pull: How strongly a pair of shapes wants to be near.
        aspect: Width by height to aim at.
    """
    import numpy as np

    centres = np.zeros((len(corners), 2))
    extents = np.array([np.ptp(points, axis=0) + 2 * margin for points in corners])
    chosen = min(len(corners), _CHOSEN)
    cell = float(np.sqrt(extents[:chosen].prod(axis=1).sum()) / _CELLS)
    half = int(extents[:chosen].max(axis=1).sum() / cell) + 3
    taken = np.zeros((2 * half + 1, 2 * half + 1), dtype=bool)
    weight = _weights(chosen, pull)
    for number in range(chosen):
        cells = _covered(corners[number], margin, cell)
        if number:
            centres[number] = _best_place(cells, taken, centres[:number], weight[number, :number], aspect, cell)
        at = cells + np.round(centres[number] / cell).astype(int) + half
        taken[at[:, 0], at[:, 1]] = True
    if len(corners) > chosen:
        _stand_in_rows(corners, extents, centres, chosen, aspect)
    return centres


def _weights(count: int, pull: Mapping[tuple[int, int], float]) -> Any:
    import numpy as np

    weight = np.zeros((count, count))
    for (a, b), value in pull.items():
        if b < count:
            weight[a, b] = weight[b, a] = value
    top = weight.max() if weight.size else 0
    return weight / top if top else weight


def _covered(corners: Points, margin: float, cell: float) -> Any:
    """The cells that a shape covers with its margin, as offsets from its origin."""
    import numpy as np

    low, high = np.floor((corners.min(axis=0) - margin) / cell).astype(int), np.ceil((corners.max(axis=0) + margin) / cell).astype(int)
    grid = np.stack(np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1), indexing="ij"), axis=-1).reshape(-1, 2)
    angle = np.arange(16) * (np.pi / 8)
    ways = np.stack([np.cos(angle), np.sin(angle)])
    reach = (corners @ ways).max(axis=0) + margin  # the hull, as the sixteen half planes that hold all corners
    inside: Any = grid[((grid * cell) @ ways <= reach + cell / 2).all(axis=1)]
    return inside


def _best_place(cells: Any, taken: Any, centres: Points, weight: Any, aspect: float, cell: float) -> Points:
    import numpy as np

    half = len(taken) // 2
    used = np.argwhere(taken) - half
    low, high = used.min(axis=0) - cells.max(axis=0) - 1, used.max(axis=0) - cells.min(axis=0) + 1
    step = max(1, int(np.sqrt((high - low + 1).prod() / _STEPS)))
    tried = np.stack(np.meshgrid(*(np.arange(low[i], high[i] + step, step) for i in (0, 1)), indexing="ij"), axis=-1).reshape(-1, 2)
    places = tried * cell
    shape = np.array([aspect**-0.5, aspect**0.5])
    cost = np.hypot(*(places * shape).T)
    away = (places[:, None] - centres[None]) * shape
    cost += 0.5 * (np.hypot(away[..., 0], away[..., 1]) * weight[None]).sum(axis=1) / max(weight.sum(), 1e-9)
    order = np.argsort(np.round(cost, 3), kind="stable")
    padded = np.pad(taken, int(np.abs(cells).max()) + step + 2)
    shift = (len(padded) - len(taken)) // 2 + half
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        at = tried[some][:, None] + cells[None] + shift
        free = ~padded[at[..., 0], at[..., 1]].any(axis=1) & ((at >= shift - half) & (at <= shift + half)).all(axis=(1, 2))
        if free.any():
            place: Points = places[some[int(np.argmax(free))]]
            return place
    raise AssertionError("there is always room at the rim")


def _stand_in_rows(corners: Sequence[Points], extents: Any, centres: Points, chosen: int, aspect: float) -> None:
    """Put the shapes without a chosen place in rows below the others."""
    import numpy as np

    placed = np.concatenate([corners[i] + centres[i] for i in range(chosen)])
    left, y = float(placed[:, 0].min()), float(placed[:, 1].max())
    width = max(float(np.ptp(placed[:, 0])), float(np.sqrt(aspect * extents[chosen:].prod(axis=1).sum())))
    x, height = left, 0.0
    for number in range(chosen, len(corners)):
        wide, high = (float(value) for value in extents[number])
        if x + wide > left + width:
            x, y, height = left, y + height, 0.0
        middle = (corners[number].min(axis=0) + corners[number].max(axis=0)) / 2
        centres[number] = np.array([x + wide / 2, y + high / 2]) - middle
        x, height = x + wide, max(height, high)
