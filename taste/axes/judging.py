"""From what was measured in the audio, and from what a model hears in it, to a value on each axis. Pure.

Energy, danceability and valence: two standardised terms (`terms`), their mean through a fixed logistic to a share of
music, and that share laid on a fixed table of songs (`quantiles`), which gives the values the range and the meaning of
Spotify's fields. Acousticness, instrumentalness and speechiness are chances, so that the logistic is their value.
Confidence is how far the two terms agree, times how well the axis can be told at all. Liveness is not told: nothing
that is measured here hears an audience.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taste.axes import quantiles, terms

if TYPE_CHECKING:
    from taste.audio.extraction import Measured

SOURCE, VERSION = "audio", "axes-1"
# How well an axis can be told: with a model's words, and by figures alone. Literature on arousal and valence: R² of
# 0.6 to 0.7 against 0.3 to 0.5 from audio (Delbouys et al. 2018, https://arxiv.org/abs/1809.07276).
QUALITY = {"energy": 0.85, "danceability": 0.7, "valence": 0.35, "acousticness": 0.65, "instrumentalness": 0.65}
ALONE = {"energy": 0.5, "danceability": 0.4, "valence": 0.15, "acousticness": 0.2}
SPEECH_QUALITY = 0.3
# Terms of two kinds that agree by rho have a mean with this spread.
SPREAD_OF_MEAN = {"energy": 0.95, "danceability": 0.9, "valence": 0.83}
# The reference pieces are calmer than popular songs: by judgement, this many spreads below their middle.
BELOW_SONGS = {"energy": 1.0, "danceability": 1.0, "valence": 0.7}
LOGISTIC = 1.702  # makes the logistic the normal distribution, within 0.01
APART = 1.5  # spreads by which two terms differ at which confidence falls to 0.61
VALENCE_LOW, VALENCE_HIGH = 0.2, 0.8
LONG_ENOUGH_S = 30.0
HEARD = "musicnn"


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody says of a track on one axis.

    value: in the axis's own range. confidence: 0 guessed to 1 measured. method: how it came about, for a person.
    """

    value: float
    confidence: float
    method: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value) or not 0 <= self.confidence <= 1:
            raise ValueError(f"No value on an axis: {self}.")


def judge(measured: Measured, heads: Mapping[str, float]) -> dict[str, Judged]:
    """Axis → value; an axis for which there is no evidence is absent, all are for silence.

    heads: what models hear, 0 to 1 by name ("msd:happy", "mtt:no vocals"); may be empty, or without the faint ones.
    The same measurement and heads give the same values, whatever else is known.
    """
    if measured.is_silent:
        return {}
    found = {axis: _laid_on_songs(axis, measured, heads) for axis in ("energy", "danceability", "valence")}
    found["acousticness"] = _acousticness(measured, heads)
    if (instrumentalness := _instrumentalness(measured, heads)) is not None:
        found["instrumentalness"] = instrumentalness
    if (speechiness := _speechiness(measured, heads)) is not None:
        found["speechiness"] = speechiness
    enough = min(1.0, math.sqrt(measured.heard_seconds / LONG_ENOUGH_S))
    music = 1 - 0.8 * terms.noisiness(measured)  # none of the pieces that the terms are made for is noise
    found = {
        axis: Judged(each.value, each.confidence * enough * (1.0 if axis == "energy" else music), each.method)
        for axis, each in found.items()
    }
    return {**found, **_measured(measured)}


def _laid_on_songs(axis: str, measured: Measured, heads: Mapping[str, float]) -> Judged:
    figures, heard = terms.figures_term(axis, measured), terms.heads_term(axis, heads)
    method = _figures_words(axis)
    if heard is None:
        place, confidence = figures, ALONE[axis]
    else:
        place = (figures + heard) / 2 / SPREAD_OF_MEAN[axis]
        confidence = QUALITY[axis] * agreement(figures, heard)
        method += _heads_words(axis)
    value = quantiles.value_at(axis, logistic(LOGISTIC * (place - BELOW_SONGS[axis])))
    if axis == "valence":  # what is told this loosely does not reach the ends
        value, method = min(VALENCE_HIGH, max(VALENCE_LOW, value)), f"weak: {method}"
    return Judged(value, confidence, method)


