"""Sixty to ninety minutes that stand for a week.

Read first: `making.mixtape_of`. Pure: `choosing`, `ordering`.
"""

from __future__ import annotations

from taste.mixtapes.making import TOO_LITTLE, Mixtape, MixtapeTrack, mixtape_of

__all__ = ["TOO_LITTLE", "Mixtape", "MixtapeTrack", "mixtape_of"]
