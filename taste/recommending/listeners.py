"""What listeners' plays say of albums: which are played by the same people, and factors of all plays.

Pure: sparse matrices in, scores out; no Django. One thread and fixed seeds: the same plays give the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Scores = NDArray[np.float32]
N_NEIGHBOURS = 100  # of each album
N_FACTORS, N_ROUNDS, PULL, SEED = 64, 15, 10.0, 20251120
K_ITEMS, B_ITEMS = 1.2, 0.75  # BM25 for neighbours, as usual for text
K_FACTORS, B_FACTORS = 100.0, 0.8  # for factors plays count on for longer


class Weights:
    """BM25 of plays, with albums as documents and listeners as words; keeps what a further listener is weighed by.

    Source: Robertson and Zaragoza 2009, as `implicit.nearest_neighbours.bm25_weight` applies it.
    """

    def __init__(self, plays: csr_matrix, k: float, b: float) -> None:
        per_album = np.asarray(plays.sum(axis=0), dtype=np.float64).ravel()
        mean = per_album.mean() if per_album.size else 1.0
        self.k, self.n_albums = k, plays.shape[1]
        self.lengths = (1 - b) + b * per_album / (mean or 1.0)

    def of(self, plays: csr_matrix) -> csr_matrix:
        """plays: shape (n_listeners, n_albums), of anybody; the same shape comes back, float32."""
        weighed = plays.astype(np.float64).tocsr(copy=True)
        n_each = np.diff(weighed.indptr)
        says = np.maximum(np.log(max(self.n_albums, 1)) - np.log1p(n_each), 0.05)  # who plays everything says little
        own = np.repeat(says, n_each)
        weighed.data = weighed.data * (self.k + 1) / (self.k * self.lengths[weighed.indices] + weighed.data) * own
        return weighed.astype(np.float32)


class Neighbours:
    """Albums by who plays them: `alike[i, j]` is how much playing album i speaks for album j."""

    def __init__(self, plays: csr_matrix) -> None:
        from implicit.nearest_neighbours import all_pairs_knn
        from scipy.sparse import csr_matrix as rows_first

        self.weights = Weights(plays, K_ITEMS, B_ITEMS)
        weighed = self.weights.of(plays).astype(np.float64)
        alike = rows_first(all_pairs_knn(weighed, N_NEIGHBOURS + 1, show_progress=False, num_threads=1))
        alike.setdiag(0)
        alike.eliminate_zeros()
        self.alike = alike.astype(np.float32)
        self._speaking_for = self.alike.tocsc()

    def scores(self, plays: csr_matrix) -> Scores:
        """Shape (n_listeners, n_albums): the sum over a listener's albums of what each speaks for."""
        found: Scores = (self.weights.of(plays) @ self.alike).toarray()
        return found

    def because(self, row: csr_matrix, album: int, *, n: int = 2) -> list[int]:
        """Of one listener's albums the ones that contribute most to `album`, the most first; none that says nothing."""
        return self.because_of(self.own_weights(row), album, n=n)

    def own_weights(self, row: csr_matrix) -> Scores:
        """What each of one listener's albums weighs in their scores, shape (n_albums,): for many `because_of`."""
        found: Scores = self.weights.of(row).toarray()[0]
        return found

    def because_of(self, own: Scores, album: int, *, n: int = 2) -> list[int]:
        between = slice(self._speaking_for.indptr[album], self._speaking_for.indptr[album + 1])
        albums = self._speaking_for.indices[between]
        parts = self._speaking_for.data[between] * own[albums]
        order = np.lexsort((albums, -parts))
        return [int(albums[at]) for at in order[:n] if parts[at] > 0]


class Factors:
    """Listeners and albums as points in one space (implicit alternating least squares).

    Source: Hu, Koren and Volinsky 2008; the library `implicit`.
    """

    def __init__(self, plays: csr_matrix) -> None:
        from implicit.cpu.als import AlternatingLeastSquares

        self.weights = Weights(plays, K_FACTORS, B_FACTORS)
        n_factors = max(1, min(N_FACTORS, min(plays.shape) // 2))
        self.model: Any = AlternatingLeastSquares(
            factors=n_factors, regularization=PULL, iterations=N_ROUNDS, num_threads=1, random_state=SEED
        )
        self.model.fit(self.weights.of(plays), show_progress=False)

    def scores(self, plays: csr_matrix) -> Scores:
        """Shape (n_listeners, n_albums); listeners are placed anew, so that they need not be among the learned ones."""
        placed = self.model.recalculate_user(np.arange(plays.shape[0]), self.weights.of(plays))
        found: Scores = placed @ self.model.item_factors.T
        return found
