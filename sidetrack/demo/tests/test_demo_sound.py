"""How the demo's music sounds: invented, always the same, and alike where it should be. No database."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sidetrack.demo.albums import demo_albums, families
from sidetrack.demo.hearing import DIMENSIONS, hear, middles
from taste.models.sound import RANGES, Axis

ALBUMS = [album for album in demo_albums() if album.tracks]


def test_every_family_has_a_middle() -> None:
    assert set(middles()) == set(families().values())


@pytest.mark.parametrize("album", ALBUMS[::12], ids=lambda album: album.name)
def test_each_axis_lies_in_its_range_and_the_same_track_sounds_the_same(album: object) -> None:
    for title in album.tracks[:3]:  # type: ignore[attr-defined]
        found = hear(album, title)  # type: ignore[arg-type]
        for axis, value in found.axes.items():
            low, high = RANGES[Axis(axis)]
            assert low <= value <= high, (axis, value)
        assert found.vector.shape == (DIMENSIONS,)
        assert found.vector.dtype == np.float32
        assert np.array_equal(found.vector, hear(album, title).vector)  # type: ignore[arg-type]


def test_tracks_of_an_album_lie_nearer_than_those_of_a_family_and_these_nearer_than_others() -> None:
    of_album, of_family, of_others = [], [], []
    heard = [(album, hear(album, title).vector) for album in ALBUMS[::4] for title in album.tracks[:2]]
    for (one, a), (other, b) in combinations(heard, 2):
        kept = of_album if one == other else of_family if one.family == other.family else of_others
        kept.append(float(np.linalg.norm(a - b)))
    assert np.mean(of_album) < 0.7 * np.mean(of_family)
    assert np.mean(of_family) < 0.5 * np.mean(of_others)


def test_who_sings_is_not_instrumental() -> None:
    sung = [hear(album, album.tracks[0]).axes["instrumentalness"] for album in ALBUMS if album.voice == "sung"]
    played = [hear(album, album.tracks[0]).axes["instrumentalness"] for album in ALBUMS if album.voice == "none"]
    assert max(sung) < 0.5 < min(played)
