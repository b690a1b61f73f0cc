"""MusicBrainz web service 2: https://musicbrainz.org/doc/MusicBrainz_API

Its rules: a User-Agent with a contact, and one request a second from all of an application's processes together
(https://musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting); `Service` keeps both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings

from catalog.clients import musicbrainz_records as records
from catalog.clients.remembering import remembered
from sidetrack.http import OddReply, Params, Service

SEARCHES_LAST = timedelta(days=7)
LOOKUPS_LAST = timedelta(days=30)
PAGE = 100
LONGEST_BROWSE = 10  # pages; with recordings MusicBrainz gives some 500 tracks a page

Record = TypeVar("Record")

_LUCENE = re.compile(r'([+\-!(){}\[\]^"~*?:\\/]|&&|\|\|)')


def escaped(text: str) -> str:
    """Text for inside a quoted Lucene phrase, its operators taken literally."""
    return _LUCENE.sub(r"\\\1", text)


def phrase(field: str, text: str) -> str:
    return f'{field}:"{escaped(text)}"'


@lru_cache(maxsize=8)
def _service(base_url: str, per_second: float) -> Service:
    return Service("MusicBrainz", base_url=base_url, per_second=per_second)


class MusicBrainz:
    """One caller's view of MusicBrainz at one moment.

    wait_s: the longest to wait for a turn (TryLater beyond); None for jobs, which are patient.
    """

    def __init__(self, *, now: datetime, wait_s: float | None = None) -> None:
        self.now = now
        self.wait_s = wait_s
        self.service = _service(settings.MUSICBRAINZ_URL, settings.MUSICBRAINZ_RATE_LIMIT)

    def search_release_groups(
        self, *, artist: str, title: str, year: int | None = None, limit: int = 10
    ) -> tuple[records.ReleaseGroupRecord, ...]:
        """Albums by artist and title: https://musicbrainz.org/doc/MusicBrainz_API/Search#Release_Group"""
        query = f"{phrase('artist', artist)} AND {phrase('release', title)}"
        if year:
            query += f" AND firstreleasedate:{year:04d}"
        return self._search("release-group", query, limit, "search the album", title, records.read_release_groups)

    def search_albums(self, text: str, *, limit: int = 10) -> tuple[records.ReleaseGroupRecord, ...]:
        """Albums by whatever a person typed: all of its words, in title or artist."""
        words = " AND ".join(f"(releasegroup:{escaped(word)} OR artist:{escaped(word)})" for word in text.split())
        return self._search("release-group", words, limit, "search albums", text, records.read_release_groups)

    def release_group(self, mbid: UUID) -> records.ReleaseGroupRecord:
        """One album: https://musicbrainz.org/doc/MusicBrainz_API#Lookups"""
        body = self._lookup("release-group", mbid, "artist-credits", "look up the album")
        return _found(records.read_release_group(body), "album", mbid)

    def releases_of(self, release_group: UUID) -> tuple[records.ReleaseRecord, ...]:
        """All releases of an album with their tracks: https://musicbrainz.org/doc/MusicBrainz_API#Browse

        A page that includes recordings may hold fewer releases than asked for, so it is turned by what it holds.
        """
        releases: list[records.ReleaseRecord] = []
        offset = 0
        for _ in range(LONGEST_BROWSE):
            params: dict[str, str | int] = {"release-group": str(release_group), "inc": "recordings media"}
            params |= {"limit": PAGE} | ({"offset": offset} if offset else {})
            body = self._ask("/ws/2/release", params, "list the releases of", str(release_group), LOOKUPS_LAST)
            page = records.read_releases(body)
            releases += page.releases
            offset += page.n_given
            if not page.n_given or offset >= page.n_all:
                break
        return tuple(releases)

    def release(self, mbid: UUID) -> records.ReleaseRecord:
        """One release with label, track list and who plays on each track."""
        body = self._lookup("release", mbid, "artist-credits labels media recordings", "look up the release")
        return _found(records.read_release(body), "release", mbid)

    def search_artists(self, name: str, *, limit: int = 10) -> tuple[records.ArtistRecord, ...]:
        """Artists by name: https://musicbrainz.org/doc/MusicBrainz_API/Search#Artist"""
        return self._search("artist", phrase("artist", name), limit, "search the artist", name, records.read_artists)

    def artist(self, mbid: UUID) -> records.ArtistRecord:
        return _found(records.read_artist(self._lookup("artist", mbid, "", "look up the artist")), "artist", mbid)

    def search_recordings(
        self, *, artist: str, title: str, album: str = "", limit: int = 5
    ) -> tuple[records.RecordingRecord, ...]:
        """Tracks by title and artist: https://musicbrainz.org/doc/MusicBrainz_API/Search#Recording"""
        query = f"{phrase('recording', title)} AND {phrase('artist', artist)}"
        if album:
            query += f" AND {phrase('release', album)}"
        return self._search("recording", query, limit, "search the track", title, records.read_recordings)

    def search_recordings_by_words(self, text: str, *, limit: int = 10) -> tuple[records.RecordingRecord, ...]:
        """Tracks by whatever a person typed: all of its words, in title or artist."""
        words = " AND ".join(f"(recording:{escaped(word)} OR artist:{escaped(word)})" for word in text.split())
        return self._search("recording", words, limit, "search tracks", text, records.read_recordings)

    def recording(self, mbid: UUID) -> records.RecordingRecord:
        body = self._lookup("recording", mbid, "artist-credits", "look up the track")
        return _found(records.read_recording(body), "track", mbid)

    def _search(
        self, kind: str, query: str, limit: int, action: str, subject: str, read: Callable[[Any], Record]
    ) -> Record:
        params: dict[str, str | int] = {"query": query, "limit": limit}
        return read(self._ask(f"/ws/2/{kind}", params, action, subject, SEARCHES_LAST))

    def _lookup(self, kind: str, mbid: UUID, inc: str, action: str) -> Any:
        params: dict[str, str | int] = {"inc": inc} if inc else {}
        return self._ask(f"/ws/2/{kind}/{mbid}", params, action, str(mbid), LOOKUPS_LAST)

    def _ask(self, path: str, params: Params, action: str, subject: str, keep_for: timedelta) -> Any:
        params = {**params, "fmt": "json"}
        return remembered(
            service="musicbrainz",
            path=path,
            params=params,
            ask=lambda: self.service.get(path, params=params, action=action, subject=subject, wait_s=self.wait_s),
            now=self.now,
            keep_for=keep_for,
        )


def _found(record: Record | None, kind: str, mbid: UUID) -> Record:
    if record is None:
        raise OddReply(f"MusicBrainz answered for the {kind} {mbid} without its id or name.")
    return record
