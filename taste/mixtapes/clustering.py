"""What a week mostly sounded like: its dominant cluster. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from taste.mapping.neighbours import nearest
from taste.mapping.reducing import Doubles

LEAST_FOR_CLUSTERS = 12
SHARE_OF_A_CLUSTER = 0.1  # of the tracks, 5 at least: what is smaller is a handful by chance
N_AROUND = 15


@dataclass(frozen=True, slots=True)
class Cluster:
    """rows: indices of its tracks, ascending. n_found: clusters there were; how: which of the three ways found it."""

    rows: NDArray[np.int64]
    n_found: int
    how: Literal["all", "cluster", "densest"]


def dominant(rows: Doubles, weights: Doubles) -> Cluster:
    """The cluster with most of the weight.

    rows: (n, k), n >= 1. weights: plays, (n,). Below 12 rows all of them. Where everything is noise, the 15 nearest of
    the densest row: the one whose neighbours lie nearest. The same input gives the same answer.
    Source: Campello, Moulavi and Sander 2013, “Density-based clustering based on hierarchical density estimates”.
    """
    n = len(rows)
    if n < LEAST_FOR_CLUSTERS:
        return Cluster(np.arange(n), 0, "all")
    from sklearn.cluster import HDBSCAN

    least = max(5, round(SHARE_OF_A_CLUSTER * n))
    labels = HDBSCAN(min_cluster_size=least, min_samples=min(5, least), copy=True).fit_predict(rows)
    if labels.max() >= 0:
        plays = np.bincount(labels[labels >= 0], weights[labels >= 0])
        return Cluster(np.flatnonzero(labels == plays.argmax()), len(plays), "cluster")
    near, distances = nearest(rows.astype(np.float32), rows.astype(np.float32), min(N_AROUND, n), are_same=True)
    return Cluster(np.sort(near[distances.mean(axis=1).argmin()]), 0, "densest")
