"""A MusicBrainz of a few albums on this machine, answering in the service's own shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sidetrack.tests.local_server import Answer, Asked, LocalServer, serving


def mbid(name: str) -> str:
    """The same made-up id for the same name."""
    return str(uuid5(NAMESPACE_URL, name))


def credit(name: str) -> list[dict[str, Any]]:
    artist = {"id": mbid(f"artist {name}"), "name": name, "sort-name": f"{name}, sorted", "disambiguation": ""}
    return [{"name": name, "joinphrase": "", "artist": artist}]


def release_group(title: str, artist: str, *, date: str = "", kind: str = "Album", key: str = "") -> dict[str, Any]:
    return {
        "id": mbid(key or f"group {artist} {title} {date} {kind}"),
        "score": 100,
        "title": title,
        "first-release-date": date,
        "primary-type": kind,
        "secondary-types": [],
        "disambiguation": "",
        "artist-credit": credit(artist),
    }


def release(
    title: str, *, date: str = "", country: str = "", status: str = "Official", discs: list[list[str]] | None = None
) -> dict[str, Any]:
    media = [
        {
            "position": disc,
            "format": "CD",
            "track-count": len(titles),
            "track-offset": 0,
            "tracks": [
                {
                    "id": mbid(f"track {title} {disc} {position} {date}"),
                    "position": position,
                    "number": str(position),
                    "title": track,
                    "length": 180_000 + position,
                    "recording": {"id": mbid(f"recording {track}"), "title": track, "length": 1, "video": False},
                }
                for position, track in enumerate(titles, start=1)
            ],
        }
        for disc, titles in enumerate(discs or [["One", "Two", "Three"]], start=1)
    ]
    return {
        "id": mbid(f"release {title} {date} {country}"),
        "title": title,
        "status": status,
        "date": date,
        "country": country,
        "label-info": [{"catalog-number": "1", "label": {"name": "XL"}}],
        "media": media,
    }


def recording(
    title: str, *artists: str, length: int | None = None, albums: tuple[str, ...] = (), key: str = "", join: str = " & "
) -> dict[str, Any]:
    credited = [credit(artist)[0] | {"joinphrase": join} for artist in artists]
    credited[-1]["joinphrase"] = ""
    return {
        "id": mbid(key or f"recording {title} {artists} {length} {albums}"),
        "score": 100,
        "title": title,
        "length": length,
        "video": None,
        "artist-credit": credited,
        "releases": [{"id": mbid(f"release of {album}"), "title": album} for album in albums],
    }


class MusicBrainzDouble:
    """`groups` and `recordings` are what a search can find; `releases` hold each group's releases by the group's id."""

    def __init__(self) -> None:
        self.groups: list[dict[str, Any]] = []
        self.recordings: list[dict[str, Any]] = []
        self.releases: dict[str, list[dict[str, Any]]] = {}
        self.is_down = False
        self.server: LocalServer

    def add(self, group: dict[str, Any], *releases: dict[str, Any]) -> dict[str, Any]:
        self.groups.append(group)
        self.releases[group["id"]] = list(releases)
        return group

    def add_recording(self, title: str, *artists: str, **said: Any) -> dict[str, Any]:
        self.recordings.append(recording(title, *artists, **said))
        return self.recordings[-1]

    def answer(self, asked: Asked) -> Answer:
        if self.is_down:
            return Answer(503, b'{"error": "too many requests"}', {"Retry-After": "120"})
        if not asked.path.startswith("/ws/2/"):
            return Answer(404)
        assert asked.params.get("fmt") == "json", asked
        body = self._body(asked)
        return Answer(404, b'{"error": "Not Found"}') if body is None else Answer(200, json.dumps(body).encode())

    def _body(self, asked: Asked) -> Any:
        parts = asked.path.removeprefix("/ws/2/").split("/")
        if parts == ["release-group"]:
            return self._found(asked.params["query"])
        if parts == ["release"]:
            releases = self.releases.get(asked.params["release-group"], [])
            start = int(asked.params.get("offset", 0))
            page = releases[start : start + 2]  # fewer than asked for, as MusicBrainz does with many tracks
            return {"release-count": len(releases), "release-offset": start, "releases": page}
        if parts == ["recording"]:
            return self._found_recordings(asked.params["query"])
        kind, key = parts
        if kind == "recording":
            return next((each for each in self.recordings if each["id"] == key), None)
        if kind == "release-group":
            return next((group for group in self.groups if group["id"] == key), None)
        if kind == "release":
            return next((each for group in self.releases.values() for each in group if each["id"] == key), None)
        if kind == "artist":
            return {"id": key, "name": "Somebody", "sort-name": "Somebody", "country": "GB"}
        return None

    def _found(self, query: str) -> dict[str, Any]:
        said = _said(query)
        year = re.search(r"firstreleasedate:(\d{4})", query)
        groups = [
            group
            for group in self.groups
            if said.get("release", "").casefold() in group["title"].casefold()
            and said.get("artist", "").casefold() in group["artist-credit"][0]["name"].casefold()
            and (year is None or group["first-release-date"].startswith(year[1]))
        ]
        return {"created": "now", "count": len(groups), "offset": 0, "release-groups": groups}

    def _found_recordings(self, query: str) -> dict[str, Any]:
        said = _said(query)
        found = [
            each
            for each in self.recordings
            if said["recording"].casefold() in each["title"].casefold()
            and any(said["artist"].casefold() in text for text in _credited(each))
            and ("release" not in said or any(said["release"] == release["title"] for release in each["releases"]))
        ]
        return {"created": "now", "count": len(found), "offset": 0, "recordings": found}


def _said(query: str) -> dict[str, str]:
    return {name: value.replace("\\", "") for name, value in re.findall(r'(\w+):"((?:[^"\\]|\\.)*)"', query)}


def _credited(recording: dict[str, Any]) -> list[str]:
    credited = recording["artist-credit"]
    whole = "".join(each["name"] + each["joinphrase"] for each in credited)
    return [text.casefold() for text in (whole, *(each["name"] for each in credited))]


@contextmanager
def musicbrainz_running(settings: Any) -> Iterator[MusicBrainzDouble]:
    double = MusicBrainzDouble()
    with serving(double.answer) as server:
        double.server = server
        settings.MUSICBRAINZ_URL = server.url
        settings.MUSICBRAINZ_RATE_LIMIT = 500.0
        yield double
