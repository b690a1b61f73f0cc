"""The geometry of charts: stacked streams, curves that never overshoot, polygons of axes, room for points. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
Edge = list[float]


NOTHING = 1e-6  # closer than that is one place


def stream(layers: Sequence[Sequence[float]]) -> list[Edge]:
    """The edges of a streamgraph, one more than layers, from the lowest up: the whole lies evenly about zero.

    layers: one sequence of amounts >= 0 per layer, all of one length. Without layers there are no edges.
    Source: the symmetric baseline -total/2 of Byron and Wattenberg, Stacked graphs, 2008.
    """
    if not layers:
        return []
    edge = [-sum(amounts) / 2 for amounts in zip(*layers, strict=True)]
    edges = [edge]
    for layer in layers:
        edge = [low + amount for low, amount in zip(edge, layer, strict=True)]
        edges.append(edge)
    return edges


def eased(values: Sequence[float], n_between: int) -> list[float]:
    """`values` with `n_between` values between each two, leaving and arriving level (smoothstep 3t² - 2t³).

    The weights depend on the place alone, so curves that are made this way keep their order and never cross.
    """
    if len(values) < 2 or n_between < 1:
        return list(values)
    steps = [t * t * (3 - 2 * t) for t in (each / (n_between + 1) for each in range(n_between + 1))]
    between = [a + (b - a) * s for a, b in pairwise(values) for s in steps]
    return [*between, values[-1]]


def spread(n: int, n_between: int) -> list[float]:
    """The places that belong to `eased`: 0, 1/(n_between+1), … n-1."""
    if n < 2 or n_between < 1:
        return [float(each) for each in range(n)]
    return [each / (n_between + 1) for each in range((n - 1) * (n_between + 1) + 1)]


def polygon(values: Sequence[float], radius: float = 1.0) -> list[Point]:
    """Corners of a radar: one spoke a value (0 to 1) from the top clockwise, y upwards."""
    n = len(values)
    return [
        (
            radius * min(max(value, 0.0), 1.0) * math.sin(2 * math.pi * at / n),
            radius * min(max(value, 0.0), 1.0) * math.cos(2 * math.pi * at / n),
        )
        for at, value in enumerate(values)
    ]


def room(points: Sequence[Point], share: float = 0.08) -> tuple[float, float, float, float]:
    """A square that holds all points with some room around: left, bottom, right, top. Without points, -1 to 1."""
    if not points:
        return (-1.0, -1.0, 1.0, 1.0)
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    reach = max(right - left, top - bottom)
    half = reach * (0.5 + share) if reach > NOTHING else 1.0
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    return (middle_x - half, middle_y - half, middle_x + half, middle_y + half)


def widest(low: Sequence[float], high: Sequence[float], margin: int = 1) -> int:
    """Where a band has most room for its name, a little away from the ends."""
    inner = range(margin, len(low) - margin) if len(low) > 2 * margin else range(len(low))
    return max(inner, key=lambda at: high[at] - low[at], default=0)


def evenly(n: int, most: int) -> list[int]:
    """At most `most` places out of `n`, evenly spread, the last always among them: which ticks have room."""
    if n <= 0 or most <= 0:
        return []
    step = math.ceil(n / most)
    return list(range((n - 1) % step, n, step))


def legible(points: Sequence[Point], words: Sequence[str], square: tuple[float, float, float, float]) -> list[int]:
    """Which points may have their words beside them without any two overlapping; earlier ones come first.

    A letter is taken as 1.15 % of the square's side wide and a line as 3 % high, which suits 12 px on 600. Words stand
    to the right of their point, to the left in the right third (`is_right`).
    """
    left, bottom, right, top = square
    side = right - left
    taken: list[tuple[float, float, float, float]] = []
    found: list[int] = []
    for at, ((x, y), word) in enumerate(zip(points, words, strict=True)):
        wide, high = (0.03 + 0.0115 * len(word)) * side, 0.03 * side
        x0 = x - wide if is_right(x, square) else x
        box = (x0, y - high / 2, x0 + wide, y + high / 2)
        is_inside = box[0] >= left and box[2] <= right and box[1] >= bottom and box[3] <= top
        if is_inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            found.append(at)
    return found


def is_right(x: float, square: tuple[float, float, float, float]) -> bool:
    """In the right third, where words go to the left."""
    return x > square[0] + (square[2] - square[0]) * 2 / 3


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
