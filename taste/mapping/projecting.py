"""Many dimensions become two: UMAP, or the two main axes where there is too little for it. Pure.

New tracks are placed without UMAP: as the mean of their nearest fitted neighbours' places, weighted as UMAP weighs
neighbours. That is where UMAP's own transform begins; it needs no fitted object to be kept (they are pickles, and a
pickle runs what is in it), none of UMAP's half minute of compiling, and works where UMAP is not installed. What its
last step would add comes with the next refit.

A refit starts from the old places. UMAP's class stretches whatever it is given to a square of 10 by 10 first, which
tears the map apart; so its optimiser is called itself, from the old places as they are.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from taste.mapping.aligning import similarity_onto
from taste.mapping.neighbours import memberships, nearest

Floats = NDArray[np.float32]
Method = Literal["umap", "pca"]

LEAST_FOR_UMAP = 60
N_NEIGHBOURS = 50
MIN_DIST = 0.1
N_PLACING = 15  # neighbours that place a new track: trustworthiness 0.994 against 0.997 of fitted ones, 1,000 tracks
# A warm refit: so many rounds, so strongly. Over 29 refits of 10 % each the map stays as trustworthy as one fitted from
# scratch (0.995), and a refit moves tracks by 0.12 s.d. on average; at full strength by 0.24.
WARM_ROUNDS, WARM_STRENGTH = 100, 0.25
NEGATIVES = 5.0  # UMAP's default


@dataclass(frozen=True, slots=True)
class Standard:
    """What brings each dimension to mean 0 and s.d. 1. mean, scale: (d,)."""

    mean: Floats
    scale: Floats

    def __call__(self, vectors: Floats) -> Floats:
        return ((vectors - self.mean) / self.scale).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Flat:
    """A projection: standardised vectors (n, d) @ axes (d, 2) + shift (2,)."""

    axes: NDArray[np.float64]
    shift: NDArray[np.float64]

    def __call__(self, standardised: Floats) -> Floats:
        return (standardised.astype(np.float64) @ self.axes + self.shift).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Fitted:
    """places: (n, 2), in the order of the vectors. flat: how others are placed; None: among their neighbours."""

    method: Method
    standard: Standard
    places: Floats
    flat: Flat | None
    is_warm: bool


def is_umap_there() -> bool:
    """Whether the package is installed; does not import it."""
    return importlib.util.find_spec("umap") is not None


def standard_of(vectors: Floats) -> Standard:
    """Mean and population s.d. of each dimension; a dimension that is the same everywhere keeps scale 1."""
    sd = vectors.std(axis=0, dtype=np.float64)
    return Standard(
        vectors.mean(axis=0, dtype=np.float64).astype(np.float32), np.where(sd > 1e-9, sd, 1).astype(np.float32)
    )


def fit(
    vectors: Floats, *, seed: int, method: Method, before: Floats | None = None, before_by: Method | None = None
) -> Fitted:
    """The map of these tracks.

    vectors: (n, d), n >= 1, finite. before: (n, 2), where each track lay on the map before, NaN for new ones; the new
    map is turned, mirrored and sized onto it, and UMAP after UMAP starts from it. before_by: what drew that map. The
    same input and seed give the same bytes on one machine. Raises ValueError without rows, ImportError for UMAP where
    it is not installed.
    Source: McInnes, Healy and Melville 2018 (arXiv 1802.03426); umap-learn 0.5.
    """
    if not len(vectors):
        raise ValueError("A map of no tracks.")
    standard = standard_of(vectors)
    rows = standard(vectors)
    was_there = np.zeros(len(rows), np.bool_)
    if before is not None:
        was_there |= np.isfinite(before).all(axis=1)
    is_warm = method == "umap" and before_by == "umap" and bool(was_there.sum() >= LEAST_FOR_UMAP)
    flat: Flat | None = None
    if method == "pca":
        flat = _main_axes(rows)
        places = flat(rows)
    else:
        start = _start(rows, before, was_there) if is_warm and before is not None else None
        places = _umap(rows, seed=seed, start=start)
    if before is not None and was_there.any():
        turned = similarity_onto(places[was_there], before[was_there], keeps_size=method != before_by)
        places = turned(places).astype(np.float32)
        if flat is not None:
            flat = Flat(turned.size * flat.axes @ turned.turn, turned.size * flat.shift @ turned.turn + turned.shift)
    return Fitted(method, standard, places, flat, is_warm)


def place(rows: Floats, fitted_rows: Floats, fitted_places: Floats, flat: Flat | None) -> Floats:
    """Where tracks that were not fitted lie: (n, 2).

    rows: (n, d) and fitted_rows: (m, d), both standardised by the map's `Standard`. fitted_places: (m, 2). By `flat`
    where the map has one, else among the nearest 15 fitted tracks. A copy of a fitted track lands next to it.
    """
    if flat is not None:
        return flat(rows)
    near, distances = nearest(rows, fitted_rows, min(N_PLACING, len(fitted_rows)))
    weights = memberships(distances)
    weights /= weights.sum(axis=1, keepdims=True)
    places: Floats = np.einsum("nk,nkc->nc", weights, fitted_places[near]).astype(np.float32)
    return places


def trustworthiness_of(rows: Floats, places: Floats, *, n_neighbours: int = 15, n_most: int = 1_500) -> float | None:
    """How many of a track's neighbours on the map are its neighbours in truth: 0 to 1, 0.5 by chance.

    rows: (n, d), places: (n, 2). Beyond `n_most` tracks an even sample of them is judged, as the measure wants all
    distances. None below 8 tracks.
    Source: Venna and Kaski 2001.
    """
    if len(rows) < 8:
        return None
    from sklearn.manifold import trustworthiness

    some = np.linspace(0, len(rows) - 1, min(n_most, len(rows))).astype(int)
    return float(trustworthiness(rows[some], places[some], n_neighbors=min(n_neighbours, len(some) // 2 - 1)))


def _main_axes(rows: Floats) -> Flat:
    """The two axes of most variance, each pointing to where its largest share is positive; missing ones are zeros."""
    axes = np.zeros((rows.shape[1], 2))
    found = np.linalg.svd(rows.astype(np.float64), full_matrices=False)[2][:2].T
    axes[:, : found.shape[1]] = found
    largest = np.abs(axes).argmax(axis=0)
    axes *= np.where(axes[largest, [0, 1]] < 0, -1.0, 1.0)
    return Flat(axes, np.zeros(2))


def _start(rows: Floats, before: Floats, was_there: NDArray[np.bool_]) -> Floats:
    start = before.copy()
    start[~was_there] = place(rows[~was_there], rows[was_there], before[was_there], None)
    return start


def _umap(rows: Floats, *, seed: int, start: Floats | None) -> Floats:
    import umap

    n_neighbours = min(N_NEIGHBOURS, len(rows) - 1)
    near, distances = nearest(rows, rows, n_neighbours, are_same=True)
    if start is None:
        import warnings

        with warnings.catch_warnings():  # it says that it will use one thread, and that it keeps no search index
            warnings.simplefilter("ignore")
            fresh = umap.UMAP(
                n_neighbors=n_neighbours, min_dist=MIN_DIST, random_state=seed, precomputed_knn=(near, distances)
            )
            return np.asarray(fresh.fit_transform(rows), np.float32)
    return _on_from(start, rows, near, distances, seed=seed)


def _on_from(start: Floats, rows: Floats, near: NDArray[np.int64], distances: Floats, *, seed: int) -> Floats:
    """UMAP's layout, going on from where the tracks lay."""
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, make_epochs_per_sample

    random = np.random.RandomState(seed)
    graph: Any = fuzzy_simplicial_set(rows, near.shape[1], random, "euclidean", knn_indices=near, knn_dists=distances)[
        0
    ].tocoo()
    graph.sum_duplicates()
    graph.data[graph.data < graph.data.max() / WARM_ROUNDS] = 0
    graph.eliminate_zeros()
    a, b = find_ab_params(1.0, MIN_DIST)
    places = np.array(start, np.float32, order="C")
    limits = np.iinfo(np.int32)
    found = optimize_layout_euclidean(
        places,
        places,
        graph.row,
        graph.col,
        WARM_ROUNDS,
        len(rows),
        make_epochs_per_sample(graph.data, WARM_ROUNDS),
        a,
        b,
        random.randint(limits.min + 1, limits.max - 1, 3).astype(np.int64),
        1.0,
        WARM_STRENGTH,
        NEGATIVES,
        parallel=False,
        verbose=False,
        move_other=True,
    )
    return np.asarray(found, np.float32)
