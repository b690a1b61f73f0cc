"""Sounds for tests of the axes: what was really measured and heard in twelve of them, and one to change at will."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from taste.audio.extraction import Measured

HEARD: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "heard.json").read_text())
PLAIN: dict[str, Any] = {
    "seconds": 200.0, "heard_seconds": 200.0, "sample_rate": 44_100, "n_channels": 2, "side_share": 0.2,
    "loudness_lufs": -14.0, "peak_db": -1.0, "dynamics_db": 7.0, "tempo_bpm": 118.0, "tempo_confidence": 0.5,
    "tempo_candidates": ((118.0, 0.6), (59.0, 0.4)), "beats": (), "pulse_clarity": 0.35, "key": 9, "mode": 0,
    "key_confidence": 0.5, "mode_strength": -0.2, "onset_rate": 3.7, "dfa_danceability": 1.2, "centroid_hz": 1700.0,
    "bandwidth_hz": 2000.0, "contrast_db": (20.0,) * 7, "flatness": 0.006, "entropy": 0.42, "flux": 1.1,
    "mfcc_mean": (0.0,) * 13, "mfcc_sd": (1.0,) * 13, "chroma": (0.5,) * 12, "harmonic_ratio": 0.62,
    "speech_modulation": 0.3, "contour": (), "sections": (),
}  # fmt: skip


def plain(**changes: Any) -> Measured:
    """A piece in the middle of things."""
    return Measured(**{**PLAIN, **changes})


def sound(name: str) -> tuple[Measured, dict[str, float]]:
    """One of the sounds in heard.json: its figures, and the words of musicnn that the axes use."""
    kept = HEARD[name]
    return replace(plain(), **kept["measured"]), kept["heads"]
