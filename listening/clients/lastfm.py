"""Last.fm's web service 2.0: https://www.last.fm/api

It publishes no rate; “several calls per second, continuously” gets a key suspended (https://www.last.fm/api/intro), so
all processes here together keep to LASTFM_RATE_LIMIT. Its errors are numbers in the body, under HTTP 200, 400, 403 and
404 alike (https://www.last.fm/api/errorcodes); `_refusal` gives each its meaning.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings

from listening.clients import lastfm_records as records
from listening.syncing.reading import KeyRefused, Private
from sidetrack.http import ExternalApiError, NeedsRelink, NotThere, OddReply, Service, TryLater
from sidetrack.spacing import hold_turns

LARGE_PAGE, SMALL_PAGE = 1000, 200  # 200 is documented; 1000 works, and asks a fifth as often (.fmbot reads so)
N_TRIES = 3
RETRY_PAUSE_S = 1.0
LIMITED_S = 60.0  # error 29 says nothing of when; its limit is counted over minutes

Record = TypeVar("Record")


def missing() -> str:
    """The setting without which Last.fm is off; empty when it is on."""
    return "" if settings.LASTFM_API_KEY else "LASTFM_API_KEY"


@lru_cache(maxsize=8)
def _service(base_url: str, per_second: float) -> Service:
    return Service("Last.fm", base_url=base_url, per_second=per_second)


class Lastfm:
    """session_key: the member's permission, where they gave it; it opens listening that they hide from others.

    wait_s: as in `sidetrack.http.Service.request`; then nothing is asked twice.
    """

    def __init__(self, *, session_key: str = "", wait_s: float | None = None) -> None:
        if name := missing():
            raise KeyRefused(f"Last.fm is off: set {name}.")
        self.service = _service(settings.LASTFM_URL, settings.LASTFM_RATE_LIMIT)
        self.session_key = session_key if settings.LASTFM_API_SECRET else ""
        self.wait_s = wait_s

    def session(self, token: str) -> records.Session:
        """Whose token this is that they authorised, and their permission: https://www.last.fm/api/show/auth.getSession

        NeedsRelink where it is unknown, not authorised, used or older than an hour.
        """
        if not settings.LASTFM_API_SECRET:
            raise KeyRefused("Last.fm accounts cannot be linked: set LASTFM_API_SECRET.")
        params = {"method": "auth.getSession", "token": token}
        body = self._patiently(self._signed(params, is_signed=True), "confirm", "a member's permission")
        try:
            return records.read_session(body)
        except ValueError as error:
            raise OddReply(f"Last.fm could not confirm a member's permission: {error}.") from error

    def recent_tracks(
        self,
        user: str,
        *,
        page: int = 1,
        limit: int = LARGE_PAGE,
        since: datetime | None = None,
        until: datetime | None = None,
        keeps_payload: bool = True,
    ) -> records.Page:
        """Plays, newest first, from `since` on and before `until`: https://www.last.fm/api/show/user.getRecentTracks"""
        params = {"user": user, "page": str(page), "limit": str(limit), "extended": "1"}
        if since is not None:
            params["from"] = str(max(1, int(since.timestamp())))
        if until is not None:
            params["to"] = str(int(until.timestamp()))

        def read(body: Any) -> records.Page:
            return records.read_recent_tracks(body, keeps_payload=keeps_payload)

        return self._ask("user.getRecentTracks", params, read, "read the listens of", user)

    def user(self, name: str) -> records.UserInfo:
        """https://www.last.fm/api/show/user.getInfo"""
        return self._ask("user.getInfo", {"user": name}, records.read_user, "look up the user", name)

    def top_artists(self, user: str, *, period: str = "overall", limit: int = 100) -> tuple[records.Top, ...]:
        """https://www.last.fm/api/show/user.getTopArtists"""
        params = {"user": user, "period": period, "limit": str(limit)}
        return self._ask("user.getTopArtists", params, records.read_top_artists, "read the top artists of", user)

    def top_albums(self, user: str, *, period: str = "overall", limit: int = 100) -> tuple[records.Top, ...]:
        """https://www.last.fm/api/show/user.getTopAlbums"""
        params = {"user": user, "period": period, "limit": str(limit)}
        return self._ask("user.getTopAlbums", params, records.read_top_albums, "read the top albums of", user)

    def artist_tags(self, artist: str) -> tuple[records.TopTag, ...]:
        """https://www.last.fm/api/show/artist.getTopTags"""
        params = {"artist": artist, "autocorrect": "1"}
        return self._ask("artist.getTopTags", params, records.read_top_tags, "read the tags of the artist", artist)

    def album_tags(self, artist: str, album: str) -> tuple[records.TopTag, ...]:
        """https://www.last.fm/api/show/album.getTopTags"""
        params = {"artist": artist, "album": album, "autocorrect": "1"}
        return self._ask("album.getTopTags", params, records.read_top_tags, "read the tags of the album", album)

    def track_tags(self, artist: str, track: str) -> tuple[records.TopTag, ...]:
        """https://www.last.fm/api/show/track.getTopTags"""
        params = {"artist": artist, "track": track, "autocorrect": "1"}
        return self._ask("track.getTopTags", params, records.read_top_tags, "read the tags of the track", track)

    def _ask(
        self, method: str, params: dict[str, str], read: Callable[[Any], Record], action: str, subject: str
    ) -> Record:
        about = f"Last.fm could not {action} “{subject}”"
        body = self._patiently(self._signed({"method": method, **params}), action, subject)
        try:
            return read(body)
        except ValueError as error:
            raise OddReply(f"{about}: {error}.") from error

    def _patiently(self, params: dict[str, str], action: str, subject: str) -> Any:
        """One answer; what Last.fm calls temporary is asked again, a little later each time."""
        attempt = 1
        while True:
            try:
                reply = self.service.get("/2.0/", params=params, action=action, subject=subject, wait_s=self.wait_s)
                body = reply.json()
                if isinstance(body, dict) and "error" in body:
                    raise _refusal(body, reply.about, reply.status)
                return body
            except (NotThere, NeedsRelink, OddReply) as error:
                about, said = f"Last.fm could not {action} “{subject}”", error.said()
                failure: ExternalApiError = error
                if said:
                    failure = _refusal(said, about, error.status or 0)
                elif error.status in {401, 404, 410}:  # in nobody's name: a proxy, not Last.fm, says that
                    failure = OddReply(f"{about}: it answered {error.status} without a reason.", status=error.status)
            except TryLater as error:
                failure = error
            is_passing = isinstance(failure, TryLater) and failure.asked_s is None and failure.status in {200, 400}
            if not is_passing or attempt >= N_TRIES or self.wait_s is not None:
                raise failure
            time.sleep(RETRY_PAUSE_S * attempt)
            attempt += 1

    def _signed(self, params: dict[str, str], *, is_signed: bool = False) -> dict[str, str]:
        """With our key, and with the member's permission where there is one: https://www.last.fm/api/authspec#_8

        is_signed: also where there is none yet.
        """
        params = {**params, "api_key": settings.LASTFM_API_KEY}
        if self.session_key:
            params["sk"] = self.session_key
        if self.session_key or is_signed:
            said = "".join(f"{name}{params[name]}" for name in sorted(params)) + settings.LASTFM_API_SECRET
            params["api_sig"] = hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()
        return {**params, "format": "json"}


