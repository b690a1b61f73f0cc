"""The Last.fm client reads every shape that Last.fm answers in, and gives each error its meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from listening.clients import lastfm
from listening.clients.lastfm import Lastfm
from listening.clients.lastfm_records import Heard, TopTag, read_recent_tracks, read_top_tags
from listening.plays import Reason
from listening.syncing.reading import KeyRefused, Private
from listening.tests.fake_lastfm import FakeLastfm, Scrobble, error, reply
from sidetrack.http import NeedsRelink, NotThere, OddReply, TryLater
from sidetrack.tests.local_server import Answer

NEW_YEAR = 1_735_689_600  # 2025-01-01 00:00 UTC


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLastfm]:
    fake = FakeLastfm()
    monkeypatch.setattr(lastfm, "RETRY_PAUSE_S", 0.01)
    with fake.running() as server:
        settings.LASTFM_URL, settings.LASTFM_API_KEY, settings.LASTFM_RATE_LIMIT = server.url, "key", 0
        yield fake


def track(**changes: Any) -> dict[str, Any]:
    row = {"artist": {"#text": "Björk", "mbid": ""}, "name": "Jóga", "album": {"#text": "", "mbid": ""}, "mbid": ""}
    return {**row, "date": {"uts": str(NEW_YEAR)}, **changes}


def page_of(track: Any, **about: Any) -> dict[str, Any]:
    return {"recenttracks": {"track": track, "@attr": {"page": "1", "totalPages": "1", "total": "1", **about}}}


def test_a_page_is_plays_with_their_beginnings_in_utc() -> None:
    mbid = "36c1833e-76e8-4606-928f-0489d3e641d6"
    artist = {"#text": "Björk", "mbid": "87c5dedd-371d-4a53-9f7f-80522fb7f3cb"}
    row = track(artist=artist, album={"#text": "Homogenic", "mbid": "0d2cb66c-3a32-4f81-b977-9231c461c34a"}, mbid=mbid)
    (play,) = read_recent_tracks(page_of([row])).plays
    assert (play.artist, play.title, play.album) == ("Björk", "Jóga", "Homogenic")
    assert play.played_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert play.recording_mbid == UUID(mbid)
    assert play.artist_mbids == (UUID("87c5dedd-371d-4a53-9f7f-80522fb7f3cb"),)
    assert play.release_mbid == UUID("0d2cb66c-3a32-4f81-b977-9231c461c34a")


def test_one_row_may_come_without_its_list() -> None:
    assert read_recent_tracks(page_of(track())).plays == read_recent_tracks(page_of([track()])).plays


@pytest.mark.parametrize("empty", [[], None, "\n"])
def test_no_row_at_all_is_an_empty_page(empty: Any) -> None:
    assert read_recent_tracks(page_of(empty, total="0", totalPages="0")).plays == ()


def test_numbers_may_be_texts_or_numbers() -> None:
    as_text = page_of([track()], page="2", perPage="200", totalPages="3", total="512")
    as_number = page_of([track(date={"uts": NEW_YEAR})], page=2, perPage=200, totalPages=3, total=512)
    assert read_recent_tracks(as_text, keeps_payload=False) == read_recent_tracks(as_number, keeps_payload=False)
    page = read_recent_tracks(as_text)
    assert (page.number, page.per_page, page.n_pages, page.n_plays) == (2, 200, 3, 512)


@pytest.mark.parametrize("artist", [{"#text": "Björk"}, {"name": "Björk", "mbid": "", "image": []}, "Björk"])
def test_a_name_is_found_however_it_is_written(artist: Any) -> None:
    assert read_recent_tracks(page_of(track(artist=artist))).plays[0].artist == "Björk"


@pytest.mark.parametrize("mbid", ["", "artist-0-mbid", None, 7])
def test_an_id_that_is_none_is_no_id(mbid: Any) -> None:
    assert read_recent_tracks(page_of(track(mbid=mbid))).plays[0].recording_mbid is None


def test_what_plays_now_is_no_play() -> None:
    playing = track(**{"@attr": {"nowplaying": "true"}})
    del playing["date"]
    page = read_recent_tracks(page_of([playing, track(name="Bachelorette")]))
    assert page.now_playing == Heard("Björk", "Jóga", "")
    assert [play.title for play in page.plays] == ["Bachelorette"]
    assert not page.skipped


@pytest.mark.parametrize(
    "date", [None, {"uts": "0"}, {"uts": 0}, {"uts": ""}, {"#text": "yesterday"}, {"uts": "9" * 30}]
)
def test_a_row_without_a_time_is_left_out_and_counted(date: Any) -> None:
    page = read_recent_tracks(page_of([track(date=date), track()]))
    assert len(page.plays) == 1
    assert page.skipped == {Reason.NO_TIME: 1}


def test_a_row_without_a_name_is_left_out_and_counted() -> None:
    page = read_recent_tracks(page_of([track(name=" "), track(artist={"#text": ""}), "nothing"]))
    assert page.skipped == {Reason.NO_NAMES: 2}


def test_pictures_are_not_kept_with_what_was_said() -> None:
    row = track(image=[{"#text": "https://x/1.png"}], artist={"name": "Björk", "image": [], "url": "https://x"})
    (play,) = read_recent_tracks(page_of(row)).plays
    assert play.payload is not None
    assert "image" not in play.payload
    assert play.payload["artist"] == {"name": "Björk"}
    assert read_recent_tracks(page_of(row), keeps_payload=False).plays[0].payload is None


def test_no_character_is_kept_that_a_database_refuses() -> None:
    (play,) = read_recent_tracks(page_of(track(name="Jó\x00ga", artist={"name": "Björk\x00"}))).plays
    assert "\x00" not in json.dumps(play.payload, ensure_ascii=False).replace("\\u0000", "\x00")


def test_tags_come_each_once_with_their_weight() -> None:
    rows = [{"name": "Trip-Hop", "count": "100"}, {"name": "trip-hop", "count": 3}, {"name": "90s", "count": 7}]
    assert read_top_tags({"toptags": {"tag": rows}}) == (TopTag("Trip-Hop", 100), TopTag("90s", 7))


# --- Asking ---------------------------------------------------------------------------------------------------------
def test_a_window_is_asked_for_in_whole_seconds(fake: FakeLastfm) -> None:
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, 0, 0, 0, 700_000, tzinfo=UTC)
    fake.scrobbles = [Scrobble(NEW_YEAR - 1, "A", "too early"), Scrobble(NEW_YEAR, "A", "first")]
    fake.scrobbles += [Scrobble(NEW_YEAR + 86_400, "A", "too late"), Scrobble(NEW_YEAR + 86_399, "A", "last")]
    page = Lastfm().recent_tracks("rin", since=since, until=until)
    assert [play.title for play in page.plays] == ["last", "first"]
    asked = fake.asked[0]
    assert (asked["from"], asked["to"], asked["format"]) == (str(NEW_YEAR), str(NEW_YEAR + 86_400), "json")


def test_a_member_s_permission_signs_the_call(fake: FakeLastfm, settings: Any) -> None:
    settings.LASTFM_API_SECRET = "shh"
    Lastfm(session_key="sk1").user("rin")
    params = dict(fake.asked[0])
    signature, _ = params.pop("api_sig"), params.pop("format")
    said = "api_keykeymethoduser.getInfosksk1userrinshh"
    assert params["sk"] == "sk1"
    assert signature == hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


def test_without_permission_nothing_is_signed(fake: FakeLastfm) -> None:
    Lastfm().user("rin")
    assert {"sk", "api_sig"}.isdisjoint(fake.asked[0])


def test_without_a_key_it_is_off_and_names_the_variable(settings: Any) -> None:
    settings.LASTFM_API_KEY = ""
    with pytest.raises(KeyRefused, match="LASTFM_API_KEY"):
        Lastfm()


# --- Refusals -------------------------------------------------------------------------------------------------------
MEANINGS = [
    (6, "User not found", NotThere),
    (6, "The artist you supplied could not be found", NotThere),
    (6, "Invalid parameters - Your request is missing a required parameter", OddReply),
    (8, "Operation failed - Something else went wrong", TryLater),
    (9, "Invalid session key - Please re-authenticate", NeedsRelink),
    (10, "Invalid API key - You must be granted a valid key by last.fm", KeyRefused),
    (11, "Service Offline - This service is temporarily offline. Try again later.", TryLater),
    (13, "Invalid method signature supplied", KeyRefused),
    (16, "There was a temporary error processing your request. Please try again", TryLater),
    (17, "Login: User required to be logged in", Private),
    (26, "Suspended API key - Access for your account has been suspended", KeyRefused),
    (29, "Rate limit exceeded - Your IP has made too many requests in a short period", TryLater),
    (99, "Something that nobody documented", OddReply),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("code", "message", "meaning"), MEANINGS)
def test_an_error_means_the_same_under_any_status(
    fake: FakeLastfm, code: int, message: str, meaning: type[Exception], status: int
) -> None:
    fake.failures = [error(code, message, status=status)] * lastfm.N_TRIES
    with pytest.raises(meaning) as caught:
        Lastfm().user("rin")
    assert type(caught.value) is meaning
    assert "rin" in str(caught.value)


def test_an_unknown_name_is_told_by_http_404(fake: FakeLastfm) -> None:
    fake.failures = [error(6, "Invalid parameters", status=404)]
    with pytest.raises(NotThere):
        Lastfm().user("nobody")


@pytest.mark.parametrize("status", [401, 404])
def test_a_refusal_without_a_reason_says_nothing_about_the_member(fake: FakeLastfm, status: int) -> None:
    fake.failures = [Answer(status, b"<html>nginx</html>")]
    with pytest.raises(OddReply, match=f"it answered {status} without a reason"):
        Lastfm().user("rin")


@pytest.mark.parametrize("code", [8, 11, 16])
def test_a_passing_failure_is_asked_again(fake: FakeLastfm, code: int) -> None:
    fake.failures = [error(code), error(code, status=400)]
    assert Lastfm().user("rin").name == "rin"


@pytest.mark.parametrize("code", [9, 10, 13, 17, 26, 29])
def test_what_asking_again_makes_worse_is_asked_once(fake: FakeLastfm, code: int) -> None:
    fake.failures = [error(code)]
    with pytest.raises((NeedsRelink, KeyRefused, Private, TryLater)):
        Lastfm().user("rin")
    assert len(fake.asked) == 1


def test_a_limit_asks_for_a_minute(fake: FakeLastfm) -> None:
    fake.failures = [error(29)]
    with pytest.raises(TryLater) as caught:
        Lastfm().user("rin")
    assert caught.value.after == lastfm.LIMITED_S


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"user": 7}'])
def test_an_answer_without_sense_is_odd(fake: FakeLastfm, body: bytes) -> None:
    fake.failures = [Answer(200, body)]
    with pytest.raises(OddReply, match=r"Last\.fm could not look up the user “rin”"):
        Lastfm().user("rin")


def test_the_key_is_in_no_message(fake: FakeLastfm, settings: Any) -> None:
    settings.LASTFM_API_KEY = "c0ffee" * 5
    fake.failures = [reply({"error": 10, "message": json.dumps({"key": "c0ffee" * 5})})]
    with pytest.raises(KeyRefused) as caught:
        Lastfm().user("rin")
    assert "c0ffee" not in str(caught.value)
