"""The stored map as arrays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taste.mapping.projecting import Flat, Floats, Standard
from taste.models import TasteMap

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map's tracks and places, the fitted ones first. ids: (n,), places: (n, 2), aligned."""

    ids: Ids
    places: Floats

    def of(self, track_ids: Collection[int]) -> dict[int, tuple[float, float]]:
        """Track id → (x, y) of those that are on the map."""
        wanted = np.unique(np.fromiter((int(each) for each in track_ids), np.int64, len(track_ids)))
        found = self.at(wanted)
        return {
            int(track_id): (float(x), float(y))
            for track_id, (x, y) in zip(wanted, found, strict=True)
            if np.isfinite(x)
        }

    def at(self, track_ids: Ids) -> Floats:
        """The place of each track: (n, 2), NaN for those that are not on the map."""
        answer = np.full((len(track_ids), 2), np.nan, np.float32)
        if not len(self.ids):
            return answer
        order = np.argsort(self.ids)
        spots = np.minimum(np.searchsorted(self.ids[order], track_ids), len(order) - 1)
        is_there = self.ids[order][spots] == track_ids
        answer[is_there] = self.places[order[spots[is_there]]]
        return answer


def newest(model: str) -> TasteMap | None:
    """The version that counts, with its arrays."""
    return TasteMap.objects.filter(model=model).order_by("-version").first()


def drawn(stored: TasteMap) -> Drawn:
    return Drawn(
        np.frombuffer(bytes(stored.track_ids), "<i8").astype(np.int64),
        np.frombuffer(bytes(stored.places), "<f4").reshape(-1, 2).astype(np.float32),
    )


def standard(stored: TasteMap) -> Standard:
    return Standard(
        np.frombuffer(bytes(stored.mean), "<f4").astype(np.float32),
        np.frombuffer(bytes(stored.scale), "<f4").astype(np.float32),
    )


def flat(stored: TasteMap) -> Flat | None:
    """The projection of a PCA map."""
    axes = stored.parameters.get("axes")
    return Flat(np.array(axes, np.float64), np.array(stored.parameters["shift"], np.float64)) if axes else None


def packed(ids: Ids, places: Floats) -> dict[str, bytes]:
    """The two arrays as the row keeps them."""
    return {
        "track_ids": np.ascontiguousarray(ids, "<i8").tobytes(),
        "places": np.ascontiguousarray(places, "<f4").tobytes(),
    }
