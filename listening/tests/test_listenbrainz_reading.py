"""Programs read listens back: their shapes, their order, and who may see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from catalog.models import Album, Artist, Track
from listening.models import ListenEvent
from listening.plays import msid_of
from listening.tests.programs import LISTENED_AT, Program, listen, program_of
from listening.tokens import make_token, revoke_token
from social.models import Block, User
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False):
        yield


@pytest.fixture
def rins(rin: User, monday: datetime) -> Program:
    return program_of(rin, monday)


def titles(answer: Any) -> list[str]:
    return [each["track_metadata"]["track_name"] for each in answer.json()["payload"]["listens"]]


def test_a_listen_comes_back_in_listenbrainzs_shape(rins: Program, monday: datetime) -> None:
    rins.submit(listen("Blue", album="Blue", media_player="mpv", duration_ms=180_000))
    msid = str(msid_of("Joni Mitchell", "Blue"))
    assert rins.get("user/rin/listens").json() == {
        "payload": {
            "count": 1,
            "user_id": "rin",
            "latest_listen_ts": LISTENED_AT,
            "oldest_listen_ts": LISTENED_AT,
            "listens": [
                {
                    "inserted_at": int(monday.timestamp()),
                    "listened_at": LISTENED_AT,
                    "recording_msid": msid,
                    "user_name": "rin",
                    "track_metadata": {
                        "artist_name": "Joni Mitchell",
                        "track_name": "Blue",
                        "release_name": "Blue",
                        "additional_info": {"media_player": "mpv", "duration_ms": 180_000, "recording_msid": msid},
                    },
                }
            ],
        }
    }


def test_a_known_recording_comes_with_its_ids(rins: Program) -> None:
    rins.submit(listen("Blue", album="Blue"))
    recording, release, artist = (f"{n}a0adfd7-2a5e-4a52-9b5a-d5f3c7a0f5a{n}" for n in (1, 2, 3))
    Track.objects.update(recording_mbid=recording, duration_ms=183_000)
    Album.objects.update(release_mbid=release)
    Artist.objects.update(mbid=artist)
    metadata = rins.get("user/rin/listens").json()["payload"]["listens"][0]["track_metadata"]
    assert metadata["additional_info"]["duration_ms"] == 183_000
    assert metadata["mbid_mapping"] == {
        "recording_mbid": recording,
        "recording_name": "Blue",
        "release_mbid": release,
        "artist_mbids": [artist],
        "artists": [{"artist_mbid": artist, "artist_credit_name": "Joni Mitchell", "join_phrase": ""}],
        "caa_id": None,
        "caa_release_mbid": None,
    }


def test_who_has_no_listens_gets_an_empty_list(rins: Program) -> None:
    assert rins.get("user/rin/listens").json()["payload"] == {
        "count": 0,
        "user_id": "rin",
        "listens": [],
        "latest_listen_ts": 0,
        "oldest_listen_ts": 0,
    }
    assert rins.get("user/rin/listen-count").json() == {"payload": {"count": 0}}


@pytest.fixture
def ten(rins: Program) -> Program:
    """Ten listens a second each: "0" is the oldest."""
    rins.submit(*[listen(str(n), at=LISTENED_AT + n) for n in range(10)], kind="import")
    return rins


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"count": 3}, "987"),
        ({"max_ts": LISTENED_AT + 5, "count": 2}, "43"),
        ({"min_ts": LISTENED_AT + 5, "count": 2}, "76"),
        ({"min_ts": LISTENED_AT + 2, "max_ts": LISTENED_AT + 8, "count": 3}, "765"),
        ({"count": 0}, ""),
        ({"count": 5_000}, "9876543210"),
        ({"max_ts": "", "min_ts": "", "count": ""}, "9876543210"),
        ({"max_ts": 10**30}, "9876543210"),
        ({"min_ts": -(10**30), "count": 1}, "0"),
    ],
)
def test_pages_leave_their_bounds_out_and_begin_with_the_newest(
    ten: Program, query: dict[str, object], expected: str
) -> None:
    assert "".join(titles(ten.get("user/rin/listens", **query))) == expected


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"min_ts": 2, "max_ts": 1}, "min_ts should be less than max_ts"),
        ({"min_ts": 2, "max_ts": 2}, "min_ts should be less than max_ts"),
        ({"max_ts": "now"}, "Invalid max_ts argument: now"),
        ({"count": -1}, "non-negative"),
    ],
)
def test_a_page_that_cannot_be_is_refused(rins: Program, query: dict[str, object], reason: str) -> None:
    answer = rins.get("user/rin/listens", **query)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]


def test_a_play_that_two_sources_tell_comes_once(rins: Program) -> None:
    rins.submit(listen())
    first = ListenEvent.objects.get()
    ListenEvent.objects.create(
        user=first.user,
        played_at=first.played_at + timedelta(seconds=3),
        source="lastfm",
        msid=first.msid,
        track=first.track,
        artist=first.artist,
        duplicate_of=first,
    )
    assert titles(rins.get("user/rin/listens")) == ["Blue"]
    assert rins.get("user/rin/listen-count").json() == {"payload": {"count": 1}}


def test_a_page_costs_the_same_with_1_and_with_20(rins: Program, django_assert_num_queries: Any) -> None:
    rins.submit(listen(album="Blue", media_player="mpv"))
    with django_assert_num_queries(3):
        rins.get("user/rin/listens")
    rins.submit(*[listen(f"{n}", f"Artist {n}", at=LISTENED_AT - n, album=f"{n}") for n in range(1, 20)], kind="import")
    with django_assert_num_queries(3):
        assert rins.get("user/rin/listens").json()["payload"]["count"] == 20


def test_what_plays_now_has_no_time(rins: Program) -> None:
    rins.submit(listen(at=None, album="Blue", media_player="mpv"), kind="playing_now")
    msid = str(msid_of("Joni Mitchell", "Blue"))
    assert rins.get("user/rin/playing-now").json() == {
        "payload": {
            "count": 1,
            "user_id": "rin",
            "playing_now": True,
            "listens": [
                {
                    "playing_now": True,
                    "recording_msid": msid,
                    "user_name": "rin",
                    "track_metadata": {
                        "artist_name": "Joni Mitchell",
                        "track_name": "Blue",
                        "release_name": "Blue",
                        "additional_info": {"media_player": "mpv", "recording_msid": msid},
                    },
                }
            ],
        }
    }


def test_nothing_plays_when_the_track_is_over(rins: Program, monday: datetime) -> None:
    rins.submit(listen(at=None, duration=200), kind="playing_now")
    with time_machine.travel(monday + timedelta(seconds=201), tick=False):
        payload = rins.get("user/rin/playing-now").json()["payload"]
    assert payload == {"count": 0, "user_id": "rin", "playing_now": True, "listens": []}


# --- Who sees what --------------------------------------------------------------------------------------------------
PATHS = ("user/rin/listens", "user/rin/listen-count", "user/rin/playing-now")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("level", "who_sees"),
    [
        (Visibility.PUBLIC, {"visitor", "stranger", "sol", "rin"}),
        (Visibility.MEMBERS, {"stranger", "sol", "rin"}),
        (Visibility.FOLLOWERS, {"sol", "rin"}),
        (Visibility.ME, {"rin"}),
    ],
)
def test_listens_are_shown_to_whom_their_member_allows(
    rin: User, sol: User, stranger: User, monday: datetime, path: str, level: str, who_sees: set[str]
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC, listens_visibility=level)
    programs = {member.handle: program_of(member, monday) for member in (rin, sol, stranger)} | {"visitor": Program()}
    statuses = {who: program.get(path).status_code for who, program in programs.items()}
    assert statuses == {who: 200 if who in who_sees else 404 for who in programs}


def test_whom_the_caller_may_not_see_does_not_exist(rin: User, stranger: User, monday: datetime) -> None:
    Block.objects.create(blocker=rin, blocked=stranger)
    program = program_of(stranger, monday)
    said = program.get("user/rin/listens").json()
    assert said == {"code": 404, "error": "Cannot find user: rin"}
    assert program.get("user/nobody/listens").json() == {"code": 404, "error": "Cannot find user: nobody"}


def test_a_name_may_be_written_in_capitals(rins: Program, rin: User) -> None:
    assert rins.get("user/RIN/listens").json()["payload"]["user_id"] == "rin"
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC, listens_visibility=Visibility.PUBLIC)
    assert Program().get("user/Rin/listens").json()["payload"]["user_id"] == "rin"


def test_a_revoked_token_is_told_so_and_not_that_its_member_is_unknown(rin: User, monday: datetime) -> None:
    token, raw = make_token(user=rin, name="Pano", now=monday)
    revoke_token(token=token, now=monday)
    answer = Program(raw).get("user/rin/listens")
    assert (answer.status_code, answer.json()["error"]) == (401, "Invalid authorization token.")


# --- Tokens and followers -------------------------------------------------------------------------------------------
def test_a_token_is_validated_in_the_header_or_in_the_query(rin: User, monday: datetime) -> None:
    _, raw = make_token(user=rin, name="Navidrome", now=monday)
    valid = {"code": 200, "message": "Token valid.", "valid": True, "user_name": "rin"}
    assert Program(raw).get("validate-token").json() == valid
    assert Program(raw, scheme="token").get("validate-token/").json() == valid
    assert Program().get("validate-token", token=raw).json() == valid


def test_a_wrong_token_is_invalid_and_none_is_an_error(rin: User) -> None:
    answer = Program("wrong").get("validate-token")
    assert (answer.status_code, answer.json()) == (200, {"code": 200, "message": "Token invalid.", "valid": False})
    answer = Program().get("validate-token")
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


def test_followers_are_listed_as_far_as_the_caller_may_see_them(
    rin: User, sol: User, rins: Program, monday: datetime
) -> None:
    assert rins.get("user/rin/followers").json() == {"followers": ["sol"], "user": "rin"}
    assert rins.get("user/sol/following").json() == {"following": ["rin"], "user": "sol"}
    User.objects.filter(pk=rin.pk).update(visibility=Visibility.PUBLIC)
    assert Program().get("user/rin/followers").json() == {"followers": [], "user": "rin"}
    answer = Program().get("user/sol/following")
    assert (answer.status_code, answer.json()) == (404, {"code": 404, "error": "User sol not found"})
