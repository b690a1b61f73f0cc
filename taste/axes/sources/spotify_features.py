"""Spotify's audio features: one JSON object a track, or a row of a table with the same names. Pure.

The axes mean what Spotify's documentation says of the fields. How sure each is follows what is known of them: measured
ones may be off by an octave (tempo) or a relative key; what is inferred is a model's guess, and liveness a weak one.
https://developer.spotify.com/documentation/web-api/reference/get-audio-features
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taste.axes.judging import Judged
from taste.axes.sources.numbers import number, share

SOURCE, VERSION = "spotify", "features-1"
CONFIDENCE = {
    "energy": 0.85,
    "danceability": 0.8,
    "valence": 0.6,
    "acousticness": 0.75,
    "instrumentalness": 0.75,
    "speechiness": 0.7,
    "liveness": 0.5,
    "tempo": 0.7,
    "loudness": 0.5,
    "key": 0.65,
    "mode": 0.65,
}
SHARES = ("energy", "valence", "danceability", "acousticness", "instrumentalness", "speechiness", "liveness")
OTHER_NAMES = {"valence": "audio_valence", "mode": "audio_mode"}
SLOWEST, FASTEST = 20.0, 400.0


def read(row: Mapping[str, Any]) -> dict[str, Judged]:
    """Axis → value. A field that is absent or out of its range is left out; a tempo or key of "none" too."""
    found: dict[str, float] = {}
    for axis in SHARES:
        if (value := share(_field(row, axis))) is not None:
            found[axis] = value
    tempo, loudness = number(row.get("tempo")), number(row.get("loudness"))
    if tempo is not None and SLOWEST <= tempo <= FASTEST:  # 0: no beat was found
        found["tempo"] = tempo
    if loudness is not None and -60 <= loudness <= 10:
        found["loudness"] = loudness
    key, mode = number(row.get("key")), number(_field(row, "mode"))
    if key is not None and key in range(12):
        found["key"] = key
        if mode in (0, 1):
            found["mode"] = mode
    return {axis: Judged(value, CONFIDENCE[axis], _method(axis)) for axis, value in found.items()}


def is_one(row: Mapping[str, Any]) -> bool:
    """Whether this object or row is audio features at all."""
    return sum(share(_field(row, axis)) is not None for axis in ("energy", "danceability", "valence")) >= 2


def _field(row: Mapping[str, Any], axis: str) -> Any:
    return row.get(axis, row.get(OTHER_NAMES.get(axis, axis)))


def _method(axis: str) -> str:
    if axis == "loudness":
        return "Spotify's mean loudness in dB, which is not quite LUFS"
    return f"Spotify's own {axis}"
