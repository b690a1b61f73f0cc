"""What ListenBrainz says of a user is read as it is meant, whatever its clients sent it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from listening.clients.listenbrainz import ListenBrainz
from listening.clients.listenbrainz_playlists import ListenBrainzPlaylists
from listening.clients.listenbrainz_records import Playing, read_listen, read_page
from listening.plays import Play, Reason
from sidetrack.http import NeedsRelink, NotThere, OddReply, TryLater
from sidetrack.tests.local_server import Answer, Asked, serving

MAPPED = UUID("fa2605de-3e06-4038-9337-daec9ca302e5")
SAID = UUID("11111111-3e06-4038-9337-daec9ca302e5")


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(body).encode(), {name.replace("_", "-"): value for name, value in headers.items()})


def listen(second: Any = 1_700_000_000, **metadata: Any) -> dict[str, Any]:
    return {"listened_at": second, "track_metadata": {"artist_name": "Björk", "track_name": "Jóga", **metadata}}


def listens(*rows: Any) -> dict[str, Any]:
    return {"payload": {"count": len(rows), "user_id": "listener", "listens": list(rows)}}


@pytest.fixture
def _quiet(settings: Any) -> None:
    settings.LISTENBRAINZ_USER_AGENT = "Club/1 ( https://club.example )"


def test_a_page_asks_for_what_is_older_than_a_second_and_says_who_we_are(settings: Any, _quiet: None) -> None:
    with serving(answer(listens(listen(20), listen(10)))) as server:
        settings.LISTENBRAINZ_URL = server.url
        page = ListenBrainz().listens("a b/c", max_ts=21, count=5_000)
    (asked,) = server.asked
    assert asked.path == "/1/user/a%20b%2Fc/listens"
    assert asked.params == {"count": "1000", "max_ts": "21"}
    assert asked.headers["User-Agent"] == "Club/1 ( https://club.example )"
    assert (page.n_listens, page.newest, page.oldest) == (2, 20, 10)
    assert [play.played_at for play in page.plays] == [datetime.fromtimestamp(at, UTC) for at in (20, 10)]


def test_its_rate_is_kept_by_whoever_asks(settings: Any) -> None:
    """One turn in ten seconds: whoever will not wait for the next is sent away, and nothing is asked."""
    assert settings.LISTENBRAINZ_RATE_LIMIT == 5.0
    settings.LISTENBRAINZ_RATE_LIMIT = 0.1
    with serving(answer(listens(listen(20)))) as server:
        settings.LISTENBRAINZ_URL = server.url
        ListenBrainz().listens("rin")
        with pytest.raises(TryLater, match="waiting for their turn"):
            ListenBrainz(wait_s=0).listens("rin")
        with pytest.raises(TryLater, match="waiting for their turn"):
            ListenBrainzPlaylists("rin", "token", wait_s=0).marked("sidetrack-x")
    assert len(server.asked) == 1


def test_all_that_a_listen_says_becomes_a_play() -> None:
    said = {
        "duration_ms": "251000",
        "duration_played": 120,
        "recording_mbid": str(SAID),
        "release_artist_name": "Björk Guðmundsdóttir",
        "origin_url": "https://open.spotify.com/intl-de/track/02MWAaffLxlfxAUY7c5dvx?si=1",
    }
    mapping = {"recording_mbid": str(MAPPED), "release_mbid": str(MAPPED), "artist_mbids": [str(MAPPED), None, "x"]}
    row = listen(release_name=" Homogenic ", additional_info=said, mbid_mapping=mapping)
    play = read_listen(row)
    assert isinstance(play, Play)
    assert play == Play(
        played_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        artist="Björk",
        title="Jóga",
        album="Homogenic",
        album_artist="Björk Guðmundsdóttir",
        ms_played=120_000,
        duration_ms=251_000,
        recording_mbid=SAID,  # what the client said goes before what ListenBrainz guessed
        release_mbid=MAPPED,
        artist_mbids=(MAPPED,),
        spotify_id="02MWAaffLxlfxAUY7c5dvx",
        payload=row,
    )
    read = read_listen(row)
    assert isinstance(read, Play)
    assert read.payload == row


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x", Reason.UNREADABLE),
        ({"listened_at": 1}, Reason.UNREADABLE),
        (listen(artist_name=" "), Reason.NO_NAMES),
        (listen(track_name=None), Reason.NO_NAMES),
        (listen(track_name="\x00"), Reason.NO_NAMES),
        (listen(0), Reason.NO_TIME),
        (listen(None), Reason.NO_TIME),
        (listen("soon"), Reason.NO_TIME),
        (listen(1e300), Reason.NO_TIME),
        (listen(-5), Reason.NO_TIME),
        (listen(True), Reason.NO_TIME),
    ],
)
def test_what_is_no_play_says_why(row: Any, reason: str) -> None:
    assert read_listen(row) == reason
    page = read_page(listens(row, listen()))
    assert page is not None
    assert (len(page.plays), page.skipped, page.n_listens) == (1, {reason: 1}, 2)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"duration_ms": None, "recording_mbid": None, "artist_mbids": None, "spotify_id": None},
        {"duration": "long", "recording_mbid": "not an id", "artist_mbids": "x", "origin_url": 7},
        {
            "duration": 1e400,
            "duration_ms": -1,
            "duration_played": True,
            "spotify_id": "https://open.spotify.com/album/x",
        },
    ],
)
def test_nonsense_beside_the_names_is_passed_over(said: Any) -> None:
    play = read_listen(listen(additional_info=said, mbid_mapping=said))
    assert isinstance(play, Play)
    assert (play.duration_ms, play.ms_played, play.recording_mbid, play.artist_mbids) == (None, None, None, ())
    assert play.spotify_id == ""


def test_seconds_are_taken_where_a_client_gives_no_milliseconds() -> None:
    play = read_listen(listen(additional_info={"duration": 338}))
    assert isinstance(play, Play)
    assert play.duration_ms == 338_000


def test_what_plays_now_and_that_nothing_does(settings: Any) -> None:
    info = {"duration_ms": 251_000, "media_player": "Navidrome", "submission_client": "navidrome"}
    now = {
        "playing_now": True,
        "track_metadata": {"artist_name": "Björk", "track_name": "Jóga", "additional_info": info},
    }
    nothing = {"payload": {"count": 0, "user_id": "listener", "playing_now": True, "listens": []}}
    with serving([answer(listens(now)), answer(nothing)]) as server:
        settings.LISTENBRAINZ_URL = server.url
        assert ListenBrainz().playing_now("listener") == Playing("Björk", "Jóga", "", 251_000, "Navidrome")
        assert ListenBrainz().playing_now("listener") is None


def test_the_number_of_listens_and_whose_token_it_is(settings: Any) -> None:
    def reply(asked: Asked) -> Answer:
        if asked.path.endswith("/listen-count"):
            return answer({"payload": {"count": 3252}})
        if asked.headers["Authorization"] == "Token good":
            return answer({"code": 200, "message": "Token valid.", "user_name": "listener", "valid": True})
        return answer({"code": 200, "message": "Token invalid.", "valid": False})

    with serving(reply) as server:
        settings.LISTENBRAINZ_URL = server.url
        client = ListenBrainz()
        assert client.listen_count("listener") == 3252
        assert (client.owner_of("good").user_name, client.owner_of("bad").is_valid) == ("listener", False)
        n_asked = len(server.asked)
        assert not any(client.owner_of(token).is_valid for token in ("", "two words", "new\nline", "schlüssel"))
        assert len(server.asked) == n_asked


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer({"code": 404, "error": "Cannot find user: nobody"}, 404), NotThere),
        (answer({"code": 401, "error": "Invalid token"}, 401), NeedsRelink),
        (answer({"code": 400, "error": "max_ts should be greater than min_ts"}, 400), OddReply),
        (answer({"payload": {}}), OddReply),
        (answer([]), OddReply),
        (Answer(204, b""), OddReply),
    ],
)
def test_a_refusal_means_an_action(settings: Any, reply: Answer, error: type[Exception]) -> None:
    with serving(reply) as server:
        settings.LISTENBRAINZ_URL = server.url
        with pytest.raises(error, match="ListenBrainz could not read the listens of “nobody”"):
            ListenBrainz().listens("nobody")


def test_a_used_up_allowance_is_waited_for_once_and_handed_on_to_who_cannot_wait(settings: Any) -> None:
    used_up = answer({"code": 429, "error": "Too many"}, 429, X_RateLimit_Remaining="0", X_RateLimit_Reset_In="1")
    with serving([used_up, answer(listens(listen()))]) as server:
        settings.LISTENBRAINZ_URL = server.url
        assert ListenBrainz().listens("listener").n_listens == 1
        first, second = server.asked
        assert second.at - first.at >= 0.95
    last_one = answer(listens(), X_RateLimit_Remaining="0", X_RateLimit_Reset_In="9")
    with serving(last_one) as server:
        settings.LISTENBRAINZ_URL = server.url
        ListenBrainz().listens("listener")
        with pytest.raises(TryLater) as caught:
            ListenBrainz(wait_s=1).listens("listener")
    assert 7 < caught.value.after <= 9
    assert len(server.asked) == 1


@pytest.mark.realdata
def test_every_recorded_answer_of_an_endpoint_that_we_ask_goes_through(real_data: Path, settings: Any) -> None:
    folder = real_data / "listenbrainz" / "api"
    current: list[tuple[str, int]] = []

    def reply(asked: Asked) -> Answer:
        name, status = current[0]
        return Answer(status, (folder / name).read_bytes())

    with serving(reply) as server:
        settings.LISTENBRAINZ_URL = server.url
        client = ListenBrainz()
        current[:] = [("listens.json", 200)]
        page = client.listens("listener_65")
        told = json.loads((folder / "listens.json").read_bytes())["payload"]
        assert page.n_listens == len(page.plays) == told["count"] == 25
        assert (page.newest, page.skipped) == (told["latest_listen_ts"], {})
        mapped = [row for row in told["listens"] if "mbid_mapping" in row["track_metadata"]]
        assert sum(play.recording_mbid is not None for play in page.plays) == len(mapped) > 0
        current[:] = [("listen_count.json", 200)]
        assert client.listen_count("listener_65") == 3252
        current[:] = [("top_artists.json", 200)]
        assert [top.n_listens for top in client.top_artists("listener_65")[:3]] == [263, 188, 127]
        current[:] = [("top_albums.json", 200)]
        top = client.top_releases("listener_65")[0]
        assert (top.name, top.artist, top.n_listens) == ("B.T.F.U", "Karan Aujla", 156)
        current[:] = [("validate_token_valid.json", 200)]
        assert client.owner_of("token").user_name == "ListenBrainzUser"
        current[:] = [("validate_token_invalid.json", 200)]
        assert not client.owner_of("token").is_valid
        current[:] = [("user_does_not_exist_error.json", 404)]
        with pytest.raises(NotThere):
            client.listens("nobody")
        current[:] = [("auth_header_not_found_error.json", 401)]
        with pytest.raises(NeedsRelink):
            client.owner_of("token")


def recorded_listens(value: Any) -> list[dict[str, Any]]:
    """Every object that has track metadata, however deep the file keeps it."""
    if isinstance(value, list):
        return [found for each in value for found in recorded_listens(each)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("track_metadata"), dict):
        return [value]
    return [found for each in value.values() for found in recorded_listens(each)]


@pytest.mark.realdata
@pytest.mark.parametrize("folder", ["api", "mapping", "web_props"])
def test_every_listen_that_anybody_recorded_is_read(real_data: Path, settings: Any, folder: str) -> None:
    n_read = 0
    for file in sorted((real_data / "listenbrainz" / folder).glob("*.json")):
        rows = recorded_listens(json.loads(file.read_bytes()))
        with serving(answer(listens(*rows))) as server:
            settings.LISTENBRAINZ_URL = server.url
            page = ListenBrainz().listens("listener")
        timed = [row for row in rows if 0 < (row.get("listened_at") or 0) < 1e11]  # pages of the site count in ms
        assert len(page.plays) == len(timed), file.name
        assert sum(page.skipped.values()) == len(rows) - len(timed)
        assert all(play.artist and play.title for play in page.plays)
        for play, row in zip(page.plays, timed, strict=True):
            mapping = row["track_metadata"].get("mbid_mapping") or {}
            if mapping.get("recording_mbid"):
                assert play.recording_mbid is not None, file.name
        n_read += len(page.plays)
    assert n_read >= 15
