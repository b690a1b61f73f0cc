"""Bodies from ListenBrainz's own tests: what it accepts we accept, what it refuses we refuse, with a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listening.models import ListenEvent, NowPlaying
from listening.tests.programs import Program, program_of
from social.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]
NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)

# Of each refused body, a word of the reason.
REASONS = {
    "empty_artist_name.json": "artist_name is empty",
    "invalid_artist_mbid.json": "artist_mbids MBID format invalid",
    "invalid_duration.json": "Value for duration is invalid",
    "invalid_listen_missing_track_metadata.json": "must contain the key track_metadata",
    "invalid_release_name.json": "release_name must be a single string",
    "nan_listened_at.json.txt": "NaN is no JSON value",
    "playing_now_more_than_one_listen.json": "more than one listen",
    "playing_now_ts.json": "must not contain listened_at",
    "timestamp_before_lfm_founding.json": "listened_at is too low",
    "too_long_tag.json": "tags longer than 64 characters",
}


@pytest.fixture
def rins(rin: User) -> Program:
    return program_of(rin, NOW)


def test_every_valid_body_is_accepted_and_each_of_its_listens_stored_once(rins: Program, real_data: Path) -> None:
    bodies = sorted((real_data / "listenbrainz/submit_valid").iterdir())
    assert len(bodies) == 10
    for path in bodies:
        document = json.loads(path.read_text())
        answer = rins.post("submit-listens", body=path.read_bytes())
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"}), path.name
        for listen in document["payload"]:
            names = listen["track_metadata"]
            if document["listen_type"] == "playing_now":
                assert NowPlaying.objects.get().title == names["track_name"], path.name
                continue
            at = datetime.fromtimestamp(listen["listened_at"], UTC)
            stored = ListenEvent.objects.filter(played_at=at, track__title=names["track_name"])
            assert [row.artist.name for row in stored.select_related("artist")] == [names["artist_name"]], path.name


def test_every_invalid_body_is_refused_with_its_reason(rins: Program, real_data: Path) -> None:
    bodies = {path.name: path.read_bytes() for path in (real_data / "listenbrainz/submit_invalid").iterdir()}
    assert bodies.keys() == REASONS.keys()
    for name, body in bodies.items():
        answer = rins.post("submit-listens", body=body)
        assert answer.status_code == 400, name
        assert REASONS[name] in answer.json()["error"], name
    assert not ListenEvent.objects.exists()


def test_an_answer_has_the_keys_of_a_recorded_one(rins: Program, real_data: Path) -> None:
    """Whatever ListenBrainz's programs read from a listen is there, in the same kinds."""
    rins.post("submit-listens", body=(real_data / "listenbrainz/submit_valid/valid_single.json").read_bytes())
    ours = rins.get("user/rin/listens").json()["payload"]
    recorded = json.loads((real_data / "listenbrainz/api/listens.json").read_text())["payload"]
    assert ours.keys() >= recorded.keys()
    for key, value in recorded["listens"][0].items():
        assert type(ours["listens"][0][key]) is type(value), key
    for name in ("listen_count", "status_ok", "validate_token_valid", "validate_token_invalid"):
        recorded = json.loads((real_data / f"listenbrainz/api/{name}.json").read_text())
        asked = {
            "listen_count": lambda: rins.get("user/rin/listen-count"),
            "status_ok": lambda: rins.post("playing-now/delete"),
            "validate_token_valid": lambda: rins.get("validate-token"),
            "validate_token_invalid": lambda: Program("wrong").get("validate-token"),
        }[name]()
        assert asked.json().keys() == recorded.keys(), name


def test_top_lists_have_the_keys_of_recorded_ones(rins: Program, real_data: Path) -> None:
    rins.post("submit-listens", body=(real_data / "listenbrainz/submit_valid/valid_single.json").read_bytes())
    for what, name, key in (("artists", "top_artists", "artists"), ("releases", "top_albums", "releases")):
        ours = rins.get(f"stats/user/rin/{what}").json()["payload"]
        recorded = json.loads((real_data / f"listenbrainz/api/{name}.json").read_text())["payload"]
        assert ours.keys() >= recorded.keys(), what
        assert ours[key][0].keys() >= recorded[key][0].keys(), what
