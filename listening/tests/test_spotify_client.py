"""What Spotify says of a member is read as it is meant, and playlists are written in the portions that it takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.clients.spotify import SpotifyCatalogue
from listening.clients.spotify import EXPORTS, SpotifyAccount, profile_of
from listening.clients.spotify_permission import redeem
from listening.clients.spotify_records import PlayingNow, Tokens, read_play, read_playing, read_recently_played
from listening.plays import Play, Reason
from listening.tests.fake_spotify import FakeSpotify, Heard, item, now_playing_of, refusal, reply
from sidetrack.http import NeedsRelink, NotThere, OddReply, TryLater
from sidetrack.tests.local_server import Answer, Asked, serving
from social.models import LinkedAccount, User

NOW = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
JOGA = Heard(NOW, ("Björk",), "Jóga", "Homogenic", length_s=305)
DUET = Heard(NOW, ("Robert Plant", "Alison Krauss"), "Killing the Blues", "Raising Sand", length_s=255)


@pytest.fixture
def link(rin: User) -> LinkedAccount:
    return LinkedAccount.objects.create(
        user=rin,
        provider="spotify",
        provider_user_id="listener",
        access_token="access-0",
        refresh_token="refresh-0",
        expires_at=NOW + timedelta(hours=1),
        authorised_at=NOW - timedelta(days=30),
    )


def test_a_play_begins_its_length_before_its_stamp() -> None:
    play = read_play(item(DUET))
    assert isinstance(play, Play)
    assert play == Play(
        played_at=datetime(2026, 11, 10, 11, 55, 45, tzinfo=UTC),
        artist="Robert Plant feat. Alison Krauss",
        title="Killing the Blues",
        album="Raising Sand",
        album_artist="Robert Plant",
        duration_ms=255_000,
        spotify_id="02MWAaffLxlfxAUY7c5dvx",
        payload=play.payload,
    )
    assert play.ms_played is None  # Spotify does not say how much of it was heard
    assert play.payload is not None
    assert "available_markets" not in json.dumps(play.payload)
    assert play.payload["played_at"] == "2026-11-10T12:00:00.000Z"


def test_a_fraction_of_a_second_makes_no_second_play() -> None:
    body = {**item(JOGA), "played_at": "2026-11-10T12:00:00.750Z"}
    play = read_play(body)
    assert isinstance(play, Play)
    assert play.played_at == datetime(2026, 11, 10, 11, 54, 55, tzinfo=UTC)


def test_a_file_of_the_member_s_own_has_names_and_no_id() -> None:
    play = read_play(item(Heard(NOW, ("A Friend",), "Demo", spotify_id=None)))
    assert isinstance(play, Play)
    assert (play.artist, play.title, play.spotify_id) == ("A Friend", "Demo", "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, Reason.UNREADABLE),
        ({"track": None, "played_at": "2026-11-10T12:00:00Z"}, Reason.UNREADABLE),
        (item(Heard(NOW, ("A Host",), "Episode 1", kind="episode")), Reason.PODCAST),
        (item(Heard(NOW, (), "Nobody's")), Reason.NO_NAMES),
        (item(Heard(NOW, ("Björk",), "")), Reason.NO_NAMES),
        ({**item(JOGA), "played_at": None}, Reason.NO_TIME),
        ({**item(JOGA), "played_at": "yesterday"}, Reason.NO_TIME),
    ],
)
def test_what_is_no_play_says_why(body: Any, reason: str) -> None:
    assert read_play(body) == reason
    played = read_recently_played({"items": [body, item(JOGA)]})
    assert played is not None
    assert (len(played.plays), played.skipped, played.n_items) == (1, {reason: 1}, 2)


def test_the_cursor_counts_milliseconds_of_the_ends(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify([JOGA, Heard(NOW - timedelta(minutes=6), ("Björk",), "Bachelorette")])
    with spotify.running():
        account = SpotifyAccount(link, now=NOW)
        played = account.recently_played()
        assert (played.newest_ms, played.oldest_ms) == (1_794_312_000_000, 1_794_311_640_000)
        assert [play.title for play in played.plays] == ["Jóga", "Bachelorette"]
        later = account.recently_played(after_ms=1_794_311_640_000)
        assert [play.title for play in later.plays] == ["Jóga"]
    assert [each.params for each in spotify.asked] == [{"limit": "50"}, {"limit": "50", "after": "1794311640000"}]
    assert {each.headers["Authorization"] for each in spotify.asked} == {"Bearer access-0"}


LOCAL = Heard(NOW, ("A Friend",), "Demo", spotify_id=None)
EPISODE = Heard(NOW, ("A Host",), "Episode 1", kind="episode")
PLAYING: dict[str, tuple[dict[str, Any] | None, PlayingNow | None]] = {
    "a duet": (
        now_playing_of(DUET, progress_s=60),
        PlayingNow("Robert Plant feat. Alison Krauss", "Killing the Blues", "Raising Sand", 255_000, 60_000),
    ),
    "a local file": (now_playing_of(LOCAL, progress_s=1), PlayingNow("A Friend", "Demo", "Album", 240_000, 1_000)),
    "silence": (None, None),
    "paused": (now_playing_of(JOGA, progress_s=60, is_playing=False), None),
    "an advertisement": (now_playing_of(JOGA, progress_s=60, currently_playing_type="ad", item=None), None),
    "unknown": (now_playing_of(JOGA, progress_s=60, currently_playing_type="unknown"), None),
    "a podcast": (now_playing_of(EPISODE, progress_s=1, currently_playing_type="episode"), None),
    "a private session": (now_playing_of(JOGA, progress_s=60, device={"is_private_session": True}), None),
}


@pytest.mark.parametrize(("playing", "expected"), PLAYING.values(), ids=PLAYING.keys())
def test_music_that_plays_now_and_nothing_else(
    link: LinkedAccount, settings: Any, playing: dict[str, Any] | None, expected: PlayingNow | None
) -> None:
    with FakeSpotify(playing=playing).running():
        assert SpotifyAccount(link, now=NOW).currently_playing() == expected


def test_a_long_playlist_is_written_a_hundred_tracks_at_a_time(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify()
    tracks = [f"track{number:03}" for number in range(250)]
    with spotify.running():
        account = SpotifyAccount(link, now=NOW, budget=EXPORTS)
        made = account.create_playlist(name="The club", description="Week 3\nand more")
        assert made.url == "https://open.spotify.com/playlist/playlist0"
        account.replace_items(made.spotify_id, ["old", *tracks])
        account.replace_items(made.spotify_id, tracks)
        assert spotify.playlists[made.spotify_id] == [f"spotify:track:{each}" for each in tracks]
        account.replace_items(made.spotify_id, [])
    assert spotify.playlists[made.spotify_id] == []
    assert json.loads(spotify.asked[0].body) == {"name": "The club", "description": "Week 3 and more", "public": False}


def test_an_id_that_is_none_is_not_put_into_an_address(link: LinkedAccount, settings: Any) -> None:
    spotify = FakeSpotify()
    with spotify.running():
        for playlist, track in (("../me", "a"), ("a", "spotify:track:a"), ("", "a")):
            with pytest.raises(OddReply, match="no ids"):
                SpotifyAccount(link, now=NOW).replace_items(playlist, [track])
    assert spotify.asked == []


def test_a_pause_of_a_day_holds_for_all_members_but_not_for_the_catalogue(
    link: LinkedAccount, sol: User, settings: Any
) -> None:
    other = LinkedAccount.objects.create(
        user=sol,
        provider="spotify",
        provider_user_id="sol",
        access_token="access-0",
        expires_at=NOW + timedelta(hours=1),
    )
    spotify = FakeSpotify(failures=[refusal(429, "API rate limit exceeded", Retry_After="80000")])
    with spotify.running():
        for each in (link, other, link):
            with pytest.raises(TryLater) as caught:
                SpotifyAccount(each, now=NOW).recently_played()
            assert caught.value.after == pytest.approx(80_000, abs=60)
        assert len(spotify.asked) == 1
        assert SpotifyAccount(link, now=NOW, budget=EXPORTS).create_playlist(name="The club").spotify_id
        spotify.failures = [
            reply({"access_token": "catalogue", "expires_in": 3600}),
            refusal(429, "API rate limit exceeded", Retry_After="80000"),
        ]
        with pytest.raises(TryLater):
            SpotifyCatalogue(now=NOW).album("5vkqYmiPBYLaalcmjujWxK")
        n_asked = len(spotify.asked)
        with pytest.raises(TryLater):
            SpotifyCatalogue(now=NOW).album("5vkqYmiPBYLaalcmjujWxK")
    assert len(spotify.asked) == n_asked


@pytest.mark.parametrize(
    ("failure", "error", "words"),
    [
        (refusal(403, "Insufficient client scope"), NeedsRelink, "permitted too little"),
        (refusal(403, "User not registered in the Developer Dashboard"), NeedsRelink, "operator has added"),
        (
            Answer(403, b"User not approved for app. Check settings on developer.spotify.com/dashboard"),
            NeedsRelink,
            "op",
        ),
        (refusal(403, "Restriction violated"), OddReply, "answered 403"),
        (refusal(404, "Not found"), NotThere, "no such thing"),
        (reply({"error": "odd"}), OddReply, "holds no plays"),
        (Answer(200, b"<html>"), OddReply, "not JSON"),
    ],
)
def test_a_refusal_means_an_action(
    link: LinkedAccount, settings: Any, failure: Answer, error: type[Exception], words: str
) -> None:
    with FakeSpotify(failures=[failure]).running(), pytest.raises(error, match=words) as caught:
        SpotifyAccount(link, now=NOW).recently_played()
    assert "access-0" not in str(caught.value)


# --- Recorded answers -----------------------------------------------------------------------------------------------
@pytest.mark.realdata
def test_every_recorded_answer_of_an_endpoint_that_we_ask_goes_through(
    link: LinkedAccount, real_data: Path, settings: Any
) -> None:
    folder = real_data / "spotify"
    settings.SPOTIFY_CLIENT_ID, settings.SPOTIFY_CLIENT_SECRET = "id", "secret"
    current: list[str] = []

    def answer(asked: Asked) -> Answer:
        return Answer(body=(folder / current[0]).read_bytes())

    with serving(answer) as server:
        settings.SPOTIFY_API_URL = settings.SPOTIFY_ACCOUNTS_URL = server.url
        account = SpotifyAccount(link, now=NOW)
        current[:] = ["web_api/GetCurrentUsersRecentlyPlayedTracksRequest.json"]
        played = account.recently_played()
        assert (played.n_items, len(played.plays), played.newest_ms) == (2, 2, 1_695_397_413_750)
        assert played.plays[0].artist.startswith("Maceo Plex feat. Gabriel Ananda")
        current[:] = ["recently_played/spotify_recently_played_submitted.json"]
        (play,) = account.recently_played().plays
        told = json.loads((folder / "recently_played/spotify_recently_played_expected.json").read_bytes())
        (listen,) = told["payload"]["listens"]  # ListenBrainz keeps the end: ours is the track's length before
        about = listen["track_metadata"]["additional_info"]
        assert int(play.played_at.timestamp()) + about["duration_ms"] // 1000 == pytest.approx(
            listen["listened_at"], abs=1
        )
        assert (play.title, play.album) == ("Heat Waves", listen["track_metadata"]["release_name"])
        current[:] = ["web_api/GetUsersCurrentlyPlayingTrackRequest.json"]
        assert account.currently_playing() is None  # it is paused
        body = json.loads((folder / current[0]).read_bytes())
        assert read_playing({**body, "is_playing": True}) == PlayingNow(
            "ABBA", "Dancing Queen", "Arrival", 230_400, 78_810
        )
        current[:] = ["web_api_other/current_playback_state.json"]
        now = account.currently_playing()
        assert now is not None
        assert (now.artist, now.progress_ms) == ("Dubmood feat. MASTER BOOT RECORD", 78_823)
        current[:] = ["web_api/CreatePlaylistRequest.json"]
        assert account.create_playlist(name="x").url.startswith("https://open.spotify.com/")
        for name in ("AddItemsToPlaylistRequest", "ReorderPlaylistsItemsRequest"):
            current[:] = [f"web_api/{name}.json"]
            account.replace_items("7oi0w0SLbJ4YyjrOxhZbUv", ["a" * 22] * 101)
        current[:] = ["web_api/AuthorizationCode.json"]
        tokens = redeem("code", redirect_uri="https://club.example/back", verifier="v" * 43)
        assert tokens == Tokens("0" * 40, "0" * 40, 3600, "user-read-birthdate user-read-email")
        current[:] = ["web_api/GetCurrentUsersProfileRequest.json"]
        assert profile_of(tokens).spotify_id


@pytest.mark.realdata
def test_a_recorded_duet_keeps_both_artists(real_data: Path) -> None:
    body = json.loads((real_data / "spotify" / "recently_played" / "spotify_play_two_artists.json").read_bytes())
    play = read_play(body)
    assert isinstance(play, Play)
    assert play.artist == "Robert Plant feat. Alison Krauss"
