"""Rin scrobbles to Last.fm and to ListenBrainz, brings Spotify's history and connects Spotify: each play counts once.

What Rin really heard is `HEARD`; each source tells it in its own way. Nothing depends on which comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from listening.models import ArtistTotal, DayTotal, Listener, ListenEvent, SyncState
from listening.proving import differences
from listening.syncing.accounts import follow_accounts
from listening.syncing.registry import sync_account
from listening.tests import bringing
from listening.tests.fake_lastfm import FakeLastfm, Scrobble
from listening.tests.fake_listenbrainz import FakeListenBrainz, Listened
from listening.tests.fake_spotify import FakeSpotify, Heard
from social.identity import link_identity
from social.models import User

pytestmark = pytest.mark.django_db

BERLIN_SETS_ITS_CLOCKS_BACK = datetime(2025, 10, 26, 1, 0, tzinfo=UTC)
EVENING = BERLIN_SETS_ITS_CLOCKS_BACK - timedelta(hours=30)
NOW = BERLIN_SETS_ITS_CLOCKS_BACK + timedelta(hours=30)
WAYS = ("lastfm", "listenbrainz", "file", "spotify")


@dataclass(frozen=True)
class Real:
    """What was really heard. `on`: which sources were listening."""

    at: datetime
    artist: str
    title: str
    length_s: int
    on: tuple[str, ...] = WAYS
    heard_s: int | None = None
    spotify_title: str = ""
    guests: tuple[str, ...] = ()
    on_listenbrainz: str = ""

    @property
    def ms_played(self) -> int:
        return (self.heard_s or self.length_s) * 1000


def an_album(start: datetime, n_tracks: int, *, artist: str, on: tuple[str, ...] = WAYS) -> Iterator[Real]:
    """Track after track without a pause."""
    moment = start
    for number in range(n_tracks):
        length = 180 + 17 * number
        yield Real(moment, artist, f"{artist} {'abcdefghijklm'[number] * 3}", length, on)
        moment += timedelta(seconds=length)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


HEARD = (
    *an_album(EVENING, 6, artist="Portishead"),
    # One track on repeat: four plays, not one.
    *(Real(EVENING + minutes(60) + timedelta(seconds=244 * n), "Tricky", "Overcome", 244) for n in range(4)),
    # Remastered on Spotify, and with a guest whom only its own interface names.
    Real(EVENING + minutes(90), "Kate Bush", "Cloudbusting", 310, spotify_title="Cloudbusting - 2018 Remaster"),
    Real(EVENING + minutes(100), "Massive Attack", "Teardrop", 330, guests=("Elizabeth Fraser",)),
    # Two artists, of whom Last.fm and Spotify's file name the first, and ListenBrainz both.
    Real(
        EVENING + minutes(110),
        "Robert Plant",
        "Killing the Blues",
        255,
        guests=("Alison Krauss",),
        on_listenbrainz="Robert Plant & Alison Krauss",
    ),
    # A record player tells ListenBrainz alone; a phone without a network tells Spotify alone.
    *an_album(EVENING + minutes(150), 3, artist="Nina Simone", on=("listenbrainz",)),
    *an_album(EVENING + minutes(300), 4, artist="Björk", on=("file", "spotify")),
    # The same song in both of the hours that Berlin calls two o'clock.
    Real(BERLIN_SETS_ITS_CLOCKS_BACK - minutes(30), "Low", "Lullaby", 590),
    Real(BERLIN_SETS_ITS_CLOCKS_BACK + minutes(30), "Low", "Lullaby", 590),
    # Left after two thirds: Spotify's interface believes that it was heard whole.
    Real(NOW - minutes(240), "Slowdive", "Alison", 231, heard_s=160),
    *an_album(NOW - minutes(120), 5, artist="Talk Talk"),
)


def as_scrobbles() -> list[Scrobble]:
    """Last.fm: no lengths, and a clock that is off by some seconds, more or less."""
    skews = (0, 3, 21, 1, 9, 38, 5)
    return [
        Scrobble(int(each.at.timestamp()) + skews[index % len(skews)], each.artist, each.title)
        for index, each in enumerate(HEARD)
        if "lastfm" in each.on
    ]


def as_listens() -> list[Listened]:
    """ListenBrainz: the start to the second, and the track's length."""
    return [
        Listened(
            int(each.at.timestamp()),
            each.on_listenbrainz or each.artist,
            each.title,
            info={"duration_ms": each.length_s * 1000},
        )
        for each in HEARD
        if "listenbrainz" in each.on
    ]


