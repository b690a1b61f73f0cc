"""Playlists as files: for whatever names people give their music."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taste.playlists.files import CSV_HEAD, Entry, Sheet, csv_of, jspf, m3u

AT = datetime(2025, 11, 17, 8, 0, tzinfo=UTC)
MBID = "5935ec91-8124-42ff-937f-f31a20ffe58f"
ENTRIES = [
    Entry("Portishead", "Roads", "Dummy", 304_600, MBID, "Played 3 times this week."),
    Entry("Sigur Rós", "Svefn-g-englar"),
]
SHEET = Sheet("November", "Rin", "made by hand", "https://sidetrack.example/playlists/1/", AT, ENTRIES)
NAMES = st.text(st.characters(codec="utf-8"), max_size=30)


def test_m3u_names_the_music_and_no_file() -> None:
    assert m3u(SHEET) == (
        "#EXTM3U\n#PLAYLIST:November\n"
        "#EXTINF:305,Portishead - Roads\nPortishead - Roads\n"
        "#EXTINF:-1,Sigur Rós - Svefn-g-englar\nSigur Rós - Svefn-g-englar\n"
    )


@given(NAMES, NAMES)
def test_no_name_adds_a_line_or_a_directive_to_m3u(artist: str, title: str) -> None:
    lines = m3u(Sheet(title, artist, "", "", AT, [Entry(artist, title)] * 2)).splitlines()
    assert len(lines) == 6
    assert not lines[3].startswith("#")
    assert lines[2].startswith("#EXTINF:-1,")


@pytest.mark.parametrize(
    "artist",
    [
        "http://tracker.example/a.mp3?",
        "HTTPS://a",
        "file:///etc/passwd",
        "//host/share",
        r"\\host\share",
        r"C:\a",
        "/etc",
    ],
)
def test_no_name_is_a_place_that_a_player_would_open(artist: str) -> None:
    line = m3u(Sheet("x", "y", "", "", AT, [Entry(artist, "song")])).splitlines()[3]
    assert line == f"./{artist} - song"


def test_jspf_says_what_the_specification_names() -> None:
    said = json.loads(jspf(SHEET))["playlist"]
    assert said["title"] == "November"
    assert said["creator"] == "Rin"
    assert said["annotation"] == "made by hand"
    assert said["info"] == "https://sidetrack.example/playlists/1/"
    assert said["date"] == "2025-11-17T08:00:00+00:00"
    assert said["track"] == [
        {
            "identifier": [f"https://musicbrainz.org/recording/{MBID}"],
            "title": "Roads",
            "creator": "Portishead",
            "album": "Dummy",
            "duration": 304_600,
            "annotation": "Played 3 times this week.",
        },
        {"title": "Svefn-g-englar", "creator": "Sigur Rós"},
    ]
    assert json.loads(jspf(Sheet("x", "y", "", "", AT, [])))["playlist"]["track"] == []


@given(NAMES, NAMES)
def test_jspf_holds_any_name(artist: str, title: str) -> None:
    said = json.loads(jspf(Sheet("x", "y", "", "", AT, [Entry(artist, title)])))["playlist"]["track"][0]
    assert (said.get("creator", ""), said.get("title", "")) == (artist, title)


def test_csv_has_a_row_for_each_track() -> None:
    rows = list(csv.reader(io.StringIO(csv_of(SHEET))))
    assert tuple(rows[0]) == CSV_HEAD
    assert rows[1] == ["1", "Portishead", "Roads", "Dummy", "305", MBID, "Played 3 times this week."]
    assert rows[2] == ["2", "Sigur Rós", "Svefn-g-englar", "", "", "", ""]


@given(NAMES, NAMES)
def test_no_name_is_run_by_a_spreadsheet(artist: str, title: str) -> None:
    text = csv_of(Sheet("x", "y", "", "", AT, [Entry(artist, title, reason="=1+1")]))
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[6] == "'=1+1"
    assert len(row) == len(CSV_HEAD)
    for given_text, cell in zip((artist, title), row[1:3], strict=True):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        if given_text.isprintable():
            assert cell.removeprefix("'") in {" ".join(given_text.split()), " ".join(given_text.split())[1:]}
