"""What other services and players write, as plays; and how letters come through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from listening.formats.rows import LeftOut
from listening.plays import Play, Reason
from listening.tests.bringing import MORNING, as_json, as_lines, as_zip, listen, plays, reasons, stream, told

MBID = "69ee3720-a7cb-4402-b48d-a02c366f2bcf"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LOW = Play(at("2020-11-20 09:35:00"), "Low", "Lullaby", "I Could Live in Hope")
UNIX = 1_605_864_900


def test_listenbrainz_ids_and_lengths(tmp_path: Path) -> None:
    info = {"duration_ms": 206_760, "release_mbid": MBID, "spotify_id": "https://open.spotify.com/track/2AX5E86cn9n"}
    found = listen(additional_info=info, mbid_mapping={"recording_mbid": MBID, "artist_mbids": [MBID, None]})
    (play,) = plays(as_lines([found]), tmp_path)
    assert (play.played_at, play.duration_ms, play.ms_played) == (MORNING, 206_760, None)
    assert (play.recording_mbid, play.release_mbid, play.artist_mbids) == (UUID(MBID), UUID(MBID), (UUID(MBID),))
    assert play.spotify_id == "2AX5E86cn9n"


def test_listenbrainz_as_zip_as_lines_and_as_a_list(tmp_path: Path) -> None:
    listens = [listen(0), listen(1)]
    package = {
        "user.json": as_json({"user_id": 1, "username": "rin"}),
        "listens/2024/3.jsonl": as_lines(listens),
        "feedback.jsonl": as_lines([{"score": 1, "recording_mbid": MBID, "created": UNIX}]),
    }
    same = [plays(content, tmp_path) for content in (as_zip(package), as_lines(listens), as_json(listens))]
    assert [each.title for each in same[0]] == ["Song 0", "Song 1"]
    assert same[0] == same[1] == same[2]


def test_a_broken_line_costs_itself_alone(tmp_path: Path) -> None:
    content = b'{"listened_at": 17\n' + as_lines([listen(0), {"listened_at": 5}, listen(1)]) + b"[1, 2\n\n"
    _, found = told(content, tmp_path)
    assert [each.title if isinstance(each, Play) else each.reason for each in found] == [
        Reason.UNREADABLE, "Song 0", Reason.NO_NAMES, "Song 1", Reason.UNREADABLE,
    ]  # fmt: skip


def test_maloja(tmp_path: Path) -> None:
    track = {"artists": ["Low", "Dirty Three"], "title": "Lullaby", "album": {"albumtitle": "A", "artists": None}}
    scrobbles = [
        {"time": UNIX, "track": {**track, "length": 220}, "duration": 100},
        {"time": UNIX, "track": {**track, "album": None, "artists": []}, "duration": None},
    ]
    expected = Play(LOW.played_at, "Low, Dirty Three", "Lullaby", "A", ms_played=100_000, duration_ms=220_000)
    for content in ({"maloja": {"export_time": 1}, "scrobbles": scrobbles}, {"status": "ok", "list": scrobbles}):
        assert plays(as_json(content), tmp_path) == [expected]
        assert reasons(as_json(content), tmp_path) == [Reason.NO_NAMES]


def test_koito_has_each_name_in_several_spellings(tmp_path: Path) -> None:
    def spelt(*spellings: str, **more: object) -> dict[str, object]:
        return {"aliases": [{"alias": each, "is_primary": not place} for place, each in enumerate(spellings)], **more}

    entry = {
        "listened_at": "2020-11-20T09:35:00Z",
        "track": spelt("Lullaby", mbid=None, duration=354),
        "album": spelt("I Could Live in Hope", mbid=MBID),
        "artists": [spelt("Guest", mbid=None, is_primary=False), spelt("Low", "LOW", mbid=MBID, is_primary=True)],
    }
    (play,) = plays(as_json({"version": "1", "user": "rin", "listens": [entry]}), tmp_path)
    assert play == Play(
        LOW.played_at, "Low, Guest", "Lullaby", LOW.album,
        duration_ms=354_000, release_mbid=UUID(MBID), artist_mbids=(UUID(MBID),),
    )  # fmt: skip


def test_librefm_under_its_comments(tmp_path: Path) -> None:
    text = "# Data export\n\nArtist,Track,Album,Time\n#1 Dads,Return To,,1605864900\nLow,Lullaby,Hope,0\n"
    assert [(play.artist, play.played_at) for play in plays(text.encode(), tmp_path)] == [("#1 Dads", LOW.played_at)]
    assert reasons(text.encode(), tmp_path) == [Reason.NO_TIME]


LOG = (
    "#AUDIOSCROBBLER/1.1\n#TZ/{zone}\n#CLIENT/Rockbox\n"
    "Low\tI Could Live in Hope\tLullaby\t1\t259\tL\t{time}\t" + MBID + "\n"
    "#1 Dads\t\tReturn To\t\t200\tS\t{time}\n<Untagged>\t\tx.mp3\t\t200\tL\t{time}\n"
)


def test_a_players_log(tmp_path: Path) -> None:
    text = LOG.format(zone="UTC", time=UNIX).encode()
    _, (play, skipped, untagged) = told(text, tmp_path, zone=ZoneInfo("Europe/Berlin"))
    assert play == Play(LOW.played_at, "Low", "Lullaby", LOW.album, duration_ms=259_000, recording_mbid=UUID(MBID))
    assert skipped == LeftOut(Reason.SKIPPED, "#1 Dads – Return To")
    assert isinstance(untagged, LeftOut)
    assert untagged.reason == Reason.NO_NAMES


def test_a_players_clock_without_a_zone_is_its_members(tmp_path: Path) -> None:
    summer, winter = (int(at(day).timestamp()) for day in ("2024-07-01 12:00", "2024-01-01 12:00"))
    for time, ahead in ((summer, 2), (winter, 1)):
        _, found = told(LOG.format(zone="UNKNOWN", time=time).encode(), tmp_path, zone=ZoneInfo("Europe/Berlin"))
        assert isinstance(found[0], Play)
        assert found[0].played_at == datetime.fromtimestamp(time, UTC) - timedelta(hours=ahead)


def test_pano(tmp_path: Path) -> None:
    line = {"timeMs": UNIX * 1000 + 933, "artist": "Low", "track": "Lullaby", "album": LOW.album, "durationMs": 346_958}
    content = as_lines([{**line, "event": "scrobble", "albumArtist": "Low"}, {**line, "event": "love"}])
    assert plays(content, tmp_path) == [
        Play(LOW.played_at, "Low", "Lullaby", LOW.album, album_artist="Low", duration_ms=346_958)
    ]
    assert reasons(content, tmp_path) == [Reason.NO_PLAY]


def test_a_djs_playlist_is_read_in_its_own_offset(tmp_path: Path) -> None:
    text = '"DJ Name","DJ Tom"\n\nDate-time,Artist,Song,Release,Label\n2020-11-20T04:35:00-0500,Low,Lullaby,A,B\n'
    assert [play.played_at for play in plays(text.encode(), tmp_path)] == [LOW.played_at]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_letters_come_as_they_were_written(tmp_path: Path, encoding: str) -> None:
    text = "artist,track,uts\nSigur Rós,Sæglópur,1605864900\n"
    assert [(play.artist, play.title) for play in plays(text.encode(encoding), tmp_path)] == [("Sigur Rós", "Sæglópur")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_of_json_come_as_they_were_written(tmp_path: Path, encoding: str) -> None:
    content = as_json([stream(master_metadata_track_name="Sæglópur 今堀")]).decode().encode(encoding)
    assert plays(content, tmp_path)[0].title == "Sæglópur 今堀"


def test_names_that_no_database_holds_are_mended(tmp_path: Path) -> None:
    content = as_json([stream(master_metadata_track_name="A\0B \ud83d")])
    title = plays(content, tmp_path)[0].title
    assert title.encode() == b"AB ?"