def as_file() -> bytes:
    """Spotify's history: the end, how long it was heard, and what was skipped at once."""
    streams = [
        bringing.stream(
            ts=f"{each.at + timedelta(milliseconds=each.ms_played):%Y-%m-%dT%H:%M:%SZ}",
            ms_played=each.ms_played,
            master_metadata_track_name=each.spotify_title or each.title,
            master_metadata_album_artist_name=each.artist,
            master_metadata_album_album_name="",
            spotify_track_uri=None,
        )
        for each in HEARD
        if "file" in each.on
    ]
    skipped = {"ms_played": 4_000, "skipped": True, "reason_end": "fwdbtn", "master_metadata_track_name": "Skipped"}
    streams.append(bringing.stream(ts=f"{EVENING - minutes(5):%Y-%m-%dT%H:%M:%SZ}", **skipped))
    return bringing.as_json(streams)


def as_spotify() -> list[Heard]:
    """Spotify's interface: the end, and the track's length, whatever was heard of it."""
    return [
        Heard(
            each.at + timedelta(milliseconds=each.ms_played),
            (each.artist, *each.guests),
            each.spotify_title or each.title,
            "",
            length_s=each.length_s,
            spotify_id=f"{index:022d}",
        )
        for index, each in enumerate(HEARD)
        if "spotify" in each.on
    ]


@pytest.fixture
def services(settings: Any) -> Iterator[dict[str, Any]]:
    fakes = {
        "lastfm": FakeLastfm(scrobbles=as_scrobbles()),
        "listenbrainz": FakeListenBrainz(listens=as_listens()),
        "spotify": FakeSpotify(plays=as_spotify()),
    }
    with ExitStack() as stack:
        settings.LASTFM_URL = stack.enter_context(fakes["lastfm"].running()).url
        settings.LISTENBRAINZ_URL = stack.enter_context(fakes["listenbrainz"].running()).url
        stack.enter_context(fakes["spotify"].running())
        settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT, settings.LISTENBRAINZ_RATE_LIMIT = "key", 0, 0
        yield fakes


@pytest.fixture
def accounts(rin: User, services: dict[str, Any]) -> dict[str, SyncState]:
    rin.timezone = "Europe/Berlin"
    rin.save()
    link_identity(user=rin, provider="lastfm", provider_user_id="rin_fm", now=NOW)
    link_identity(user=rin, provider="listenbrainz", provider_user_id="rin_lb", now=NOW)
    link_identity(
        user=rin,
        provider="spotify",
        provider_user_id="rin_spotify",
        now=NOW,
        access_token="access-0",
        refresh_token="refresh-0",
        expires_at=NOW + timedelta(days=2),
    )
    follow_accounts(now=NOW)
    return {state.source: state for state in SyncState.objects.all()}


def take_in(rin: User, accounts: dict[str, SyncState], way: str, *, now: datetime = NOW) -> None:
    if way == "file":
        batch = bringing.imported(rin, as_file(), name="Streaming_History_Audio_2025.json")
        assert bringing.adds_up(batch)
        assert batch.skipped == {"Skipped: played under 30 seconds": 1}
        return
    answer = sync_account(accounts[way].pk, now=now)
    assert answer.problem == ""


