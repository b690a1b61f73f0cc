"""What albums are like in themselves: their tags, and how their tracks sound. Needs no other listeners.

Pure: matrices in, scores out; no Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Scores = NDArray[np.float32]
N_LOOKED_AT = 200  # of a listener's albums, the most played, when one is named as the likest


class Contents:
    """Albums as rows of length 1 (zeros: nothing is known), with what a listener's plays make of them."""

    def __init__(self, vectors: Any) -> None:
        """vectors: shape (n_albums, n_dimensions), sparse or dense, >= 0 or centred; scale does not matter."""
        from scipy.sparse import csr_matrix as rows_first

        rows = rows_first(vectors, dtype=np.float32)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        self.is_known: NDArray[np.bool_] = lengths > 1e-9
        rows.data = rows.data / np.repeat(np.where(self.is_known, lengths, 1), np.diff(rows.indptr))
        self.rows: csr_matrix = rows

    def scores(self, plays: csr_matrix) -> Scores:
        """Shape (n_listeners, n_albums): cosine of each album to the listener's plays, each album by its logarithm.

        A listener without plays of known albums has zeros; an album of which nothing is known has 0.
        """
        return self.to_profiles(self.profiles(plays))

    def profiles(self, plays: csr_matrix) -> NDArray[np.float32]:
        """Shape (n_listeners, n_dimensions), rows of length 1 or zeros: the mean of what each plays."""
        own = plays.astype(np.float32).tocsr(copy=True)
        own.data = np.log1p(own.data)
        return unit((own @ self.rows).toarray())

    def to_profiles(self, profiles: NDArray[np.float32]) -> Scores:
        found: Scores = (self.rows @ profiles.T).T.astype(np.float32)
        return np.ascontiguousarray(found)

    def nearest_own(self, row: csr_matrix, album: int, *, n: int = 1) -> list[int]:
        """Of one listener's most played albums the ones most like `album`, the most first; none unlike it."""
        own = np.asarray(row.indices)[np.argsort(-row.data, kind="stable")[:N_LOOKED_AT]]
        alike = np.asarray((self.rows[own] @ self.rows[album].T).todense()).ravel()
        order = np.lexsort((own, -alike))
        return [int(own[at]) for at in order[:n] if alike[at] > 1e-6 and own[at] != album]

    def shared_dimensions(self, profile: NDArray[np.float32], album: int, *, n: int = 2) -> list[int]:
        """The dimensions that contribute most to the cosine, the most first; none that contributes nothing."""
        row = self.rows[album]
        parts = row.data * profile[row.indices]
        order = np.lexsort((row.indices, -parts))
        return [int(row.indices[at]) for at in order[:n] if parts[at] > 1e-6]


def by_artist(plays: csr_matrix, artists: NDArray[np.int64], n_listeners: NDArray[np.int64]) -> Scores:
    """Shape (n_listeners, n_albums): the logarithm of a listener's plays of each album's artist, 0 for none.

    artists, n_listeners: of each album, shape (n_albums,); of one artist's albums the one with more listeners is first.
    """
    _, at = np.unique(artists, return_inverse=True)
    found = np.zeros(plays.shape, np.float32)
    liked = np.log1p(n_listeners) / (1 + np.log1p(n_listeners.max(initial=0))) / 1_000
    for place in range(plays.shape[0]):
        row = plays[place]
        heard = np.bincount(at[row.indices], row.data, at.max(initial=-1) + 1)[at]
        found[place] = np.where(heard > 0, np.log1p(heard) + liked, 0)
    return found


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-9)
    return found


def tag_rows(tags: Sequence[Mapping[int, float]], n_tags: int) -> csr_matrix:
    """Albums by tag, shape (n_albums, n_tags): the root of each weight × ln(albums / albums with the tag).

    tags: of each album, tag → weight, > 0. A tag that all albums have says nothing and weighs nothing.
    Source: tf-idf, Spärck Jones 1972; the root, because weights of sources run from 1 to 100 on no common scale.
    """
    from scipy.sparse import csr_matrix as rows_first

    ends = np.concatenate([[0], np.cumsum([len(each) for each in tags])])
    columns = np.array([tag for each in tags for tag in each], dtype=np.int64)
    weights = np.array([weight for each in tags for weight in each.values()], dtype=np.float64)
    n_with = np.bincount(columns, minlength=max(n_tags, 1))
    n_tagged = max(1, sum(bool(each) for each in tags))
    says = np.log(n_tagged / np.maximum(n_with, 1)) + 1e-3
    return rows_first(
        (np.sqrt(weights) * says[columns], columns, ends), shape=(len(tags), max(n_tags, 1)), dtype=np.float32
    )
