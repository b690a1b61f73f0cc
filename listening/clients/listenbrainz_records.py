"""What ListenBrainz answers, as plain records. Shapes: https://listenbrainz.readthedocs.io/en/latest/users/json.html

A listen's time is its start, as its client said it; where ListenBrainz itself fetched it from Spotify it is the end,
which the matching of plays told twice allows for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from listening.plays import Play, Reason

SPOTIFY_TRACK = re.compile(r"(?:open\.spotify\.com/(?:intl-[a-z]+/)?track/|spotify:track:)([0-9A-Za-z]{22})\b")
LONGEST_S = 24 * 24 * 3600  # of one track; ListenBrainz refuses what is longer


@dataclass(frozen=True)
class ListenPage:
    """Some of a member's listens.

    n_listens: how many were answered, those left out included. skipped: how many of them were left out, by reason.
    newest, oldest: seconds since 1970, of all that were answered; None where none has a time.
    """

    plays: tuple[Play, ...]
    skipped: Mapping[str, int]
    n_listens: int
    newest: int | None
    oldest: int | None


@dataclass(frozen=True)
class Playing:
    """What plays at this moment, in the words of the program that said so."""

    artist: str
    title: str
    album: str
    duration_ms: int | None
    client: str


@dataclass(frozen=True)
class Top:
    """One row of a user's most played artists (no `artist` then) or releases, as ListenBrainz counted them last."""

    name: str
    artist: str
    n_listens: int


@dataclass(frozen=True)
class TokenOwner:
    """Whose token it is; an empty name: nobody's."""

    user_name: str

    @property
    def is_valid(self) -> bool:
        return bool(self.user_name)


def read_page(body: Any, *, keeps_payload: bool = True) -> ListenPage | None:
    """The answer of `user/…/listens`; None for what is no such answer."""
    listens = _listens(body)
    if listens is None:
        return None
    plays: list[Play] = []
    skipped: Counter[str] = Counter()
    for listen in listens:
        play = read_listen(listen, keeps_payload=keeps_payload)
        if isinstance(play, Play):
            plays.append(play)
        else:
            skipped[play] += 1
    seconds = [second for each in listens if (second := _second(each)) is not None]
    return ListenPage(
        plays=tuple(plays),
        skipped=dict(skipped),
        n_listens=len(listens),
        newest=max(seconds, default=None),
        oldest=min(seconds, default=None),
    )


def read_listen(listen: Any, *, keeps_payload: bool = True) -> Play | str:
    """One listen of an answer, an export or a submission, or the reason why it is none."""
    metadata = listen.get("track_metadata") if isinstance(listen, dict) else None
    if not isinstance(metadata, dict):
        return Reason.UNREADABLE
    artist, title = _text(metadata.get("artist_name")), _text(metadata.get("track_name"))
    if not artist or not title:
        return Reason.NO_NAMES
    second = _second(listen)
    if not second:
        return Reason.NO_TIME
    said = _object(metadata.get("additional_info"))
    mapped = _object(metadata.get("mbid_mapping"))  # ListenBrainz's own guess, less believed than what the client said
    return Play(
        played_at=datetime.fromtimestamp(second, UTC),
        artist=artist,
        title=title,
        album=_text(metadata.get("release_name")),
        album_artist=_text(said.get("release_artist_name")),
        ms_played=_milliseconds(said.get("duration_played"), 1000),
        duration_ms=duration_ms_of(said),
        recording_mbid=_mbid(said.get("recording_mbid")) or _mbid(mapped.get("recording_mbid")),
        release_mbid=_mbid(said.get("release_mbid")) or _mbid(mapped.get("release_mbid")),
        artist_mbids=_mbids(said.get("artist_mbids")) or _mbids(mapped.get("artist_mbids")),
        spotify_id=_spotify_id(said),
        payload=listen if keeps_payload else None,
    )


def duration_ms_of(additional_info: Mapping[str, Any]) -> int | None:
    """A track's length, which clients give in milliseconds or in seconds."""
    in_ms = _milliseconds(additional_info.get("duration_ms"), 1)
    return in_ms if in_ms is not None else _milliseconds(additional_info.get("duration"), 1000)


def read_playing(body: Any) -> Playing | None:
    """The answer of `user/…/playing-now`; None while nothing plays."""
    listens = _listens(body)
    metadata = _object(_object(listens[0]).get("track_metadata")) if listens else {}
    artist, title = _text(metadata.get("artist_name")), _text(metadata.get("track_name"))
    if not artist or not title:
        return None
    said = _object(metadata.get("additional_info"))
    client = next((name for key in ("media_player", "submission_client") if (name := _text(said.get(key)))), "")
    return Playing(artist, title, _text(metadata.get("release_name")), duration_ms_of(said), client)


def read_count(body: Any) -> int | None:
    count = _object(_object(body).get("payload")).get("count")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def read_tops(body: Any, kind: str) -> tuple[Top, ...]:
    """The answer of `stats/user/…/artists` or `…/releases`; kind: “artist” or “release”."""
    rows = _object(_object(body).get("payload")).get(f"{kind}s")
    tops = []
    for row in rows if isinstance(rows, list) else []:
        about = _object(row)
        name, count = _text(about.get(f"{kind}_name")), _number(about.get("listen_count"))
        if name and count is not None and count >= 0:
            tops.append(Top(name, "" if kind == "artist" else _text(about.get("artist_name")), int(count)))
    return tuple(tops)


def read_token_owner(body: Any) -> TokenOwner:
    answer = _object(body)
    return TokenOwner(_text(answer.get("user_name")) if answer.get("valid") is True else "")


def _listens(body: Any) -> list[Any] | None:
    listens = _object(_object(body).get("payload")).get("listens")
    return listens if isinstance(listens, list) else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """A number, also one that a client sent as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None  # neither infinite nor NaN


def _second(listen: Any) -> int | None:
    number = _number(_object(listen).get("listened_at"))
    return int(number) if number is not None and 0 <= number < 1e11 else None


def _milliseconds(value: Any, factor: int) -> int | None:
    number = _number(value)
    return round(number * factor) if number is not None and 0 < number * factor <= LONGEST_S * 1000 else None


def _mbid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _mbids(values: Any) -> tuple[UUID, ...]:
    found: Iterable[UUID | None] = map(_mbid, values) if isinstance(values, list) else ()
    return tuple(mbid for mbid in found if mbid is not None)


def _spotify_id(said: Mapping[str, Any]) -> str:
    for key in ("spotify_id", "origin_url"):
        if found := SPOTIFY_TRACK.search(_text(said.get(key))):
            return found[1]
    return ""
