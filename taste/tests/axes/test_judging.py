"""From figures and words to values with their doubt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.audio.extraction import Measured
from taste.axes import quantiles
from taste.axes.judging import Judged, agreement, judge
from taste.models.sound import RANGES
from taste.tests.axes.hearing import HEARD, plain, sound

SHARES = st.floats(0, 1)
WORDS = ["msd:happy", "msd:sad", "msd:party", "msd:dance", "mtt:dance", "mtt:beat", "mtt:loud", "mtt:no vocals",
         "mtt:vocal", "mtt:classical", "msd:electronic", "msd:instrumental"]  # fmt: skip
ANY_MEASURED = st.builds(
    plain,
    loudness_lufs=st.floats(-69, 0),
    tempo_bpm=st.one_of(st.just(0.0), st.floats(10, 500)),
    tempo_confidence=SHARES,
    pulse_clarity=SHARES,
    key=st.integers(-1, 11),
    key_confidence=SHARES,
    mode_strength=st.floats(-1, 1),
    onset_rate=st.floats(0, 40),
    dfa_danceability=st.floats(0, 5),
    centroid_hz=st.floats(0, 11_025),
    flatness=SHARES,
    entropy=SHARES,
    flux=st.floats(0, 100),
    harmonic_ratio=SHARES,
    dynamics_db=st.floats(0, 60),
    heard_seconds=st.floats(0.1, 7200),
)


def judged(name: str) -> dict[str, Judged]:
    return judge(*sound(name))


@given(ANY_MEASURED, st.dictionaries(st.sampled_from(WORDS), SHARES))
def test_whatever_was_measured_values_lie_in_their_ranges(measured: Measured, heads: dict[str, float]) -> None:
    found = judge(measured, heads)
    for axis, each in found.items():
        low, high = RANGES[axis]
        assert low <= each.value <= high
        assert 0 <= each.confidence <= 1
        assert 0 < len(each.method) <= 120
    assert 0.2 <= found["valence"].value <= 0.8
    assert found == judge(measured, heads)


def test_silence_is_on_no_axis() -> None:
    assert judge(plain(loudness_lufs=-70.0), {"mtt:loud": 0.9}) == {}


@pytest.mark.parametrize(
    ("axis", "calmer", "wilder"),
    [
        ("energy", {"loudness_lufs": -22.0}, {"loudness_lufs": -8.0}),
        ("energy", {"onset_rate": 1.0}, {"onset_rate": 6.0}),
        ("energy", {"flux": 0.4}, {"flux": 2.0}),
        ("energy", {"harmonic_ratio": 0.9}, {"harmonic_ratio": 0.4}),
        ("danceability", {"dfa_danceability": 0.8}, {"dfa_danceability": 1.8}),
        ("danceability", {"pulse_clarity": 0.0}, {"pulse_clarity": 0.8}),
        ("danceability", {"tempo_bpm": 50.0}, {"tempo_bpm": 118.0}),
        ("valence", {"mode_strength": -0.9}, {"mode_strength": 0.9}),
        ("acousticness", {"flatness": 0.2}, {"flatness": 0.0005}),
        ("acousticness", {"harmonic_ratio": 0.3}, {"harmonic_ratio": 0.9}),
    ],
)
def test_one_figure_moves_its_axis_the_way_that_listeners_would(
    axis: str, calmer: dict[str, Any], wilder: dict[str, Any]
) -> None:
    _, heads = sound("frantic orchestral")
    for words in ({}, heads):
        assert judge(plain(**calmer), words)[axis].value < judge(plain(**wilder), words)[axis].value


@pytest.mark.parametrize(
    ("axis", "less", "more"),
    [
        ("energy", "sad orchestral", "frantic orchestral"),
        ("energy", "orchestral love theme", "frantic orchestral"),
        ("energy", "quiet orchestral", "hard electronic rock"),
        ("energy", "sine", "white noise"),
        ("danceability", "quiet orchestral", "hard electronic rock"),
        ("acousticness", "hard electronic rock", "orchestral love theme"),
        ("acousticness", "fast chiptune", "quiet orchestral"),
        ("instrumentalness", "a man talking", "quiet orchestral"),
        ("instrumentalness", "people talking", "hard electronic rock"),
        ("speechiness", "quiet orchestral", "people talking"),
        ("speechiness", "hard electronic rock", "a man talking"),
    ],
)
def test_real_sounds_stand_in_the_order_that_they_are_heard_in(axis: str, less: str, more: str) -> None:
    assert judged(less)[axis].value + 0.1 < judged(more)[axis].value


def test_talk_is_speech_and_music_is_not() -> None:
    for name, low, high in [("a man talking", 0.5, 1.0), ("people talking", 0.5, 1.0), ("hard electronic rock", 0, 0.1),
                            ("struck chords", 0, 0.1), ("noise swelling four times a second", 0, 0.1)]:  # fmt: skip
        assert low <= judged(name)["speechiness"].value <= high, name


def test_a_voice_that_is_heard_in_noise_is_hardly_believed() -> None:
    measured, heads = sound("noise swelling four times a second")
    words = ("male", "man", "male voice", "male vocal", "vocal", "voice", "vocals", "singing")
    voices = dict.fromkeys([*(f"mtt:{word}" for word in words), "msd:male vocalists"], 0.6)
    in_noise = judge(measured, heads | voices)["instrumentalness"]
    in_music = judge(replace(measured, flatness=0.005), heads | voices)["instrumentalness"]
    assert in_noise.value < 0.3
    assert in_noise.confidence < 0.25 < in_music.confidence
    assert "noise" in in_noise.method
    assert "noise" not in in_music.method


def test_terms_that_contradict_each_other_are_believed_less() -> None:
    _, calm = sound("sad orchestral")
    _, wild = sound("hard electronic rock")
    loud = plain(loudness_lufs=-8.0, onset_rate=6.0, flux=2.0)
    assert judge(loud, calm)["energy"].confidence < 0.5 * judge(loud, wild)["energy"].confidence
    assert agreement(0.3, 0.3) == 1


def test_without_a_model_what_only_it_can_tell_is_absent_and_the_rest_is_doubted_more() -> None:
    measured, heads = sound("orchestral love theme")
    alone, heard = judge(measured, {}), judge(measured, heads)
    assert set(heard) - set(alone) == {"instrumentalness", "speechiness"}
    for axis in ("energy", "danceability", "acousticness"):
        assert alone[axis].confidence < heard[axis].confidence
    assert "liveness" not in heard


def test_valence_is_weak_and_says_so() -> None:
    for name in HEARD:
        valence = judged(name)["valence"]
        assert valence.confidence <= 0.35
        assert valence.method.startswith("weak")


def test_faint_words_may_be_missing_and_three_digits_are_enough() -> None:
    measured, heads = sound("orchestral love theme")
    finer = {word: value + 0.0003 for word, value in heads.items()} | {"mtt:metal": 0.0004}
    assert judge(measured, finer) == judge(measured, {word: round(value, 3) for word, value in finer.items()})
    assert judge(measured, heads | {"mtt:metal": 0.0}) == judge(
        measured, {k: v for k, v in heads.items() if k != "mtt:metal"}
    )


def test_a_short_excerpt_is_believed_less() -> None:
    assert judge(plain(heard_seconds=5.0), {})["energy"].confidence < judge(plain(), {})["energy"].confidence


def test_measured_ones_are_passed_on_and_a_doubtful_tempo_names_the_others() -> None:
    found = judge(plain(), {})
    assert (found["loudness"].value, found["loudness"].confidence) == (-14.0, 1.0)
    assert (found["tempo"].value, found["tempo"].confidence) == (118.0, 0.5)
    assert "59 BPM" in found["tempo"].method
    assert (found["key"].value, found["mode"].value) == (9, 0)
    without = judge(plain(tempo_bpm=0.0, tempo_candidates=(), key=-1), {})
    assert not {"tempo", "key", "mode"} & set(without)


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="No value"):
        Judged(float("nan"), 0.5, "broken")
    with pytest.raises(ValueError, match="No value"):
        Judged(0.5, 1.2, "too sure")


@pytest.mark.parametrize("axis", sorted(quantiles.SONGS))
def test_the_table_of_songs_rises_and_is_its_own_inverse(axis: str) -> None:
    places = quantiles.SONGS[axis]
    assert len(places) == 21
    assert list(places) == sorted(places)
    for share in np.linspace(0.05, 0.95, 19):
        value = quantiles.value_at(axis, float(share))
        assert quantiles.value_at(axis, quantiles.share_below(axis, value)) == pytest.approx(value, abs=1e-6)


@pytest.mark.realdata
def test_the_table_of_songs_is_what_the_songs_say(real_data: Path) -> None:
    import csv

    with (real_data / "features" / "spotify_19000_songs.csv").open(encoding="utf-8") as file:
        songs = {
            (row["song_name"].lower(), row["artist_name"].lower()): row for row in reversed(list(csv.DictReader(file)))
        }
    assert len(songs) == quantiles.N_SONGS
    for axis, places in quantiles.SONGS.items():
        values = [float(row["audio_valence" if axis == "valence" else axis]) for row in songs.values()]
        values = [value for value in values if axis != "tempo" or value > 0]
        assert np.percentile(values, 100 * quantiles.SHARES) == pytest.approx(
            places, abs=0.06 if axis in ("tempo", "loudness") else 6e-4
        )