def _refusal(body: dict[str, Any], about: str, status: int) -> ExternalApiError:
    """What Last.fm's error number means for us: https://www.last.fm/api/errorcodes"""
    code, message = records.whole(body.get("error")), str(body.get("message") or "").lower()
    match code:
        case 6 | 7 if status == 404 or "found" in message or "no such" in message:
            return NotThere(f"{about}: there is no such thing.", status=status)
        case 8 | 11 | 16:
            return TryLater(f"{about}: it is out of order for the moment (error {code}).", status=status)
        case 4 | 9 | 14 | 15:
            return NeedsRelink(f"{about}: it does not accept the member's permission any more.", status=status)
        case 10:
            return KeyRefused(f"{about}: it does not accept our key. Check LASTFM_API_KEY.", status=status)
        case 13:
            return KeyRefused(f"{about}: it does not accept our signature. Check LASTFM_API_SECRET.", status=status)
        case 17:
            return Private(f"{about}: they are private.", status=status)
        case 26:
            return KeyRefused(f"{about}: our key is suspended. Write to Last.fm.", status=status)
        case 29:
            hold_turns("Last.fm", seconds=LIMITED_S)
            return TryLater(f"{about}: it asks for a pause.", asked_s=LIMITED_S, status=status)
    return OddReply(f"{about}: it refused with error {code}.", status=status)
