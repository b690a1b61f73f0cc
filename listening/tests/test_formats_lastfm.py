"""What exporters of Last.fm write, as plays: whatever the columns, the same play."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from listening.plays import Play, Reason
from listening.tests.bringing import as_json, plays, reasons, told

MBID = "69ee3720-a7cb-4402-b48d-a02c366f2bcf"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LOW = Play(at("2020-11-20 09:35:00"), "Low", "Lullaby", "I Could Live in Hope")
UNIX = 1_605_864_900


@pytest.mark.parametrize(
    "text",
    [
        "Low,I Could Live in Hope,Lullaby,20 Nov 2020 09:35\n",
        f",artist,album,track,timestamp,datetime\n0,Low,I Could Live in Hope,Lullaby,{UNIX},2020-11-20 10:35:00\n",
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
        f'"{UNIX}","20 Nov 2020, 09:35","Low","","I Could Live in Hope","","Lullaby",""\n',
        'utc_time,artist,album,track\n"20 Nov 2020, 09:35",Low,I Could Live in Hope,Lullaby\n',
        "album\talbum_mbid\tartist\tdatetime\tdatetime_unix\tname\n"
        f'I Could Live in Hope\t""\tLow\t2020-11-20 09:35:00Z\t{UNIX}\tLullaby\n',
        f"Artist;Album;AlbumId;Track;Date#rin\nLow;I Could Live in Hope;;Lullaby;{UNIX}000\n",
        f'"Artist";"Album";"AlbumId";"Track";"Date#rin"\r\n"Low";"I Could Live in Hope";"";"Lullaby";"{UNIX}000"\r\n',
    ],
)
def test_every_exporters_columns_tell_the_same_play(tmp_path: Path, text: str) -> None:
    assert plays(text.encode(), tmp_path) == [LOW]


def test_lastfm_ids_are_kept_as_hints(tmp_path: Path) -> None:
    text = f"uts,artist,artist_mbid,album,album_mbid,track,track_mbid\n{UNIX},Low,{MBID},A,{MBID},Lullaby,not-one\n"
    (play,) = plays(text.encode(), tmp_path)
    assert (play.artist_mbids, play.release_mbid, play.recording_mbid) == ((UUID(MBID),), UUID(MBID), None)


def test_undated_and_broken_lines_are_left_out_alone(tmp_path: Path) -> None:
    lines = ["Low,A,One,20 Nov 2020 09:35", "Low,A,Two,", 'Low,"A,Three,20 Nov 2020 09:36']
    lines += ["Low,A,Four,20 Foo 2020 09:35"]
    _, found = told("\n".join([*lines, "Low,A,Five,20 Nov 2020 09:37", "Low,,,20 Nov 2020 09:38"]).encode(), tmp_path)
    assert [each.title if isinstance(each, Play) else each.reason for each in found] == [
        "One", Reason.NO_TIME, Reason.UNREADABLE, Reason.UNREADABLE, "Five", Reason.NO_NAMES,
    ]  # fmt: skip


def test_a_name_in_quotes_is_read_whole(tmp_path: Path) -> None:
    text = 'Low,"Whatever People Say, ""That""",Lullaby,20 Nov 2020 09:35\n'
    assert plays(text.encode(), tmp_path)[0].album == 'Whatever People Say, "That"'


def page(*names: str, **more: object) -> dict[str, object]:
    track = {
        "artist": {"mbid": MBID, "#text": "Low"},
        "album": {"mbid": "", "#text": "I Could Live in Hope"},
        "mbid": "",
        "date": {"uts": str(UNIX), "#text": "20 Nov 2020, 09:35"},
    }
    return {"track": [{**track, "name": name} | more for name in names], "@attr": {"page": "1"}}


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_pages_of_lastfm_are_read_one_after_another(tmp_path: Path, is_wrapped: bool) -> None:
    pages = [page("One", "Two"), page("Three")]
    content = as_json([{"recenttracks": each} for each in pages] if is_wrapped else pages)
    found = plays(content, tmp_path)
    assert [each.title for each in found] == ["One", "Two", "Three"]
    assert (found[0].played_at, found[0].artist_mbids) == (LOW.played_at, (UUID(MBID),))


def test_a_track_alone_on_its_page_and_one_that_plays_now(tmp_path: Path) -> None:
    alone = {"track": page("One")["track"][0]}  # type: ignore[index]
    playing = page("Now", date=None, **{"@attr": {"nowplaying": "true"}})
    assert plays(as_json([alone, playing]), tmp_path)[0].title == "One"
    assert reasons(as_json([alone, playing]), tmp_path) == [Reason.NO_TIME]


def test_lastfmstats_json(tmp_path: Path) -> None:
    scrobble = {"track": "Lullaby", "artist": "Low", "album": LOW.album, "albumId": "", "date": UNIX * 1000}
    assert plays(as_json({"username": "rin", "scrobbles": [scrobble]}), tmp_path) == [LOW]
