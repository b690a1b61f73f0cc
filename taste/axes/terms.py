"""The two terms of an axis: one from what was measured, one from what a model hears; both fixed and standardised. Pure.

A figure is standardised by the centre and spread that it has in the reference pieces: 155 pieces of freely licensed
music, orchestral, electronic, rock and ambient, from the games Wesnoth, Warzone 2100, Nexuiz, Singularity, HyperRogue
and Fish Fillets as Debian packs them. They were measured once; nothing here follows the library at hand.
Over the 129 files of 30 seconds and more in the music folders of Debian 12's packages (9.4 hours), measured by
dsp-2025.11 and heard by musicnn, the two terms of an axis rank alike by Spearman's rho 0.81 (energy), 0.65
(danceability), 0.61 (acousticness) and 0.37 (valence); centres and spreads of the figures there lie within a quarter of
a spread of those below. The words for voices told 8 recordings of talk from the 155 pieces with an AUC of 0.94. The
share of slow modulation at 3 to 8 Hz did not (0.35), so that it is no term. There is hardly any singing in the pieces.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taste.audio.extraction import Measured

FURTHEST = 3.0  # spreads: one odd figure does not decide an axis
FLOOR = 0.001  # a head below it says nothing, and is not kept
DANCING_BPM, DANCING_OCTAVES = 115.0, 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, and its centre and spread in the reference pieces."""

    of: Callable[[Measured], float]
    centre: float
    spread: float

    def standard(self, measured: Measured) -> float:
        return max(-FURTHEST, min(FURTHEST, (self.of(measured) - self.centre) / self.spread))


def _octaves(measured: Measured) -> float:
    """From DANCING_BPM, in octaves of tempo; 0 without a pulse."""
    return math.log2(measured.tempo_bpm / DANCING_BPM) if measured.tempo_bpm > 0 else 0.0


FIGURES = {
    "loudness": Figure(lambda m: m.loudness_lufs, -15.1, 3.4),
    "dynamics": Figure(lambda m: m.dynamics_db, 7.5, 4.6),
    "onsets": Figure(lambda m: m.onset_rate, 3.7, 1.5),
    "flux": Figure(lambda m: math.log(m.flux + 0.05), 0.12, 0.445),
    "entropy": Figure(lambda m: m.entropy, 0.414, 0.07),
    "steady tones": Figure(lambda m: m.harmonic_ratio, 0.70, 0.16),
    "DFA": Figure(lambda m: m.dfa_danceability, 1.21, 0.325),
    "pulse": Figure(lambda m: m.pulse_clarity, 0.31, 0.197),
    "tempo near 115": Figure(lambda m: math.exp(-((_octaves(m) / DANCING_OCTAVES) ** 2) / 2), 0.82, 0.2),
    "tempo": Figure(_octaves, 0.05, 0.345),
    "mode": Figure(lambda m: m.mode_strength, -0.17, 0.44),
    "brightness": Figure(lambda m: math.log(m.centroid_hz + 50), 7.39, 0.42),
    "noisiness": Figure(lambda m: math.log(m.flatness + 1e-4), -5.3, 1.4),
}
# axis → weights of figures, and the spread of their sum in the reference pieces
FIGURES_OF: dict[str, tuple[dict[str, float], float]] = {
    "energy": ({"loudness": 1, "onsets": 1, "flux": 1, "entropy": 0.5, "steady tones": -0.5}, 2.5),
    "danceability": ({"DFA": 1, "pulse": 1, "tempo near 115": 0.5}, 1.93),
    "valence": ({"mode": 1, "tempo": 0.5, "brightness": 0.5}, 1.24),
    "acousticness": ({"noisiness": -1, "brightness": -0.5, "steady tones": 1, "dynamics": 0.5}, 2.15),
}


@dataclass(frozen=True, slots=True)
class Heads:
    """Words of a model for and against; centre and spread of the term in the reference pieces."""

    words_for: tuple[str, ...]
    against: tuple[str, ...]
    centre: float
    spread: float


