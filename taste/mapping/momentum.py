"""How far a week lies from where a listener had been heading. Pure; in the embedding space, so no map decides it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPAN = 4
SHARE_OF_NEW = 2 / (SPAN + 1)


def momenta(weeks: Sequence[date], centroids: NDArray[np.floating[Any]]) -> list[float | None]:
    """The length of each week's centroid minus its exponential moving average of span 4, that week included.

    weeks: n Mondays, rising. centroids: (n, d), one a week, all in one space. None for the first week, which has
    nothing before it. Weeks without music let the average fade as if it were getting on: after k weeks the old part
    weighs 0.6^k. No weeks give []. The unit is that of the vectors.
    Source: the average is the usual one, S = a x + (1 - a) S, a = 2 / (span + 1) (Roberts 1959).
    """
    found: list[float | None] = []
    average: NDArray[np.float64] | None = None
    for place, (week, centroid) in enumerate(zip(weeks, np.asarray(centroids, np.float64), strict=True)):
        if average is None:
            average = centroid
            found.append(None)
            continue
        n_weeks = max(1, (week - weeks[place - 1]).days // 7)
        kept = (1 - SHARE_OF_NEW) ** n_weeks
        average = kept * average + (1 - kept) * centroid
        found.append(float(np.linalg.norm(centroid - average)))
    return found
