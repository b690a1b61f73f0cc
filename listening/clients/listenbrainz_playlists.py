"""A member's playlists at ListenBrainz, by their token.

https://listenbrainz.readthedocs.io/en/latest/users/api/playlist.html; the format is JSPF with MusicBrainz's extension,
https://musicbrainz.org/doc/jspf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from listening.clients.listenbrainz import service
from sidetrack.http import NotThere, OddReply, Params, Reply

RECORDING = "https://musicbrainz.org/recording/"
PLAYLIST = "/playlist/"
EXTENSION = "https://musicbrainz.org/doc/jspf#playlist"
MOST_ITEMS = 100  # that one call adds
A_PAGE, MOST_PAGES = 100, 20


@dataclass(frozen=True)
class KeptPlaylist:
    """recordings: their MBIDs in order; empty where only the head was asked for."""

    mbid: str
    title: str
    annotation: str
    recordings: tuple[str, ...] = ()


class ListenBrainzPlaylists:
    """wait_s: as in `sidetrack.http.Service.request`."""

    def __init__(self, user_name: str, token: str, *, wait_s: float | None = None) -> None:
        self.user_name = user_name
        self.token = token
        self.wait_s = wait_s
        self.service = service()

    def marked(self, marker: str) -> KeptPlaylist | None:
        """The first of the member's playlists whose description has this word; private ones too.

        `GET /1/user/(name)/playlists`.
        """
        for page in range(MOST_PAGES):
            path = f"/1/user/{quote(self.user_name, safe='')}/playlists"
            params: Params = {"count": A_PAGE, "offset": page * A_PAGE}
            body = self._ask("GET", path, "list the playlists", params=params).json()
            rows = body.get("playlists") if isinstance(body, dict) else None
            if not isinstance(rows, list):
                raise OddReply("ListenBrainz could not list the playlists: the answer holds none.")
            for row in rows:
                kept = read_playlist(row)
                if kept is not None and marker in kept.annotation:
                    return kept
            if len(rows) < A_PAGE:
                return None
        return None

    def playlist(self, mbid: str) -> KeptPlaylist:
        """`GET /1/playlist/(mbid)`; NotThere for one that was deleted."""
        params: Params = {"fetch_metadata": "false"}
        reply = self._ask("GET", f"/1/playlist/{_checked(mbid)}", "read the playlist", params=params)
        kept = read_playlist(reply.json())
        if kept is None:
            raise OddReply(f"{reply.about}: the answer is no playlist.")
        return kept

    def create(self, *, title: str, annotation: str, is_public: bool) -> str:
        """`POST /1/playlist/create`: its MBID. Tracks are added afterwards, so that no answer can be lost with them."""
        reply = self._ask("POST", "/1/playlist/create", "make a playlist", json=_head(title, annotation, is_public))
        body = reply.json()
        try:
            return str(UUID(body["playlist_mbid"]))
        except (KeyError, TypeError, ValueError) as error:
            raise OddReply(f"{reply.about}: the answer does not name it.") from error

    def edit(self, mbid: str, *, title: str, annotation: str, is_public: bool) -> None:
        """`POST /1/playlist/edit/(mbid)`."""
        path = f"/1/playlist/edit/{_checked(mbid)}"
        self._ask("POST", path, "rename the playlist", json=_head(title, annotation, is_public), is_safe_twice=True)

    def replace(self, mbid: str, recordings: Sequence[str]) -> None:
        """Make the playlist hold exactly these recordings in this order; interrupted, it is to be called again."""
        held = self.playlist(mbid).recordings
        if list(held) == list(recordings):
            return
        base = f"/1/playlist/{_checked(mbid)}/item"
        if held:
            self._ask("POST", f"{base}/delete", "empty the playlist", json={"index": 0, "count": len(held)})
        for start in range(0, len(recordings), MOST_ITEMS):
            some = [{"identifier": [RECORDING + _checked(each)]} for each in recordings[start : start + MOST_ITEMS]]
            self._ask("POST", f"{base}/add", "fill the playlist", json={"playlist": {"track": some}})
        if len(self.playlist(mbid).recordings) != len(recordings):
            raise OddReply("ListenBrainz could not fill the playlist: another number of tracks stands there.")

    def _ask(
        self,
        method: str,
        path: str,
        action: str,
        *,
        params: Params | None = None,
        json: Any = None,
        is_safe_twice: bool | None = None,
    ) -> Reply:
        return self.service.request(
            method,
            path,
            params=params,
            json=json,
            headers={"Authorization": f"Token {self.token}"},
            action=action,
            wait_s=self.wait_s,
            is_safe_twice=is_safe_twice,
        )


def read_playlist(body: Any) -> KeptPlaylist | None:
    """One playlist of an answer, with or without its tracks; None for what is none."""
    said = body.get("playlist") if isinstance(body, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("identifier"), str):
        return None
    mbid = said["identifier"].rstrip("/").rsplit("/", 1)[-1]
    tracks = said.get("track")
    found = [_recording(each) for each in tracks] if isinstance(tracks, list) else []
    return KeptPlaylist(mbid, str(said.get("title") or ""), str(said.get("annotation") or ""), tuple(found))


def page_of(mbid: str) -> str:
    """Where a person opens it."""
    return f"https://listenbrainz.org{PLAYLIST}{mbid}/"


def _recording(track: Any) -> str:
    """Its MBID; "" for one without, so that the count stays true."""
    said = track.get("identifier") if isinstance(track, dict) else None
    first = said[0] if isinstance(said, list) and said else said
    return first.rstrip("/").rsplit("/", 1)[-1] if isinstance(first, str) else ""


def _head(title: str, annotation: str, is_public: bool) -> dict[str, Any]:
    extension = {EXTENSION: {"public": is_public}}
    return {"playlist": {"title": title, "annotation": annotation, "extension": extension}}


def _checked(mbid: str) -> str:
    try:
        return str(UUID(mbid))
    except ValueError as error:
        raise NotThere(f"ListenBrainz knows no id such as {mbid!r}.") from error
