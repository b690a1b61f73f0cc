"""Patches of many tracks go through a model in batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.embeddings.torched import fitted, in_batches


@given(st.integers(1, 9), st.integers(1, 5))
def test_every_patch_is_heard_once_in_its_place(n_patches: int, n: int) -> None:
    import torch

    sound = np.arange(n_patches * 3, dtype=np.float32).reshape(n_patches, 3)
    sizes: list[int] = []

    def hear(some: torch.Tensor) -> list[torch.Tensor]:
        sizes.append(len(some))
        return [some.sum(1), some * 2]

    sums, doubles = in_batches(sound, torch.device("cpu"), hear, n)
    np.testing.assert_array_equal(sums, sound.sum(axis=1))
    np.testing.assert_array_equal(doubles, sound * 2)
    assert max(sizes) <= n


def test_where_memory_ends_batches_are_halved() -> None:
    import torch

    sizes: list[int] = []

    def hear(some: torch.Tensor) -> list[torch.Tensor]:
        sizes.append(len(some))
        if len(some) > 3:
            raise torch.OutOfMemoryError
        return [some]

    sound = np.arange(10, dtype=np.float32).reshape(10, 1)
    (heard,) = in_batches(sound, torch.device("cpu"), hear, 8)
    np.testing.assert_array_equal(heard, sound)
    assert sizes == [8, 4, 2, 2, 2, 2, 2]


def test_a_patch_that_does_not_fit_alone_is_an_error() -> None:
    import torch

    def hear(some: torch.Tensor) -> list[torch.Tensor]:
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        in_batches(np.zeros((3, 1), np.float32), torch.device("cpu"), hear, 2)


@given(st.integers(0, 4), st.integers(1, 9), st.integers(1, 9))
def test_patches_are_made_to_fit(n: int, n_given: int, n_wished: int) -> None:
    given_patches = np.random.default_rng(n).random((n, n_given)).astype(np.float32)
    made = fitted(given_patches, n_wished)
    assert made.shape == (n, n_wished)
    same = min(n_given, n_wished)
    np.testing.assert_array_equal(made[:, :same], given_patches[:, :same])
    assert not made[:, same:].any()