def _acousticness(measured: Measured, heads: Mapping[str, float]) -> Judged:
    figures, odds = terms.figures_term("acousticness", measured), terms.acoustic_odds(heads)
    method = _figures_words("acousticness")
    if odds is None:  # filtered synthesisers look acoustic: figures alone are hardly evidence
        return Judged(0.15 + 0.7 * logistic(1.2 * figures - 0.5), ALONE["acousticness"], f"weak: {method}")
    heard = (odds - terms.ACOUSTIC.centre) / terms.ACOUSTIC.spread
    value = logistic(1.3 * (odds + 0.4 * figures + 0.5))
    confidence = QUALITY["acousticness"] * agreement(figures, heard)
    return Judged(value, confidence, f"{HEARD}: acoustic against electric and electronic; less so {method}")


def _instrumentalness(measured: Measured, heads: Mapping[str, float]) -> Judged | None:
    """By the model's words for voices. Where there is but noise, a voice is hardly believed."""
    voice = terms.voice_odds(heads)
    if voice is None:
        return None
    vocalists = terms.vocalist_odds(heads)
    odds = -voice - (0.5 * (vocalists + 1.5) if vocalists is not None else 0.0)
    value = logistic(1.1 * (odds - 0.6))
    noise = terms.noisiness(measured)
    confidence = QUALITY["instrumentalness"] * (0.4 + 1.2 * abs(value - 0.5)) * (1 - noise * (1 - value))
    heard_in_noise = " (but it is noise: hardly believed)" if noise > 0.5 > value else ""
    return Judged(value, confidence, f"{HEARD}: no voice against voice{heard_in_noise}")


def _speechiness(measured: Measured, heads: Mapping[str, float]) -> Judged | None:
    """A voice that is heard where there is neither a pulse nor a key is more likely to speak than to sing."""
    voice = terms.voice_odds(heads)
    if voice is None:
        return None
    odds = voice - 3 * measured.pulse_clarity - measured.key_confidence
    value = logistic(1.2 * (odds - 1.0))
    confidence = SPEECH_QUALITY * (1 - terms.noisiness(measured))
    return Judged(value, confidence, f"weak: {HEARD}'s voice, without pulse and key")


def _measured(measured: Measured) -> dict[str, Judged]:
    """What is measured and not inferred."""
    found = {"loudness": Judged(measured.loudness_lufs, 1.0, "integrated loudness, ITU-R BS.1770, in LUFS")}
    if 20 <= measured.tempo_bpm <= 400:
        others = [f"{bpm:.0f}" for bpm, _ in measured.tempo_candidates if abs(bpm - measured.tempo_bpm) > 1][:3]
        method = "strongest pulse" + (f"; it may be {' or '.join(others)} BPM" if others else "")
        found["tempo"] = Judged(measured.tempo_bpm, measured.tempo_confidence, method)
    if measured.key >= 0:
        method = "vote of key profiles"
        found["key"] = Judged(measured.key, measured.key_confidence, method)
        found["mode"] = Judged(measured.mode, measured.key_confidence, method)
    return found


def agreement(one: float, other: float) -> float:
    """1 where two standardised terms say the same, 0.61 where they lie APART, towards 0."""
    return math.exp(-(((one - other) / APART) ** 2) / 2)


def logistic(x: float) -> float:
    """0 to 1, without overflow for any finite x."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _figures_words(axis: str) -> str:
    weights, _ = terms.FIGURES_OF[axis]
    return ", ".join(name if weight > 0 else f"little {name}" for name, weight in weights.items())


def _heads_words(axis: str) -> str:
    words = terms.HEADS_OF[axis]
    said, unsaid = (", ".join(each[4:] for each in side) for side in (words.words_for, words.against))
    return f"; {HEARD}: {said}" + (f" against {unsaid}" if unsaid else "")
