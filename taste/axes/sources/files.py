"""Files of sound features, read record by record: JSON, JSON lines, CSV, alone or in a zip or a tar. Pure.

A record that makes no sense costs itself alone. Nothing is unpacked to disk.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from taste.axes.judging import Judged
from taste.axes.sources import acousticbrainz, spotify_features

MAX_DOCUMENT = 64 << 20  # bytes of one JSON document: it is read whole
MAX_LINE = 8 << 20
ENDINGS = (".json", ".jsonl", ".ndjson", ".csv")
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, NotImplementedError, RuntimeError, csv.Error)
MBID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
TITLES = ("song_name", "track_name", "name", "title", "track")
ARTISTS = ("artist_name", "artists", "track_artist", "artist")
IDS = ("id", "track_id", "spotify_id", "uri", "track_uri")


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says of one track, and by what it names the track."""

    source: str
    version: str
    judged: Mapping[str, Judged]
    recording_mbid: UUID | None = None
    spotify_id: str = ""
    artist: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Odd:
    """A record that cannot be used, and why."""

    why: str


NOT_JSON, NOT_FEATURES = Odd("not readable as JSON"), Odd("no features that are known here")
NO_NAME, TOO_LARGE = Odd("names no track: no id, no artist and title"), Odd("larger than a record may be")


class Unreadable(Exception):
    """A file that cannot be read at all, in words."""


def read_file(path: Path) -> Iterator[Told | Odd]:
    """Every record of the file, or of the JSON and CSV files in it."""
    try:
        if zipfile.is_zipfile(path):
            yield from _zip(path)
        elif path.name.endswith((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")):
            yield from _tar(path)
        else:
            with path.open("rb") as file:
                yield from _member(path.name, file)
    except FileNotFoundError as error:
        raise Unreadable(f"There is no file {path}.") from error
    except DAMAGED as error:
        raise Unreadable(f"{path.name} is damaged or not whole: {error}.") from error


def _zip(path: Path) -> Iterator[Told | Odd]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir() and member.filename.endswith(ENDINGS) and "__MACOSX" not in member.filename:
                with archive.open(member) as file:
                    yield from _member(member.filename, file)


def _tar(path: Path) -> Iterator[Told | Odd]:
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(ENDINGS) and (file := archive.extractfile(member)):
                yield from _member(member.name, file)


def _member(name: str, file: IO[bytes]) -> Iterator[Told | Odd]:
    if name.endswith(".csv"):
        rows = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline=""))
        for row in rows:
            yield _spotify(row)
    elif name.endswith((".jsonl", ".ndjson")):
        while line := file.readline(MAX_LINE):
            if not line.endswith(b"\n") and len(line) >= MAX_LINE:
                yield TOO_LARGE
                while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                    pass
            elif line.strip():
                yield from _json(line, name="")
    else:
        body = file.read(MAX_DOCUMENT + 1)
        yield from [TOO_LARGE] if len(body) > MAX_DOCUMENT else _json(body, name=name)


def _json(body: bytes, *, name: str) -> Iterator[Told | Odd]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        lines = body.splitlines()
        if len(lines) > 1 and name:  # lines of JSON under another ending
            for line in lines:
                yield from _json(line, name="") if line.strip() else ()
        else:
            yield NOT_JSON
        return
    yield from _documents(document, name)


def _documents(document: Any, name: str) -> Iterator[Told | Odd]:
    """The shapes in which documents come: one, a list, {"audio_features": […]}, {mbid: {"0": document}}."""
    if isinstance(document, list):
        for each in document:
            yield from _documents(each, "")
    elif not isinstance(document, dict):
        yield NOT_FEATURES
    elif acousticbrainz.is_one(document):
        yield _acousticbrainz(document, name)
    elif isinstance(document.get("audio_features"), list):
        yield from _documents(document["audio_features"], "")
    elif spotify_features.is_one(document):
        yield _spotify(document)
    else:
        submissions = [(key, each) for key, each in document.items() if MBID.fullmatch(str(key))]
        for mbid, each in submissions:
            first = each.get("0", each) if isinstance(each, dict) else each
            yield _acousticbrainz(first, mbid) if isinstance(first, dict) else NOT_FEATURES
        if not submissions:
            yield NOT_FEATURES


def _acousticbrainz(document: Mapping[str, Any], name: str) -> Told | Odd:
    """name: of the file, which is the recording's MBID in the dumps."""
    judged = acousticbrainz.read(document)
    if not judged:
        return NOT_FEATURES
    in_name = MBID.search(name)
    mbid = acousticbrainz.recording_of(document) or (UUID(in_name.group()) if in_name else None)
    told = _by(document.get("metadata"), "tags")
    artist, title = _first(told.get("artist")), _first(told.get("title"))
    if mbid is None and not (artist and title):
        return NO_NAME
    source, version = acousticbrainz.SOURCE, acousticbrainz.VERSION
    return Told(source, version, judged, recording_mbid=mbid, artist=artist, title=title)


def _spotify(row: Mapping[str, Any]) -> Told | Odd:
    judged = spotify_features.read(row)
    if not judged:
        return NOT_FEATURES
    given = (str(row.get(name) or "").rpartition(":")[2] for name in IDS)
    spotify_id = next((each for each in given if SPOTIFY_ID.fullmatch(each)), "")
    title = next((_first(row[name]) for name in TITLES if row.get(name)), "")
    artist = next((_first(row[name]) for name in ARTISTS if row.get(name)), "")
    if not spotify_id and not (artist and title):
        return NO_NAME
    source, version = spotify_features.SOURCE, spotify_features.VERSION
    return Told(source, version, judged, spotify_id=spotify_id, artist=artist, title=title)


def _by(part: Any, name: str) -> Mapping[str, Any]:
    inner = part.get(name) if isinstance(part, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _first(value: Any) -> str:
    """“['A', 'B']”, ["A", "B"] and [{"name": "A"}] are A."""
    if isinstance(value, str) and value.startswith("['"):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            value = ast.literal_eval(value)
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = value.get("name", "")
    return value.strip()[:500] if isinstance(value, str) else ""
