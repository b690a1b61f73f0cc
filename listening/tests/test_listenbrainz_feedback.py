"""Loved and hated tracks, and ids looked up by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from catalog.models import Track
from listening.models import Feedback
from listening.plays import msid_of
from listening.tests.programs import Program, listen, program_of
from social.models import User

pytestmark = pytest.mark.django_db
MBID = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"
BLUE = str(msid_of("Joni Mitchell", "Blue"))


@pytest.fixture(autouse=True)
def _on_monday(monday: datetime) -> Any:
    with time_machine.travel(monday, tick=False) as clock:
        yield clock


@pytest.fixture
def rins(rin: User, monday: datetime) -> Program:
    program = program_of(rin, monday)
    program.submit(listen("Blue", album="Blue"))
    return program


def love(program: Program, score: object = 1, **ids: object) -> Any:
    return program.post("feedback/recording-feedback", {"score": score, **ids})


def test_a_heard_track_is_loved_hated_and_neither(rins: Program, rin: User, monday: datetime) -> None:
    assert love(rins, 1, recording_msid=BLUE).json() == {"status": "ok"}
    row = Feedback.objects.select_related("track").get()
    assert (row.user, row.track.title, row.score, str(row.msid), row.created_at) == (rin, "Blue", 1, BLUE, monday)
    love(rins, -1, recording_msid=BLUE)
    assert Feedback.objects.get().score == -1
    love(rins, 0, recording_msid=BLUE)
    assert not Feedback.objects.exists()


def test_a_track_is_loved_by_its_recording(rins: Program) -> None:
    Track.objects.update(recording_mbid=MBID)
    love(rins, 1, recording_mbid=MBID, recording_msid=None)
    assert Feedback.objects.get().track.title == "Blue"


def test_a_recording_that_a_program_named_is_loved_before_musicbrainz_was_asked(rins: Program) -> None:
    rins.submit(listen("Carey", recording_mbid=MBID))
    assert love(rins, 1, recording_mbid=MBID).status_code == 200
    assert Feedback.objects.get().track.title == "Carey"


def test_what_plays_now_is_loved_before_it_is_a_listen(rins: Program) -> None:
    said = rins.submit(listen("Carey", at=None), kind="playing_now", path="submit-listens?return_msid=true").json()
    assert love(rins, 1, recording_msid=said["recording_msid"]).status_code == 200
    assert Feedback.objects.get().track.title == "Carey"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"score": 1}, "either recording_msid or recording_mbid"),
        ({"recording_msid": BLUE}, "score top level keys"),
        ({"recording_msid": BLUE, "score": 2}, "score can have a value of 1, 0 or -1"),
        ({"recording_msid": BLUE, "score": True}, "score can have a value of 1, 0 or -1"),
        ({"recording_msid": BLUE, "score": "1"}, "score can have a value of 1, 0 or -1"),
        ({"recording_msid": BLUE, "score": 1, "x": 1}, "may only contain"),
        ({"recording_msid": "x", "score": 1}, "recording_msid is no UUID"),
        ({"recording_mbid": [MBID], "score": 1}, "recording_mbid is no UUID"),
        ({"recording_mbid": MBID, "score": 1}, "No recording of this id was heard here yet"),
        ([], "should be an object"),
    ],
)
def test_feedback_that_means_nothing_is_refused(rins: Program, document: Any, reason: str) -> None:
    answer = rins.post("feedback/recording-feedback", document)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
    assert not Feedback.objects.exists()


def test_another_members_listens_give_no_track(rins: Program, sol: User, monday: datetime) -> None:
    assert love(program_of(sol, monday), 1, recording_msid=BLUE).status_code == 400
    assert love(program_of(sol, monday), 0, recording_msid=BLUE).status_code == 200


def test_feedback_is_read_newest_first(rins: Program, monday: datetime, _on_monday: Any) -> None:
    rins.submit(listen("Carey"))
    Track.objects.filter(title="Blue").update(recording_mbid=MBID, duration_ms=183_000)
    love(rins, 1, recording_msid=BLUE)
    _on_monday.shift(timedelta(minutes=1))
    love(rins, -1, recording_msid=str(msid_of("Joni Mitchell", "Carey")))
    said = rins.get("feedback/user/rin/get-feedback", metadata="true").json()
    assert [each["score"] for each in said["feedback"]] == [-1, 1]
    assert (said["count"], said["total_count"], said["offset"]) == (2, 2, 0)
    loved = said["feedback"][1]
    mapping = loved["track_metadata"].pop("mbid_mapping")
    assert mapping["recording_mbid"] == MBID
    assert loved == {
        "created": int(monday.timestamp()),
        "recording_mbid": MBID,
        "recording_msid": BLUE,
        "score": 1,
        "track_metadata": {
            "artist_name": "Joni Mitchell",
            "track_name": "Blue",
            "additional_info": {"recording_msid": BLUE, "duration_ms": 183_000},
        },
        "user_id": "rin",
    }
    only = rins.get("feedback/user/rin/get-feedback", score=1, offset=0, count=1).json()
    assert [each["score"] for each in only["feedback"]] == [1]
    assert only["feedback"][0]["track_metadata"] is None
    assert only["total_count"] == 2
    assert rins.get("feedback/user/rin/get-feedback", score=5).status_code == 400


def test_the_word_on_each_recording_that_is_asked_for(rins: Program) -> None:
    Track.objects.update(recording_mbid=MBID)
    love(rins, 1, recording_msid=BLUE)
    unknown = str(msid_of("Nobody", "Nothing"))
    path = "feedback/user/rin/get-feedback-for-recordings"
    said = rins.get(path, recording_msids=f"{BLUE},{unknown}", recording_mbids=MBID).json()["feedback"]
    assert [(each["recording_msid"], each["score"]) for each in said] == [(BLUE, 1), (unknown, 0), (BLUE, 1)]
    assert rins.get(path).status_code == 400
    assert rins.get(path, recording_msids="x").status_code == 400


def test_feedback_is_shown_like_listens(rins: Program) -> None:
    assert Program().get("feedback/user/rin/get-feedback").status_code == 404


def test_ids_are_looked_up_by_name(rins: Program) -> None:
    query = {"artist_name": "joni mitchell", "recording_name": "BLUE", "release_name": "Blue"}
    assert Program().get("metadata/lookup/", **query).json() == {}
    Track.objects.update(recording_mbid=MBID)
    assert Program().get("metadata/lookup", **query).json() == {
        "artist_credit_name": "Joni Mitchell",
        "artist_mbids": [],
        "recording_mbid": MBID,
        "recording_name": "Blue",
        "release_mbid": None,
        "release_name": "Blue",
    }
    assert Program().get("metadata/lookup/", artist_name="Nobody", recording_name="Nothing").json() == {}
    assert Track.objects.count() == 1, "looking makes nothing"


@pytest.mark.parametrize("query", [{"artist_name": "Pixies"}, {"recording_name": "Debaser"}, {}])
def test_a_look_up_needs_both_names(rin: User, query: dict[str, object]) -> None:
    answer = Program().get("metadata/lookup/", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
