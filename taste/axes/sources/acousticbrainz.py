"""AcousticBrainz: what its classifiers (high level) and Essentia (low level) said of a recording. Pure.

The project ended in 2022; its dumps remain. A classifier gives each of its classes a probability; they were trained on
small collections and are surer than they should be, so that even certainty counts for less than half here, and
"happy" beside "sad" for next to nothing.
https://blog.metabrainz.org/2022/02/16/acousticbrainz-making-a-hard-decision-to-end-the-project/
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from taste.axes.judging import Judged
from taste.axes.sources.numbers import number, share

SOURCE, VERSION = "acousticbrainz", "ab-1"
QUALITY = {"danceability": 0.4, "acousticness": 0.45, "instrumentalness": 0.4, "speechiness": 0.3, "energy": 0.35}
VALENCE_QUALITY, VALENCE_REACH = 0.3, 0.3  # about 0.5: what is weak does not reach the ends
AT_ODDS = 0.3  # of the quality, where happy and sad are both likelier than not
NAMES_OF_KEYS = ("C", "C# Db", "D", "D# Eb", "E", "F", "F# Gb", "G", "G# Ab", "A", "A# Bb", "B")
KEYS = {name: place for place, names in enumerate(NAMES_OF_KEYS) for name in names.split()}


def read(document: Mapping[str, Any]) -> dict[str, Judged]:
    """Axis → value, from a high-level document, a low-level one, or one that holds both; empty where it is neither."""
    return {**_classified(_part(document, "highlevel")), **_measured(document)}


def recording_of(document: Mapping[str, Any]) -> UUID | None:
    """The MusicBrainz recording that it is about."""
    tags = _part(_part(document, "metadata"), "tags")
    for name in ("musicbrainz_recordingid", "musicbrainz_trackid"):
        given = tags.get(name)
        for each in given if isinstance(given, list) else [given]:
            try:
                return UUID(str(each))
            except ValueError:
                continue
    return None


def is_one(document: Mapping[str, Any]) -> bool:
    return any(isinstance(document.get(part), Mapping) for part in ("highlevel", "lowlevel", "rhythm", "tonal"))


def _classified(models: Mapping[str, Any]) -> dict[str, Judged]:
    found: dict[str, Judged] = {}
    for axis, model, kind, words in (
        ("danceability", "danceability", "danceable", "classifier “danceable”"),
        ("acousticness", "mood_acoustic", "acoustic", "classifier “acoustic”"),
        ("instrumentalness", "voice_instrumental", "instrumental", "classifier “voice or instrumental”"),
    ):
        chance = _chance(models, model, kind)
        if chance is not None:
            found[axis] = Judged(chance, QUALITY[axis] * (0.5 + abs(chance - 0.5)), f"AcousticBrainz, {words}")
    speech = _chance(models, "genre_rosamerica", "spe")
    if speech is not None:
        method = "AcousticBrainz, class “speech” of the genre classifier"
        found["speechiness"] = Judged(speech, QUALITY["speechiness"] * (0.5 + abs(speech - 0.5)), method)
    if (energy := _energy(models)) is not None:
        found["energy"] = energy
    if (valence := _valence(models)) is not None:
        found["valence"] = valence
    return found


def _energy(models: Mapping[str, Any]) -> Judged | None:
    """Aggressive and party against relaxed, as log odds: the likelier two of them together, the surer."""
    chances = [_chance(models, f"mood_{name}", name) for name in ("aggressive", "party", "relaxed")]
    if any(chance is None for chance in chances):
        return None
    aggressive, party, relaxed = (_log_odds(chance) for chance in chances if chance is not None)
    mean = (aggressive + party - 2 * relaxed) / 4
    value = 1 / (1 + math.exp(-mean))
    agree = 1 - abs(_share_of(max(aggressive, party)) - _share_of(-relaxed))
    return Judged(value, QUALITY["energy"] * agree, "AcousticBrainz, “aggressive” and “party” against “relaxed”")


def _valence(models: Mapping[str, Any]) -> Judged | None:
    happy, sad = _chance(models, "mood_happy", "happy"), _chance(models, "mood_sad", "sad")
    if happy is None or sad is None:
        return None
    quality = VALENCE_QUALITY * (AT_ODDS if happy > 0.5 and sad > 0.5 else 0.5 + 0.5 * abs(happy - sad))
    return Judged(0.5 + VALENCE_REACH * (happy - sad), quality, "AcousticBrainz, “happy” against “sad”: weak")


def _measured(document: Mapping[str, Any]) -> dict[str, Judged]:
    found: dict[str, Judged] = {}
    rhythm, tonal = _part(document, "rhythm"), _part(document, "tonal")
    tempo = number(rhythm.get("bpm"))
    if tempo is not None and 20 <= tempo <= 400:
        peak = share(_part(rhythm, "bpm_histogram_first_peak_weight").get("mean"))
        found["tempo"] = Judged(tempo, 0.9 * (peak if peak is not None else 0.5), "AcousticBrainz, Essentia's tempo")
    place, scale = KEYS.get(str(tonal.get("key_key", ""))), tonal.get("key_scale")
    if place is not None and scale in ("major", "minor"):
        strength = share(tonal.get("key_strength"))
        sure = 0.8 * (strength if strength is not None else 0.5)
        found["key"] = Judged(place, sure, "AcousticBrainz, Essentia's key")
        found["mode"] = Judged(int(scale == "major"), sure, "AcousticBrainz, Essentia's key")
    return found


def _chance(models: Mapping[str, Any], model: str, kind: str) -> float | None:
    return share(_part(_part(models, model), "all").get(kind))


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = document.get(name)
    return part if isinstance(part, Mapping) else {}


def _log_odds(chance: float) -> float:
    kept = min(max(chance, 0.01), 0.99)
    return math.log(kept / (1 - kept))


def _share_of(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
