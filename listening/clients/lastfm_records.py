"""What Last.fm answers, read into plain values. Pure.

Its JSON is translated XML: one row is an object instead of a list, numbers are texts or numbers, unknown ids are "",
a name is `{"#text": …}` or `{"name": …}` or the text itself (https://www.last.fm/api/show/user.getRecentTracks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from listening.plays import Play, Reason

PICTURES = frozenset({"image", "url", "streamable"})  # most of an answer's bytes, and nothing about the play


@dataclass(frozen=True)
class Heard:
    """What plays at this moment: the item without a date that leads every page."""

    artist: str
    title: str
    album: str


@dataclass(frozen=True)
class Page:
    """One page of recent tracks, newest first. n_pages, n_plays: of the whole window, by Last.fm's count."""

    plays: tuple[Play, ...]
    skipped: Mapping[str, int]
    now_playing: Heard | None
    number: int
    per_page: int
    n_pages: int
    n_plays: int


@dataclass(frozen=True)
class UserInfo:
    name: str
    n_plays: int
    registered_at: datetime | None


@dataclass(frozen=True)
class Top:
    """One row of a member's top artists or albums; `artist` is empty for an artist."""

    rank: int
    name: str
    n_plays: int
    artist: str = ""
    mbid: UUID | None = None


@dataclass(frozen=True)
class TopTag:
    """weight: 0 to 100, against the tag that most people gave."""

    name: str
    weight: int


@dataclass(frozen=True)
class Session:
    """A member's permission: whose it is, and the key that carries it."""

    user_name: str
    key: str


def read_session(body: Any) -> Session:
    """ValueError where it does not say whose it is."""
    session = _inner(body, "session")
    name, key = text(session.get("name")), text(session.get("key"))
    if not name or not key:
        raise ValueError("there is no name or key in it")
    return Session(name, key)


def read_recent_tracks(body: Any, *, keeps_payload: bool = True) -> Page:
    """A page of plays; ValueError when it is none. Rows without a date or a name are counted in `skipped`."""
    page = _inner(body, "recenttracks")
    about = _object(page.get("@attr")) or page
    plays: list[Play] = []
    skipped: Counter[str] = Counter()
    playing: Heard | None = None
    for row in _rows(page.get("track")):
        artist, title, album = text(row.get("artist")), text(row.get("name")), text(row.get("album"))
        if str(_object(row.get("@attr")).get("nowplaying", "")).lower() == "true":
            playing = Heard(artist, title, album) if artist and title else None
            continue
        played_at = moment(_object(row.get("date")).get("uts"))
        if not artist or not title:
            skipped[Reason.NO_NAMES] += 1
        elif played_at is None:
            skipped[Reason.NO_TIME] += 1
        else:
            artist_mbid = mbid(row.get("artist"))
            plays.append(
                Play(
                    played_at=played_at,
                    artist=artist,
                    title=title,
                    album=album,
                    recording_mbid=mbid(row),
                    release_mbid=mbid(row.get("album")),
                    artist_mbids=(artist_mbid,) if artist_mbid else (),
                    payload=_without_pictures(row) if keeps_payload else None,
                )
            )
    return Page(
        plays=tuple(plays),
        skipped=skipped,
        now_playing=playing,
        number=whole(about.get("page")) or 1,
        per_page=whole(about.get("perPage")),
        n_pages=whole(about.get("totalPages")),
        n_plays=whole(about.get("total")),
    )


def read_user(body: Any) -> UserInfo:
    user = _inner(body, "user")
    registered = _object(user.get("registered")).get("unixtime")
    return UserInfo(text(user), whole(user.get("playcount")), moment(registered))


def read_top_artists(body: Any) -> tuple[Top, ...]:
    return _tops(_inner(body, "topartists").get("artist"))


def read_top_albums(body: Any) -> tuple[Top, ...]:
    return _tops(_inner(body, "topalbums").get("album"))


def read_top_tags(body: Any) -> tuple[TopTag, ...]:
    """Tags, the most used first, each name once."""
    tags: dict[str, TopTag] = {}
    for row in _rows(_inner(body, "toptags").get("tag")):
        if name := text(row):
            tags.setdefault(name.casefold(), TopTag(name, min(100, whole(row.get("count")))))
    return tuple(tags.values())


def _tops(rows: Any) -> tuple[Top, ...]:
    return tuple(
        Top(
            rank=whole(_object(row.get("@attr")).get("rank")) or number,
            name=text(row),
            n_plays=whole(row.get("playcount")),
            artist=text(row.get("artist")),
            mbid=mbid(row),
        )
        for number, row in enumerate(_rows(rows), start=1)
        if text(row)
    )


def _inner(body: Any, name: str) -> dict[str, Any]:
    inner = body.get(name) if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        raise ValueError(f"there is no {name} in it")
    return inner


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, or the one that stands in its place."""
    for row in value if isinstance(value, list) else [value]:
        if isinstance(row, dict):
            yield row


def text(value: Any) -> str:
    """A name, however it is written."""
    if isinstance(value, dict):
        value = value.get("#text") or value.get("name") or ""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def whole(value: Any) -> int:
    """A count; 0 for what is none."""
    try:
        return max(0, int(value))
    except (TypeError, ValueError, OverflowError):
        return 0


def moment(value: Any) -> datetime | None:
    """Seconds since 1970; None for nothing, for 0, which Last.fm writes for “unknown”, and for what no calendar has."""
    seconds = whole(value)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def mbid(value: Any) -> UUID | None:
    try:
        return UUID(str(_object(value).get("mbid", "")))
    except ValueError:
        return None


def _without_pictures(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept word for word; PostgreSQL stores no NUL character in JSON."""
    kept = {name: value for name, value in row.items() if name not in PICTURES}
    if isinstance(row.get("artist"), dict):
        kept["artist"] = {name: value for name, value in row["artist"].items() if name not in PICTURES}
    return {name: _without_nul(value) for name, value in kept.items()}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {name: _without_nul(each) for name, each in value.items()}
    return value
