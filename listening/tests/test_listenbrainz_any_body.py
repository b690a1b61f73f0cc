"""Whatever is submitted is either read or refused in words; nothing else ever happens."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listening.listenbrainz.documents import Invalid
from listening.listenbrainz.submissions import IMPORT, PLAYING_NOW, SINGLE, Submission, read_submission

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
MBID = "3ad754b9-1af2-4743-8ee5-d91ba4c82f0f"

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(MBID),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
INFO = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "tags", "duration", "duration_ms", "duration_played", "recording_mbid", "release_mbid", "artist_mbids",
            "work_mbids", "spotify_id", "origin_url", "submission_client", "release_artist_name", "x",
        ),
        ANYTHING,
    ),
)  # fmt: skip
METADATA = st.fixed_dictionaries(
    {"artist_name": st.text(max_size=9) | ANYTHING, "track_name": st.text(max_size=9) | ANYTHING},
    optional={"release_name": st.text(max_size=9) | ANYTHING, "additional_info": INFO | ANYTHING, "x": ANYTHING},
)
LISTEN = st.fixed_dictionaries(
    {"track_metadata": METADATA | ANYTHING},
    optional={"listened_at": st.integers(1_033_410_600, 1_762_765_000) | ANYTHING, "x": ANYTHING},
)
DOCUMENT = st.fixed_dictionaries(
    {"payload": st.lists(LISTEN | ANYTHING, max_size=3) | ANYTHING},
    optional={"listen_type": st.sampled_from([SINGLE, IMPORT, PLAYING_NOW]) | ANYTHING},
)


def read(body: bytes) -> Submission | None:
    try:
        return read_submission(body, now=NOW)
    except Invalid:
        return None


@given(DOCUMENT | ANYTHING)
def test_any_document_is_read_or_refused(document: Any) -> None:
    submission = read(json.dumps(document).encode())
    if submission is None:
        return
    assert len(submission.plays) == len(document["payload"])
    for play in submission.plays:
        assert play.artist.strip()
        assert play.title.strip()
        assert play.played_at.tzinfo is UTC
        assert play.played_at.microsecond == 0
        json.dumps(play.payload, allow_nan=False, ensure_ascii=False).encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert read(body) is None


@given(
    st.lists(st.fixed_dictionaries({"track_name": st.text("abc", min_size=1)}), min_size=1, max_size=20),
    st.integers(1_033_410_600, 1_762_765_200),
)
def test_good_listens_are_all_read_in_their_order(names: list[dict[str, str]], at: int) -> None:
    payload = [{"listened_at": at, "track_metadata": {"artist_name": "A", **each}} for each in names]
    submission = read(json.dumps({"listen_type": IMPORT, "payload": payload}).encode())
    assert submission is not None
    assert [play.title for play in submission.plays] == [each["track_name"] for each in names]
    assert {play.played_at.timestamp() for play in submission.plays} == {at}
