"""Whether a week is made of what it was made of: sums of hashes, so that the order of rows does not matter. Pure.

A hash is 64 bits by SplitMix64 (Steele, Lea and Flood 2014, https://doi.org/10.1145/2714064.2660195); two with
different seeds are kept of everything, so that a change stays unseen once in 2^128. Sums wrap around.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
SEEDS = np.array([0x9E3779B97F4A7C15, 0xD1B54A32D192ED03], np.uint64)


def mixed(*columns: npt.NDArray[np.int64] | Hashes) -> Hashes:
    """Rows of equal columns have equal hashes, and others as good as never. Returns shape (2, n)."""
    found = np.repeat(SEEDS[:, None], len(columns[0]), axis=1)
    for column in columns:
        given = column if column.dtype == np.uint64 else column.astype(np.uint64)  # −1 wraps to the highest
        found = _scrambled(found + given * SEEDS[0] + SEEDS[1])
    return found


def _scrambled(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def summed(hashes: Hashes, groups: npt.NDArray[np.int64], n_groups: int) -> Hashes:
    """Sums by group. hashes: shape (2, n). groups: shape (n,), ascending, 0 to n_groups − 1. Returns (2, n_groups)."""
    ends = np.searchsorted(groups, np.arange(n_groups + 1))
    sums: Hashes = np.concatenate([np.zeros((2, 1), np.uint64), np.cumsum(hashes, axis=1, dtype=np.uint64)], axis=1)
    found: Hashes = sums[:, ends[1:]] - sums[:, ends[:-1]]
    return found


def before(sums: Hashes, n: int) -> Hashes:
    """For each group the sum of the `n` groups before it. sums: shape (2, n_groups); the same is returned."""
    running = np.concatenate([np.zeros((2, 1), np.uint64), np.cumsum(sums, axis=1, dtype=np.uint64)], axis=1)
    places = np.arange(sums.shape[1])
    found: Hashes = running[:, places] - running[:, np.maximum(places - n, 0)]
    return found


def digest(salt: str, *columns: npt.NDArray[np.int64] | Hashes) -> list[str]:
    """Forty letters for each row of the columns, which have shape (n,) or (2, n)."""
    flat = [np.atleast_2d(column).astype(np.uint64) for column in columns]
    rows = np.ascontiguousarray(np.concatenate(flat).T, "<u8")
    return [hashlib.blake2b(salt.encode() + row.tobytes(), digest_size=20).hexdigest() for row in rows]