HEADS_OF = {
    "energy": Heads(("mtt:loud", "mtt:fast"), ("mtt:quiet", "mtt:slow"), -0.36, 2.02),
    "danceability": Heads(("msd:dance", "mtt:dance", "mtt:beat"), (), -3.31, 1.26),
    "valence": Heads(("msd:happy", "msd:party"), ("msd:sad",), -0.85, 0.9),
}
WEIGHTS = {"msd:party": 0.5}  # of a word among its side's; 1 where nothing is said
ACOUSTIC = Heads(
    ("msd:acoustic", "mtt:classical", "msd:folk", "msd:country", "mtt:piano", "mtt:strings", "mtt:violin", "mtt:guitar",
     "mtt:harp", "mtt:flute", "mtt:cello"),
    ("mtt:electronic", "mtt:techno", "mtt:synth", "msd:electronic", "msd:electro", "mtt:rock", "mtt:metal", "msd:rock",
     "msd:metal", "msd:hard rock", "msd:House", "msd:dance"),
    -1.47,
    1.85,
)  # fmt: skip
WITHOUT_VOICE = ("mtt:no vocals", "mtt:no vocal", "mtt:no voice")
VOICE = (
    "mtt:vocal", "mtt:vocals", "mtt:singing", "mtt:male", "mtt:female", "mtt:male vocal", "mtt:female vocal",
    "mtt:male voice", "mtt:female voice", "mtt:voice", "mtt:man", "mtt:woman",
)  # fmt: skip
VOCALISTS, INSTRUMENTAL = ("msd:male vocalists", "msd:female vocalists", "msd:female vocalist"), ("msd:instrumental",)


def figures_term(axis: str, measured: Measured) -> float:
    """The axis's measured term, about −3 to 3, 0 and 1 being centre and spread of the reference pieces."""
    weights, spread = FIGURES_OF[axis]
    return sum(weight * FIGURES[name].standard(measured) for name, weight in weights.items()) / spread


def heads_term(axis: str, heads: Mapping[str, float]) -> float | None:
    """The same of what a model hears; None where no model said anything."""
    words = HEADS_OF[axis]
    said = mean_log_odds(words.words_for, heads)
    if said is None:
        return None
    unsaid = mean_log_odds(words.against, heads) or 0.0
    return max(-FURTHEST, min(FURTHEST, (said - unsaid - words.centre) / words.spread))


def acoustic_odds(heads: Mapping[str, float]) -> float | None:
    """Log of how much more acoustic than electric or electronic sound a model hears; None without a model."""
    played, amplified = (_sum(words, heads) for words in (ACOUSTIC.words_for, ACOUSTIC.against))
    return math.log(played / amplified) if played is not None and amplified is not None else None


def voice_odds(heads: Mapping[str, float]) -> float | None:
    """How much more a model hears voices than their absence, in log odds; None without a model.

    Each side's words were given to about as many clips in the training set, so that 0 is as likely as not.
    """
    voice, none = mean_log_odds(VOICE, heads), mean_log_odds(WITHOUT_VOICE, heads)
    return voice - none if voice is not None and none is not None else None


def vocalist_odds(heads: Mapping[str, float]) -> float | None:
    """The same by the other net's words: vocalists against instrumental."""
    vocalists, none = mean_log_odds(VOCALISTS, heads), mean_log_odds(INSTRUMENTAL, heads)
    return vocalists - none if vocalists is not None and none is not None else None


def mean_log_odds(words: tuple[str, ...], heads: Mapping[str, float]) -> float | None:
    """Weighted mean of ln p / (1 − p). A word below FLOOR counts as FLOOR; None where its net said nothing at all."""
    total = weights = 0.0
    for word in words:
        chance = _chance(word, heads)
        if chance is None:
            return None
        weight = WEIGHTS.get(word, 1.0)
        total += weight * math.log(chance / (1 - chance))
        weights += weight
    return total / weights if weights else None


def noisiness(measured: Measured) -> float:
    """0 music to 1 noise, by flatness: one in twenty of the reference pieces is above 0.04; white noise is 0.56."""
    return max(0.0, min(1.0, (measured.flatness - 0.15) / 0.25))


def _sum(words: tuple[str, ...], heads: Mapping[str, float]) -> float | None:
    chances = [_chance(word, heads) for word in words]
    return None if any(chance is None for chance in chances) else sum(chance or 0.0 for chance in chances)


def _chance(word: str, heads: Mapping[str, float]) -> float | None:
    """Three digits, as stored ones have: judging anew gives the same."""
    if word not in heads and not any(name.startswith(word[:4]) for name in heads):
        return None
    return min(1 - FLOOR, max(FLOOR, round(float(heads.get(word, FLOOR)), 3)))