def counted(rin: User) -> list[tuple[str, str, datetime]]:
    rows = ListenEvent.objects.filter(user=rin).counted().order_by("played_at")
    return [(row.artist.name, row.track.title, row.played_at) for row in rows.select_related("artist", "track")]


def first(artist: str) -> str:
    return artist.partition(" & ")[0]


def assert_each_play_once(rin: User, heard: tuple[Real, ...] = HEARD) -> None:
    """As many plays as there were, each within a minute of when it was (or its length, where only its end is known)."""
    told = counted(rin)
    real = sorted(heard, key=lambda each: each.at)
    assert [first(artist) for artist, _, _ in told] == [each.artist for each in real]
    for (_, title, at), each in zip(told, real, strict=True):
        assert title.startswith(each.title), (title, each)
        assert abs(at - each.at) <= timedelta(seconds=71), (title, at, each.at)
    listener = Listener.objects.get(user=rin)
    assert listener.n_listens == len(heard)
    assert sum(DayTotal.objects.filter(user=rin).values_list("n_listens", flat=True)) == len(heard)
    totals = ArtistTotal.objects.filter(user=rin).values_list("artist__name", "n_listens")
    by_artist = {first(name): n_listens for name, n_listens in totals}
    assert by_artist == {name: sum(each.artist == name for each in heard) for name in {each.artist for each in heard}}
    assert differences(user=rin) == []


@pytest.mark.parametrize("order", list(permutations(WAYS[:3])), ids=" then ".join)
def test_three_sources_in_any_order_tell_each_play_once(
    rin: User, accounts: dict[str, SyncState], order: tuple[str, ...]
) -> None:
    for way in order:
        take_in(rin, accounts, way)
    assert_each_play_once(rin)
    n_told = sum(len({"lastfm", "listenbrainz", "file"} & set(each.on)) for each in HEARD)
    assert ListenEvent.objects.count() == n_told  # nothing is thrown away


@pytest.mark.parametrize("order", [WAYS, WAYS[::-1], ("spotify", "lastfm", "file", "listenbrainz")], ids=" then ".join)
def test_spotify_told_by_file_and_by_its_interface_too(
    rin: User, accounts: dict[str, SyncState], order: tuple[str, ...]
) -> None:
    for way in order:
        take_in(rin, accounts, way)
    assert_each_play_once(rin)


def test_reading_all_of_it_again_changes_nothing(rin: User, accounts: dict[str, SyncState]) -> None:
    for way in WAYS:
        take_in(rin, accounts, way)
    before = bringing.everything_about(rin)
    SyncState.objects.update(last_ingested_at=None, snapshot={}, checkpoint={})
    for state in SyncState.objects.all():
        answer = sync_account(state.pk, now=NOW + timedelta(hours=1))
        assert (answer.n_new, answer.n_duplicates, answer.n_withdrawn) == (0, 0, 0)
    assert bringing.everything_about(rin) == before


def test_a_play_deleted_at_one_service_is_told_by_the_others(
    rin: User, accounts: dict[str, SyncState], services: dict[str, Any]
) -> None:
    for way in WAYS[:3]:
        take_in(rin, accounts, way)
    services["listenbrainz"].listens = [each for each in services["listenbrainz"].listens if each.title != "Overcome"]
    answer = sync_account(accounts["listenbrainz"].pk, now=NOW + timedelta(hours=25))
    assert answer.n_withdrawn == 4
    assert_each_play_once(rin)


def test_an_import_taken_back_leaves_what_the_others_tell(rin: User, accounts: dict[str, SyncState]) -> None:
    take_in(rin, accounts, "lastfm")
    batch = bringing.imported(rin, as_file(), name="Streaming_History_Audio_2025.json")
    take_in(rin, accounts, "listenbrainz")
    assert_each_play_once(rin)
    bringing.undone(batch)
    assert_each_play_once(rin, tuple(each for each in HEARD if {"lastfm", "listenbrainz"} & set(each.on)))
