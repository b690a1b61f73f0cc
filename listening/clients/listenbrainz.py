"""ListenBrainz, whose listens anybody may read: https://listenbrainz.readthedocs.io/en/latest/users/api/core.html"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django.conf import settings

from listening.clients.listenbrainz_records import (
    ListenPage,
    Playing,
    TokenOwner,
    Top,
    read_count,
    read_page,
    read_playing,
    read_token_owner,
    read_tops,
)
from sidetrack.http import MEGABYTE, OddReply, Service

MOST_A_PAGE = 1_000


def service() -> Service:
    """ListenBrainz allows some 30 requests in 10 s and says when they are used up; we then wait."""
    return _service(settings.LISTENBRAINZ_URL, settings.LISTENBRAINZ_RATE_LIMIT, settings.LISTENBRAINZ_USER_AGENT)


@lru_cache(maxsize=8)
def _service(base_url: str, per_second: float, agent: str) -> Service:
    # A listen may have 10 kB, and ListenBrainz adds to it what it mapped it to.
    return Service("ListenBrainz", base_url=base_url, per_second=per_second, agent=agent, max_bytes=40 * MEGABYTE)


class ListenBrainz:
    """What ListenBrainz knows of one of its users. wait_s: as in `sidetrack.http.Service.request`."""

    def __init__(self, *, wait_s: float | None = None) -> None:
        self.service = service()
        self.wait_s = wait_s

    def listens(
        self, user_name: str, *, max_ts: int | None = None, count: int = MOST_A_PAGE, keeps_payload: bool = True
    ) -> ListenPage:
        """The newest listens from before the second `max_ts` (exclusive), newest first; NotThere for an unknown name.

        `min_ts` is not asked for: with it ListenBrainz answers the oldest listens of the range, not the newest.
        https://listenbrainz.readthedocs.io/en/latest/users/api/core.html#get--1-user-(user_name)-listens
        """
        params: dict[str, str | int] = {"count": min(count, MOST_A_PAGE)}
        if max_ts is not None:
            params["max_ts"] = max_ts
        reply = self.service.get(
            f"/1/user/{quote(user_name, safe='')}/listens",
            params=params,
            action="read the listens of",
            subject=user_name,
            wait_s=self.wait_s,
        )
        page = read_page(reply.json(), keeps_payload=keeps_payload) if reply.status != 204 else None
        if page is None:
            raise OddReply(f"{reply.about}: the answer holds no listens.", status=reply.status)
        return page

    def playing_now(self, user_name: str) -> Playing | None:
        """What this user hears; None while nothing plays."""
        return read_playing(self._ask(user_name, "playing-now", "read what plays now for"))

    def listen_count(self, user_name: str) -> int:
        """How many listens it holds of this user, as counted some minutes ago."""
        count = read_count(self._ask(user_name, "listen-count", "count the listens of"))
        if count is None:
            raise OddReply(f"ListenBrainz could not count the listens of “{user_name}”: the answer holds no number.")
        return count

    def top_artists(self, user_name: str, *, count: int = 100) -> tuple[Top, ...]:
        """Of all time, as counted some days ago; none for a user whom it has not counted yet.

        https://listenbrainz.readthedocs.io/en/latest/users/api/statistics.html
        """
        return self._tops(user_name, "artist", count)

    def top_releases(self, user_name: str, *, count: int = 100) -> tuple[Top, ...]:
        return self._tops(user_name, "release", count)

    def owner_of(self, token: str) -> TokenOwner:
        """Whose token this is, so that a member may prove their name; nobody's where it is not valid."""
        if not token or not token.isascii() or not token.isprintable() or " " in token:  # no header can carry it
            return TokenOwner("")
        reply = self.service.get(
            "/1/validate-token",
            headers={"Authorization": f"Token {token}"},
            action="validate the token",
            wait_s=self.wait_s,
        )
        return read_token_owner(reply.json())

    def _tops(self, user_name: str, kind: str, count: int) -> tuple[Top, ...]:
        reply = self.service.get(
            f"/1/stats/user/{quote(user_name, safe='')}/{kind}s",
            params={"count": count, "range": "all_time"},
            action=f"read the top {kind}s of",
            subject=user_name,
            wait_s=self.wait_s,
        )
        return () if reply.status == 204 else read_tops(reply.json(), kind)

    def _ask(self, user_name: str, what: str, action: str) -> object:
        path = f"/1/user/{quote(user_name, safe='')}/{what}"
        return self.service.get(path, action=action, subject=user_name, wait_s=self.wait_s).json()
