"""Tags come from Last.fm for what is played most, a bounded number at a time, and not twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Album, Artist, Tag, Tagging, Track
from catalog.tagging import set_tags, tag_from_source, tags_of
from listening.clients import lastfm as client
from listening.ingest import ingest
from listening.plays import Play
from listening.syncing import tags
from listening.syncing.tags import sync_tags
from listening.tests.fake_lastfm import FakeLastfm, error
from social.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLastfm]:
    fake = FakeLastfm(tags={"Portishead": [("Trip-Hop", 100), ("british", 30)], "Can": [("krautrock", 100)]})
    monkeypatch.setattr(client, "RETRY_PAUSE_S", 0.01)
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        yield fake


def listen(user: User, artist: str, title: str, album: str = "", *, times: int = 1, days_ago: int = 1) -> None:
    first = NOW - timedelta(days=days_ago)
    plays = [Play(first + timedelta(minutes=5 * n), artist, title, album) for n in range(times)]
    ingest(user=user, source="manual", plays=plays, now=NOW)


def asked(fake: FakeLastfm) -> list[tuple[str, str]]:
    kinds = {"artist.getTopTags": "artist", "album.getTopTags": "album", "track.getTopTags": "track"}
    return [(kinds[params["method"]], params[kinds[params["method"]]]) for params in fake.asked]


def weights(row: Any) -> dict[str, int]:
    return dict(row.taggings.filter(source="lastfm").values_list("tag__name", "weight"))


def test_artists_albums_and_tracks_get_their_tags_with_weights(fake: FakeLastfm, rin: User) -> None:
    fake.tags |= {"Dummy": [("90s", 60), ("trip-hop", 100)], "Roads": [("melancholic", 55)]}
    listen(rin, "Portishead", "Roads", "Dummy")
    synced = sync_tags(now=NOW)
    assert (synced.n_asked, synced.n_tagged, synced.problem) == (3, 3, "")
    assert weights(Artist.objects.get()) == {"Trip-Hop": 100, "british": 30}
    assert weights(Album.objects.get()) == {"90s": 60, "Trip-Hop": 100}
    assert weights(Track.objects.get()) == {"melancholic": 55}


def test_genres_are_told_from_other_words(fake: FakeLastfm, rin: User) -> None:
    listen(rin, "Portishead", "Roads")
    sync_tags(now=NOW)
    assert dict(Tag.objects.values_list("name", "is_genre")) == {"Trip-Hop": True, "british": False}


def test_the_most_played_are_asked_about_first_and_a_run_is_bounded(
    fake: FakeLastfm, rin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "N_OF_EACH", {Artist: 2})
    for times, artist in enumerate(["Once", "Twice", "Thrice"], start=1):
        listen(rin, artist, "Song", times=times, days_ago=times)
    sync_tags(now=NOW)
    assert asked(fake) == [("artist", "Thrice"), ("artist", "Twice")]
    sync_tags(now=NOW)
    assert asked(fake)[2:] == [("artist", "Once")]


def test_nothing_is_asked_twice_within_three_months(fake: FakeLastfm, rin: User) -> None:
    listen(rin, "Nobody Knows Them", "Song")
    sync_tags(now=NOW)
    n_first = len(fake.asked)
    assert sync_tags(now=NOW + timedelta(days=89)).n_asked == 0
    assert len(fake.asked) == n_first
    assert sync_tags(now=NOW + timedelta(days=91)).n_asked == n_first


def test_what_changed_at_lastfm_changes_here(fake: FakeLastfm, rin: User) -> None:
    listen(rin, "Can", "Mushroom")
    sync_tags(now=NOW)
    fake.tags["Can"] = [("krautrock", 90), ("experimental", 100)]
    sync_tags(now=NOW + timedelta(days=100))
    assert weights(Artist.objects.get()) == {"krautrock": 90, "experimental": 100}


def test_only_a_member_s_music_or_only_what_was_heard_lately(fake: FakeLastfm, rin: User, sol: User) -> None:
    listen(rin, "Portishead", "Roads", days_ago=40)
    listen(sol, "Can", "Mushroom", days_ago=2)
    sync_tags(now=NOW, user=sol)
    assert asked(fake) == [("artist", "Can"), ("track", "Mushroom")]
    fake.asked.clear()
    sync_tags(now=NOW, since=NOW - timedelta(days=30))
    assert asked(fake) == []
    sync_tags(now=NOW, since=NOW - timedelta(days=50))
    assert asked(fake) == [("artist", "Portishead"), ("track", "Roads")]


def test_a_service_that_cannot_now_ends_the_run_and_the_next_goes_on(fake: FakeLastfm, rin: User) -> None:
    listen(rin, "Portishead", "Roads")
    fake.failures = [error(29)]
    synced = sync_tags(now=NOW)
    assert synced.n_asked == 0
    assert "it asks for a pause" in synced.problem
    assert not Tagging.objects.exists()


def test_an_answer_without_sense_changes_nothing(fake: FakeLastfm, rin: User) -> None:
    listen(rin, "Can", "Mushroom")
    sync_tags(now=NOW)
    fake.failures = [error(99)]
    sync_tags(now=NOW + timedelta(days=100), user=rin)
    assert weights(Artist.objects.get()) == {"krautrock": 100}


def test_without_a_key_the_run_says_which(rin: User, settings: Any) -> None:
    settings.LASTFM_API_KEY = ""
    assert "LASTFM_API_KEY" in sync_tags(now=NOW).problem


# --- What a source says of a row ------------------------------------------------------------------------------------
@pytest.fixture
def can(rin: User) -> Artist:
    listen(rin, "Can", "Mushroom")
    return Artist.objects.get()


def test_what_moderators_set_stays(can: Artist, mod: User) -> None:
    tag_from_source(row=can, source="lastfm", tags=[("krautrock", 100), ("german", 50)])
    set_tags(row=can, names=["krautrock"], moderator=mod, now=timezone.now(), reason="A place is no sound.")
    assert tag_from_source(row=can, source="lastfm", tags=[("krautrock", 100), ("german", 50)]) == 0
    assert tags_of(can) == ["krautrock"]


def test_the_name_of_the_music_and_rare_words_are_no_tags(can: Artist) -> None:
    said = [("Krautrock", 100), ("CAN", 90), ("krautrock", 80), ("seen twice in Cologne", 1), ("\x00", 50)]
    tag_from_source(row=can, source="lastfm", tags=said)
    assert weights(can) == {"Krautrock": 100}


def test_no_more_than_fifteen_are_kept(can: Artist) -> None:
    tag_from_source(row=can, source="lastfm", tags=[(f"word {n}", 100 - n) for n in range(40)])
    assert len(weights(can)) == 15
    assert "word 14" in weights(can)


def test_the_same_words_again_change_nothing(can: Artist) -> None:
    assert tag_from_source(row=can, source="lastfm", tags=[("krautrock", 100)]) == 1
    assert tag_from_source(row=can, source="lastfm", tags=[("krautrock", 100)]) == 0
    assert Tagging.objects.count() == 1


def test_other_sources_keep_their_word(can: Artist) -> None:
    tag_from_source(row=can, source="musicbrainz", tags=[("krautrock", 100)])
    tag_from_source(row=can, source="lastfm", tags=[("krautrock", 80)])
    tag_from_source(row=can, source="lastfm", tags=[])
    assert list(can.taggings.values_list("source", "weight")) == [("musicbrainz", 100)]
