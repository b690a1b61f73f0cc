"""What every model that hears music is asked, and what it answers. Knows neither Django nor any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from taste.audio.extraction import Measured, PatchWish


@dataclass(frozen=True, slots=True)
class Sounding:
    """One track as a model hears it: its figures, and patches as the model's `PatchWish` says, shape (n, samples)."""

    measured: Measured
    patches: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Where a track lies in a model's space, shape (dimensions,), and what the model would say of it, each 0 to 1.

    heads: by name, such as "msd:happy" or "mtt:no vocals". A vector of no length: the model heard nothing.
    """

    vector: NDArray[np.float32]
    heads: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def nothing(cls) -> Embedded:
        return cls(np.zeros(0, np.float32))

    @property
    def is_empty(self) -> bool:
        return not self.vector.size


class Adapter(Protocol):
    """One model under one name. Vectors of two versions do not lie in one space."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def patches(self) -> PatchWish | None:
        """The sound it wants; None: the measured figures are enough."""

    def why_off(self) -> str:
        """Empty when it can hear; else a sentence that says what is absent and what to do."""

    def embed(self, items: Sequence[Sounding]) -> list[Embedded]:
        """One answer per item, in their order; batches over all of them. Never raises for want of a model:
        `Embedded.nothing()` where it cannot hear, and `why_off` says why from then on.
        """
