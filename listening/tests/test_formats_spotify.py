"""Spotify's two histories as plays: when each began, and what is no play."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from listening.formats.rows import LeftOut
from listening.plays import Play, Reason
from listening.tests.bringing import as_json, as_zip, plays, reasons, stream, told

MBID = "69ee3720-a7cb-4402-b48d-a02c366f2bcf"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_spotifys_stamp_is_the_end_and_the_start_is_kept(tmp_path: Path) -> None:
    (play,) = plays(as_json([stream(ts="2024-03-01T08:04:00Z", ms_played=200_500)]), tmp_path)
    assert play == Play(
        at("2024-03-01 08:00:39"), "Artist 0", "Song 0", "Album 0", ms_played=200_500, spotify_id="0" * 22
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ms_played": 29_999, "skipped": True}, Reason.TOO_SHORT),
        ({"ms_played": 29_999, "reason_end": "fwdbtn"}, Reason.TOO_SHORT),
        ({"ms_played": 29_999, "reason_end": None}, Reason.TOO_SHORT),
        ({"ms_played": 0}, Reason.TOO_SHORT),
        ({"incognito_mode": True}, Reason.INCOGNITO),
        ({"episode_name": "Part 1", "master_metadata_track_name": None}, Reason.PODCAST),
        ({"audiobook_title": "A book", "master_metadata_track_name": None}, Reason.PODCAST),
        ({"master_metadata_track_name": None}, Reason.NO_NAMES),
        ({"master_metadata_album_artist_name": " \0 "}, Reason.NO_NAMES),
        ({"ts": None}, Reason.NO_TIME),
        ({"ts": "yesterday"}, Reason.UNREADABLE),
        ({"ms_played": "long"}, Reason.UNREADABLE),
        ({"ms_played": -5}, Reason.UNREADABLE),
    ],
)
def test_what_is_no_play_in_spotifys_history(tmp_path: Path, fields: dict[str, object], reason: str) -> None:
    assert reasons(as_json([stream(**fields)]), tmp_path) == [reason]


@pytest.mark.parametrize(
    "fields",
    [
        {"ms_played": 20_000},  # a short track that ended by itself
        {"ms_played": 30_000, "skipped": True, "reason_end": "fwdbtn"},
        {"ms_played": 25_000, "reason_end": "appload"},
        {"incognito_mode": None, "skipped": None},
    ],
)
def test_what_is_a_play_in_spotifys_history(tmp_path: Path, fields: dict[str, object]) -> None:
    assert len(plays(as_json([stream(**fields)]), tmp_path)) == 1


def test_videos_are_left_out_by_their_file(tmp_path: Path) -> None:
    package = {
        "Spotify Extended Streaming History/Streaming_History_Audio_2024_0.json": as_json([stream(0)]),
        "Spotify Extended Streaming History/Streaming_History_Video_2024.json": as_json([stream(1)]),
        "Spotify Extended Streaming History/ReadMeFirst.pdf": b"%PDF-1.7".ljust(100),
    }
    _, found = told(as_zip(package), tmp_path)
    assert [each.reason if isinstance(each, LeftOut) else each.title for each in found] == ["Song 0", Reason.VIDEO]


def test_spotifys_year_ends_to_the_minute(tmp_path: Path) -> None:
    year = [
        {"endTime": "2023-07-06 17:39", "artistName": "Low", "trackName": "Lullaby", "msPlayed": 219_213},
        {"endTime": "2023-07-06 17:40", "artistName": "Low", "trackName": "Lullaby", "msPlayed": 29_000},
        {"endTime": "2023-07-06 17:41", "artistName": "Unknown Artist", "trackName": "Any", "msPlayed": 90_000},
        {"endTime": "2023-07-06 17:42", "podcastName": "Talk", "episodeName": "One", "msPlayed": 90_000},
    ]
    _, found = told(as_json(year), tmp_path)
    assert found[0] == Play(at("2023-07-06 17:35:20"), "Low", "Lullaby", ms_played=219_213)
    assert [each.reason for each in found[1:] if isinstance(each, LeftOut)] == [
        Reason.TOO_SHORT,
        Reason.NO_NAMES,
        Reason.PODCAST,
    ]


def test_of_two_histories_in_one_zip_the_richer_is_read(tmp_path: Path) -> None:
    year = [{"endTime": "2024-03-01 08:04", "artistName": "Artist 0", "trackName": "Song 0", "msPlayed": 240_000}]
    package = {"StreamingHistory_music_0.json": as_json(year), "endsong_0.json": as_json([stream(0)])}
    recognised, found = told(as_zip(package), tmp_path)
    assert recognised.format.slug == "spotify-extended"
    assert recognised.left_alone == ("StreamingHistory_music_0.json",)
    assert len(found) == 1


def test_parts_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    package = {f"endsong_{number}.json": as_json([stream(number)]) for number in (10, 2, 1)}
    assert [play.title for play in plays(as_zip(package), tmp_path)] == ["Song 1", "Song 2", "Song 10"]
