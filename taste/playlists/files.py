"""Playlists as files: M3U, JSPF and CSV. Pure.

None of them names a file of this machine: players and services find the music by its names, or by the recording's
MusicBrainz address.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sidetrack.cells import harmless

RECORDING = "https://musicbrainz.org/recording/{}"
OPENED = re.compile(r"^[#/\\]|^[A-Za-z][A-Za-z0-9+.-]*:")  # a directive, a path, a share, an address, a drive
CSV_HEAD = ("position", "artist", "title", "album", "seconds", "recording_mbid", "reason")


@dataclass(frozen=True, slots=True)
class Entry:
    """One track. duration_ms: None where nobody told; recording_mbid: "" likewise."""

    artist: str
    title: str
    album: str = ""
    duration_ms: int | None = None
    recording_mbid: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole list. address: its page, "" for none."""

    title: str
    creator: str
    note: str
    address: str
    made_at: datetime
    entries: Sequence[Entry]


def m3u(sheet: Sheet) -> str:
    """Extended M3U, UTF-8: a length and “artist - title” for each track; -1 where the length is unknown.

    The line that would name a file names the music instead, and nothing that a player would open: anybody may call
    music as they like, http://… too.
    Source: the de facto form, https://en.wikipedia.org/wiki/M3U.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{_one_line(sheet.title)}"]
    for entry in sheet.entries:
        name = f"{_one_line(entry.artist)} - {_one_line(entry.title)}"
        seconds = -1 if entry.duration_ms is None else round(entry.duration_ms / 1000)
        lines += [f"#EXTINF:{seconds},{name}", f"./{name}" if OPENED.match(name) else name]
    return "\n".join(lines) + "\n"


def jspf(sheet: Sheet) -> str:
    """XSPF as JSON; lengths in milliseconds, what is unknown left out.

    Source: https://wiki.xiph.org/JSPF, and https://xspf.org/spec for the meaning of each field.
    """
    head: dict[str, Any] = {
        "title": sheet.title,
        "creator": sheet.creator,
        "annotation": sheet.note,
        "info": sheet.address,
        "date": sheet.made_at.isoformat(),
    }
    tracks = [
        _without_empty(
            {
                "identifier": [RECORDING.format(entry.recording_mbid)] if entry.recording_mbid else [],
                "title": entry.title,
                "creator": entry.artist,
                "album": entry.album,
                "duration": entry.duration_ms,
                "annotation": entry.reason,
            }
        )
        for entry in sheet.entries
    ]
    body = {"playlist": _without_empty(head) | {"track": tracks}}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def csv_of(sheet: Sheet) -> str:
    """A row for each track under `CSV_HEAD`; words that a spreadsheet would run get an apostrophe in front."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for position, entry in enumerate(sheet.entries, start=1):
        seconds = "" if entry.duration_ms is None else round(entry.duration_ms / 1000)
        words = [_cell(text) for text in (entry.artist, entry.title, entry.album)]
        writer.writerow([position, *words, seconds, entry.recording_mbid, _cell(entry.reason)])
    return file.getvalue()


def _one_line(text: str) -> str:
    """Nothing in a name begins another line of the file."""
    return " ".join("".join(" " if ord(each) < 32 or each in "\x85\u2028\u2029\x7f" else each for each in text).split())


def _cell(text: str) -> str:
    return harmless(_one_line(text))


def _without_empty(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, "", [])}
