"""Programs submit listens: what is stored, what is refused, and with which words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from listening.models import IncognitoRange, Listener, ListenEvent, ListenPayload, ListenToken, NowPlaying
from listening.plays import msid_of
from listening.tests.programs import LISTENED_AT, Program, listen, program_of
from social.models import User
from social.moderation import suspend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False):
        yield


@pytest.fixture
def rins(rin: User, monday: datetime) -> Program:
    return program_of(rin, monday)


def error_of(answer: Any) -> str:
    said = answer.json()
    assert said.keys() == {"code", "error"}
    assert said["code"] == answer.status_code
    return str(said["error"])


@pytest.mark.parametrize("root", ["/1", "/apis/listenbrainz/1"])
@pytest.mark.parametrize("path", ["submit-listens", "submit-listens/"])
def test_a_listen_is_stored_by_its_start(rin: User, monday: datetime, root: str, path: str) -> None:
    answer = program_of(rin, monday, root=root).submit(listen("Blue", album="Blue"), path=path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    stored = ListenEvent.objects.with_music().get()
    assert stored.user == rin
    assert stored.source == "scrobbler"
    assert stored.played_at == datetime.fromtimestamp(LISTENED_AT, UTC)
    assert (stored.track.title, stored.artist.name, stored.album.title) == ("Blue", "Joni Mitchell", "Blue")
    assert Listener.objects.get().n_listens == 1


def test_the_same_listen_again_changes_nothing(rins: Program) -> None:
    for _ in range(2):
        assert rins.submit(listen()).json() == {"status": "ok"}
    assert ListenEvent.objects.count() == 1


def test_an_import_brings_many(rins: Program) -> None:
    many = [listen(f"Track {n}", at=LISTENED_AT - 200 * n) for n in range(1_000)]
    assert rins.submit(*many, kind="import").status_code == 200
    assert Listener.objects.get().n_listens == 1_000


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN", "Bearer"])
def test_the_scheme_may_be_written_in_any_way(rin: User, monday: datetime, scheme: str) -> None:
    program = program_of(rin, monday)
    program.headers["Authorization"] = program.headers["Authorization"].replace("Token", scheme)
    assert program.submit(listen()).status_code == 200


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_the_body_is_json_whatever_its_content_type_says(rins: Program, content_type: str) -> None:
    body = json.dumps({"listen_type": "single", "payload": [listen()]}).encode()
    assert rins.post("submit-listens", body=body, content_type=content_type).status_code == 200
    assert ListenEvent.objects.count() == 1


def test_who_has_no_token_is_told_so(rin: User) -> None:
    assert error_of(Program().submit(listen())) == "You need to provide an Authorization header."
    assert error_of(Program("x").submit(listen())) == "Invalid authorization token."
    half = Program()
    half.headers = {"Authorization": "Token"}
    assert error_of(half.submit(listen())) == "Provided Authorization header is invalid."
    assert Program("x").submit(listen()).status_code == 401


def test_a_suspended_member_submits_nothing(rin: User, mod: User, rins: Program, monday: datetime) -> None:
    suspend(member=rin, moderator=mod, reason="Spoilers.", now=monday, until=monday + timedelta(days=2))
    answer = rins.submit(listen())
    assert answer.status_code == 401
    assert error_of(answer).startswith("You are suspended until 12 November 2025")
    assert not ListenEvent.objects.exists()


def test_listens_in_a_private_time_are_passed_over_in_silence(rin: User, rins: Program) -> None:
    IncognitoRange.objects.create(user=rin, starts_at=datetime.fromtimestamp(LISTENED_AT - 60, UTC))
    assert rins.submit(listen(), listen("Carey", at=LISTENED_AT - 600), kind="import").json() == {"status": "ok"}
    assert [row.track.title for row in ListenEvent.objects.select_related("track")] == ["Carey"]


def test_what_the_program_says_beside_the_names_is_kept_for_a_while(rins: Program, monday: datetime) -> None:
    mbid = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"
    rins.submit(
        listen(recording_mbid=mbid, media_player="mpv", duration_ms=180_000, duration_played=120, work_mbids=[])
    )
    payload = ListenPayload.objects.get()
    assert payload.received_at == monday
    info = payload.body["track_metadata"]["additional_info"]
    assert info == {"recording_mbid": mbid, "media_player": "mpv", "duration_ms": 180_000, "duration_played": 120}
    assert ListenEvent.objects.get().ms_played == 120_000


def test_nothing_is_kept_beside_the_names_where_only_a_length_and_the_program_are_said(rins: Program) -> None:
    rins.submit(listen(duration_ms=180_000, submission_client="Pano Scrobbler", submission_client_version="4.1"))
    assert not ListenPayload.objects.exists()
    assert ListenEvent.objects.select_related("track").get().track.duration_ms == 180_000
    assert ListenToken.objects.get().last_client == "Pano Scrobbler 4.1"


def test_what_plays_now_is_no_listen(rin: User, rins: Program, monday: datetime) -> None:
    answer = rins.submit(listen(at=None, duration=200), kind="playing_now", path="submit-listens?return_msid=true")
    msid = msid_of("Joni Mitchell", "Blue")
    assert answer.json() == {"status": "ok", "recording_msid": str(msid)}
    playing = NowPlaying.objects.get()
    assert (playing.user, playing.title, playing.source) == (rin, "Blue", "scrobbler")
    assert playing.expires_at == monday + timedelta(seconds=200)
    assert not ListenEvent.objects.exists()


def test_the_music_stops(rins: Program) -> None:
    rins.submit(listen(at=None), kind="playing_now")
    assert rins.post("playing-now/delete", {"client": "a program"}).json() == {"status": "ok"}
    assert not NowPlaying.objects.exists()
    assert rins.post("playing-now/delete").json() == {"status": "ok"}


def test_a_single_listen_costs_few_queries_however_many_are_held(
    rins: Program, django_assert_max_num_queries: Any
) -> None:
    rins.submit(listen(album="Blue"))
    with django_assert_max_num_queries(25):
        rins.submit(listen(at=LISTENED_AT - 600, album="Blue"))
    rins.submit(*[listen(f"Track {n}", at=LISTENED_AT - 1_000 - 200 * n) for n in range(200)], kind="import")
    with django_assert_max_num_queries(25):
        rins.submit(listen("Track 7", album="Blue"))


REFUSED: dict[str, tuple[Any, str]] = {
    "no object": ([], "Its top level should be an object"),
    "no payload": ({"listen_type": "single"}, "the keys listen_type and payload"),
    "a payload that is no list": ({"listen_type": "single", "payload": {}}, "should be a list of listens"),
    "no listen": ({"listen_type": "import", "payload": []}, "does not contain any listens"),
    "an unknown type": ({"listen_type": "double", "payload": [listen()]}, "valid listen_type key"),
    "a type that is no text": ({"listen_type": [], "payload": [listen()]}, "valid listen_type key"),
    "two as single": ({"listen_type": "single", "payload": [listen(), listen("Carey")]}, "more than one listen"),
    "a listen that is null": ({"listen_type": "import", "payload": [None]}, "should be an object"),
    "a key too many": ({"listen_type": "single", "payload": [listen() | {"x": 1}]}, "top level keys"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_document_of_another_shape_is_refused(rins: Program, case: str) -> None:
    document, reason = REFUSED[case]
    answer = rins.post("submit-listens", document)
    assert answer.status_code == 400
    assert reason in error_of(answer)


MBID = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no time": ({"listened_at": ...}, "must contain the key listened_at"),
    "a time in words": ({"listened_at": "yesterday"}, "an int value for listened_at"),
    "no time at all": ({"listened_at": None}, "an int value for listened_at"),
    "two hours ahead": ({"listened_at": 1_762_765_200 + 7_200}, "too high"),
    "milliseconds": ({"listened_at": LISTENED_AT * 1_000}, "too high"),
    "before there were scrobbles": ({"listened_at": 1_033_410_599}, "too low"),
    "no metadata": ({"track_metadata": ...}, "must contain the key track_metadata"),
    "metadata that is null": ({"track_metadata": None}, "track_metadata should be an object"),
    "no title": ({"track_name": ...}, "required field track_metadata.track_name"),
    "a title of spaces": ({"track_name": "  "}, "field track_metadata.track_name is empty"),
    "a title in a list": ({"track_name": ["Blue"]}, "track_name must be a single string"),
    "artists in a list": ({"artist_name": ["a", "b"]}, "artist_name must be a single string"),
    "an album that is a number": ({"release_name": 20}, "release_name must be a single string"),
    "info that is a list": ({"additional_info": [1]}, "additional_info should be an object"),
    "both lengths": ({"duration": 200, "duration_ms": 200_000}, "both duration and duration_ms"),
    "no length": ({"duration": 0}, "should be a positive integer"),
    "a length of 25 days": ({"duration": 25 * 86_400}, "too large"),
    "an endless length": ({"duration_ms": "1" * 30}, "too large"),
    "51 tags": ({"tags": ["a"] * 51}, "more than 50 items"),
    "a tag of 65": ({"tags": ["a" * 65]}, "longer than 64 characters"),
    "tags that are numbers": ({"tags": [1]}, "a list of strings"),
    "no mbid": ({"recording_mbid": "no mbid"}, "recording_mbid MBID format invalid"),
    "an mbid in a list": ({"release_mbid": [MBID]}, "release_mbid MBID format invalid"),
    "mbids in a text": ({"artist_mbids": MBID}, "artist_mbids MBID format invalid"),
    "one wrong mbid": ({"artist_mbids": [MBID, 5]}, "artist_mbids MBID format invalid"),
    "an abyss": ({"x": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}, "nested too deeply"),
}


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """A good listen with these keys replaced, wherever they stand, or left out (...)."""
    spoilt = listen(album="Blue")
    for key, value in changes.items():
        place: dict[str, Any] = spoilt["track_metadata"]
        if key in {"listened_at", "track_metadata"}:
            place = spoilt
        elif key not in {"track_name", "artist_name", "release_name", "additional_info"}:
            place = spoilt["track_metadata"].setdefault("additional_info", {})
        place[key] = value
        if value is ...:
            del place[key]
    return spoilt


@pytest.mark.parametrize("case", WRONG)
def test_one_bad_listen_refuses_the_whole_request_with_the_reason(rins: Program, case: str) -> None:
    changes, reason = WRONG[case]
    answer = rins.submit(listen("Carey"), changed(changes), kind="import")
    assert answer.status_code == 400
    assert reason in error_of(answer)
    assert not ListenEvent.objects.exists()


BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "Cannot parse JSON document"),
    "no utf-8": (b"\xff\xfe", "Cannot parse JSON document"),
    "an endless number": (b'{"listen_type": 1e999, "payload": []}', "too large a number"),
    "brackets alone": (b"[" * 100_000, "nested too deeply"),
    "digits alone": (b"1" * 10_000, "Cannot parse JSON document"),
}


@pytest.mark.parametrize("case", BODIES)
def test_what_is_no_json_is_refused(rins: Program, case: str) -> None:
    body, reason = BODIES[case]
    answer = rins.post("submit-listens", body=body)
    assert answer.status_code == 400
    assert reason in error_of(answer)


@pytest.mark.parametrize("where", ["track_name", "release_name", "media_player"])
def test_characters_that_no_database_holds_are_refused(rins: Program, where: str) -> None:
    assert "NUL character" in error_of(rins.submit(changed({where: "a\x00b"})))
    assert "surrogate" in error_of(rins.submit(changed({where: "a\ud800b"})))
    assert rins.submit(changed({where: "a\\u0000b 😀"})).status_code == 200, "a backslash is a character"


def test_a_name_that_is_too_long_for_its_column_is_cut(rins: Program) -> None:
    assert rins.submit(listen("t" * 4_000, "a" * 4_000, album="b" * 2_000)).status_code == 200
    stored = ListenEvent.objects.with_music().get()
    assert (stored.track.title, stored.artist.name) == ("t" * 500, "a" * 300)


def test_too_many_listens_are_refused(rins: Program) -> None:
    answer = rins.submit(*[listen(at=LISTENED_AT - n) for n in range(1_001)], kind="import")
    assert "more than 1000 listens" in error_of(answer)


def test_a_listen_that_is_too_large_is_refused(rins: Program) -> None:
    assert "may not be larger than 10240 bytes" in error_of(rins.submit(listen(comment="x" * 10_300)))


def test_a_body_that_is_too_large_is_refused_before_it_is_read(rins: Program) -> None:
    answer = rins.post("submit-listens", body=b"[" + b" " * 10_240_000)
    assert answer.status_code == 400
    assert "Payload too large" in error_of(answer)


def test_a_compressed_body_is_refused_in_words(rins: Program) -> None:
    rins.headers["Content-Encoding"] = "gzip"
    assert "without Content-Encoding" in error_of(rins.submit(listen()))


def test_an_empty_album_and_empty_ids_count_as_not_said(rins: Program) -> None:
    spoilt = changed({"release_name": "  ", "recording_mbid": "", "artist_mbids": [None, "", MBID]})
    assert rins.submit(spoilt).status_code == 200
    stored = ListenEvent.objects.get()
    assert stored.album is None
    assert stored.payload.body["track_metadata"]["additional_info"] == {"artist_mbids": [str(UUID(MBID))]}
