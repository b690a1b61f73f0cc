"""One source names both artists of a track, another the first: that is one play. Two artists are two all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from listening.ingest import ingest, preview
from listening.models import ListenEvent
from listening.plays import Play
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
DUET = (
    "Robert Plant",
    "Robert Plant feat. Alison Krauss",
    "Robert Plant & Alison Krauss",
    "Robert Plant, Alison Krauss",
    "Robert Plant and Alison Krauss",
    "ROBERT PLANT with Alison Krauss",
)
SOURCES = ("lastfm", "spotify", "listenbrainz", "scrobbler", "pano", "device")


@pytest.mark.parametrize("names", [DUET, DUET[::-1], (*DUET[3:], *DUET[:3])], ids=["in order", "backwards", "turned"])
def test_however_many_artists_a_source_names_it_is_one_play(rin: User, names: tuple[str, ...]) -> None:
    for number, (source, name) in enumerate(zip(SOURCES, names, strict=True)):
        play = Play(NOW + timedelta(seconds=2 * number), name, "Killing the Blues")
        expected = preview(user=rin, source=source, plays=[play], now=NOW)
        assert ingest(user=rin, source=source, plays=[play], now=NOW) == expected
        assert expected.n_duplicates == (number > 0)
    assert ListenEvent.objects.filter(user=rin).counted().count() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The National", "The xx"),
        ("John Cale", "John Mayer"),
        ("Johnny", "John"),
        ("Air", "Airbourne"),
        ("X", "Y"),
    ],
)
def test_artists_that_begin_alike_are_two(rin: User, one: str, other: str) -> None:
    ingest(user=rin, source="lastfm", plays=[Play(NOW, one, "Intro")], now=NOW)
    assert ingest(user=rin, source="spotify", plays=[Play(NOW, other, "Intro")], now=NOW).n_new == 1


def test_the_first_artist_s_own_song_is_another_than_the_duet_of_another_name(rin: User) -> None:
    ingest(user=rin, source="lastfm", plays=[Play(NOW, "Robert Plant", "Big Log")], now=NOW)
    duet = Play(NOW, "Robert Plant & Alison Krauss", "Killing the Blues")
    assert ingest(user=rin, source="spotify", plays=[duet], now=NOW).n_new == 1
