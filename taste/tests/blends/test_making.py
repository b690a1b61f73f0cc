"""A blend's list: what is on it, why, in which order, and what never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from catalog.models import Track
from catalog.tests.factories import AlbumFactory, ArtistFactory, TrackFactory
from listening.models import IncognitoRange, Listener, TrackTotal
from social.models import User
from taste.blends import making
from taste.blends.material import material_of, plays_of
from taste.blends.standing import blends_of
from taste.models import Blend, Playlist
from taste.tests.blends.test_asking import agreed
from taste.tests.mapping.scenes import MONDAY, analysed, hear, planted

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 1, 3, 0, tzinfo=UTC)


def played(member: User, plays: dict[Track, int]) -> None:
    """As `ingest` would have counted it, with the plays themselves in one week."""
    hear(member, plays)
    TrackTotal.objects.bulk_create(
        TrackTotal(user=member, track=track, n_listens=n, first_at=NOW, last_at=NOW) for track, n in plays.items()
    )


def music(n: int) -> list[Track]:
    """n tracks by as many artists."""
    return [TrackFactory(artist=ArtistFactory()) for _ in range(n)]


def list_of(member: User) -> list[tuple[int, str, str]]:
    row = Playlist.objects.get(user=member, kind="blend")
    return list(row.lines.order_by("position").values_list("track", "origin", "reason"))


@pytest.fixture
def pair(rin: User, stranger: User) -> tuple[User, User, list[Track]]:
    """Rin plays the first forty of seventy tracks, the stranger the last forty: ten both."""
    rin.display_name, stranger.display_name = "Ana", "Bo"
    rin.save()
    stranger.save()
    tracks = music(70)
    played(rin, {track: 3 + at % 5 for at, track in enumerate(tracks[:40])})
    played(stranger, {track: 2 + at % 4 for at, track in enumerate(tracks[30:])})
    return rin, stranger, tracks


def test_both_have_a_copy_with_the_same_tracks_and_their_own_marks(pair: tuple[User, User, list[Track]]) -> None:
    ana, bo, tracks = pair
    row = agreed(ana, bo)
    n = making.make(row.pk, now=NOW)
    mine, theirs = list_of(ana), list_of(bo)
    assert n == len(mine) == 50
    assert [track for track, _, _ in mine] == [track for track, _, _ in theirs]
    assert [reason for _, _, reason in mine] == [reason for _, _, reason in theirs]
    turned = {"mine": "theirs", "theirs": "mine", "both": "both", "new": "new"}
    assert [turned[origin] for _, origin, _ in mine] == [origin for _, origin, _ in theirs]
    counted = {each: sum(origin == each for _, origin, _ in mine) for each in ("both", "mine", "theirs", "new")}
    assert counted["both"] == 10
    assert abs(counted["mine"] - counted["theirs"]) <= 1
    (reason,) = [reason for track, _, reason in mine if track == tracks[30].pk]
    assert reason == "Both of you play it: Ana 3 plays, Bo 2 plays."
    playlist = Playlist.objects.get(user=ana)
    assert playlist.title == "Blend with Bo"
    assert playlist.visibility == "me"
    assert "From plays until 1 December 2025." in playlist.note


def test_the_same_plays_give_the_same_list(pair: tuple[User, User, list[Track]]) -> None:
    ana, bo, _tracks = pair
    row = agreed(ana, bo)
    making.make(row.pk, now=NOW)
    before, pks = list_of(ana), list(Playlist.objects.get(user=ana).lines.values_list("pk", flat=True))
    making.make(row.pk, now=NOW + timedelta(days=7))
    assert list_of(ana) == before
    assert list(Playlist.objects.get(user=ana).lines.values_list("pk", flat=True)) == pks


@pytest.mark.parametrize("asks", ["ana", "bo"])
def test_a_lean_to_ana_is_one_whoever_asked(pair: tuple[User, User, list[Track]], asks: str) -> None:
    ana, bo, _tracks = pair
    row = agreed(ana, bo) if asks == "ana" else agreed(bo, ana)
    Blend.objects.update(lean="asker" if asks == "ana" else "asked")
    making.make(row.pk, now=NOW)
    origins = [origin for _, origin, _ in list_of(ana)]
    assert origins.count("mine") > origins.count("theirs") + 5


def test_what_was_played_in_private_times_is_on_no_list_and_in_no_number(
    pair: tuple[User, User, list[Track]],
) -> None:
    ana, bo, tracks = pair
    secret = TrackFactory(artist=ArtistFactory())
    hear(bo, {secret: 30, tracks[30]: 5}, hour=20)  # in the evening of that Monday
    TrackTotal.objects.create(user=bo, track=secret, n_listens=30, first_at=NOW, last_at=NOW)
    TrackTotal.objects.filter(user=bo, track=tracks[30]).update(n_listens=7)
    evening = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 20, tzinfo=UTC)
    IncognitoRange.objects.create(user=bo, starts_at=evening, ends_at=evening + timedelta(hours=4))
    assert plays_of(bo, [secret.pk, tracks[30].pk]) == {tracks[30].pk: 2}
    row = agreed(ana, bo)
    making.make(row.pk, now=NOW)
    found = {track: reason for track, _, reason in list_of(ana)}
    assert secret.pk not in found
    assert found[tracks[30].pk] == "Both of you play it: Ana 3 plays, Bo 2 plays."
    IncognitoRange.objects.update(ends_at=None)
    assert plays_of(bo, [secret.pk]) == {}


def test_a_track_only_of_private_times_is_not_told_as_new_to_both(pair: tuple[User, User, list[Track]]) -> None:
    ana, bo, tracks = pair
    secret = TrackFactory(artist=tracks[30].artist, album=AlbumFactory(artist=tracks[30].artist))
    fresh = TrackFactory(artist=tracks[30].artist, album=secret.album)
    hear(bo, {secret: 3}, hour=20)
    TrackTotal.objects.create(user=bo, track=secret, n_listens=3, first_at=NOW, last_at=NOW)
    evening = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 20, tzinfo=UTC)
    IncognitoRange.objects.create(user=bo, starts_at=evening, ends_at=evening + timedelta(hours=4))
    row = agreed(ana, bo)
    making.make(row.pk, now=NOW)
    found = {track: (origin, reason) for track, origin, reason in list_of(ana)}
    assert found[fresh.pk] == ("new", f"New to both: by {fresh.artist.name}, whom both of you play.")
    assert secret.pk not in found


def test_analysed_music_goes_in_small_steps_and_brings_what_sounds_like_it(rin: User, stranger: User) -> None:
    vectors, labels = planted(80, n_clusters=2, spread=0.3)
    tracks = analysed(vectors, tracks=music(80))
    played(rin, dict.fromkeys(tracks[:40], 3))
    played(stranger, dict.fromkeys(tracks[20:60], 3))
    row = agreed(rin, stranger)
    making.make(row.pk, now=NOW)
    lines = list_of(rin)
    kinds = dict(zip([track.pk for track in tracks], labels, strict=True))
    changes = sum(kinds[one[0]] != kinds[other[0]] for one, other in pairwise(lines))
    assert changes == 1  # all of one sound, then all of the other
    new = [reason for _, origin, reason in lines if origin == "new"]
    assert new
    assert all(reason.startswith("New to both: sounds like “Track") for reason in new)


def test_too_little_music_makes_no_list_and_says_so(rin: User, stranger: User) -> None:
    played(rin, dict.fromkeys(music(6), 2))
    row = agreed(rin, stranger)
    assert making.make(row.pk, now=NOW) == 0
    row.refresh_from_db()
    assert row.words == making.TOO_LITTLE
    assert row.made_at == NOW
    assert not Playlist.objects.exists()


def test_a_blend_rests_while_one_of_the_two_is_suspended_and_is_not_lost(pair: tuple[User, User, list[Track]]) -> None:
    ana, bo, _tracks = pair
    row = agreed(ana, bo)
    User.objects.filter(pk=ana.pk).update(suspended_at=NOW)
    assert making.make(row.pk, now=NOW) is None
    assert making.end_fallen(now=NOW) == 0
    assert not Playlist.objects.exists()
    assert blends_of(bo) == []
    User.objects.filter(pk=ana.pk).update(suspended_until=NOW)
    making.make(row.pk, now=NOW)
    assert set(Playlist.objects.values_list("user", flat=True)) == {ana.pk, bo.pk}
    assert [each.other for each in blends_of(bo)] == [ana]


def test_sets_and_snippets_are_no_tracks_of_a_list(rin: User, stranger: User) -> None:
    tracks = [TrackFactory(duration_ms=ms) for ms in (5_000, 200_000, None, 3_600_000)]
    played(rin, dict.fromkeys(tracks, 4))
    assert {each.track for each in material_of(rin, stranger).candidates} == {tracks[1].pk, tracks[2].pk}


def test_material_takes_as_many_queries_for_much_music(
    pair: tuple[User, User, list[Track]], django_assert_max_num_queries: object
) -> None:
    ana, bo, _tracks = pair
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert len(material_of(ana, bo).candidates) == 70
    assert Listener.objects.count() == 2
