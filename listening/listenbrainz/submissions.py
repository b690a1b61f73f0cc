"""What a program submits, from JSON to plays. Pure: no Django, no database.

Rules: https://listenbrainz.readthedocs.io/en/latest/users/json.html and the server's own validation, which refuses a
whole request for one bad listen. Where that server fails (a list in place of an object), this one says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from listening.listenbrainz import additional
from listening.listenbrainz.documents import Invalid, read_json, some_text, whole
from listening.plays import Play

MAX_LISTENS = 1_000  # a request
MAX_LISTEN_BYTES = 10_240
MAX_BYTES = MAX_LISTENS * MAX_LISTEN_BYTES
EARLIEST_TS = 1_033_410_600
SKEW = timedelta(hours=1)  # how far a program's clock may be ahead
SINGLE, IMPORT, PLAYING_NOW = "single", "import", "playing_now"


@dataclass(frozen=True)
class Submission:
    """What one request brings. For `playing_now` the only play's time is the request's."""

    kind: str
    plays: tuple[Play, ...]
    client: str


def read_submission(body: bytes, *, now: datetime) -> Submission:
    """The plays of a `submit-listens` request, all of them or Invalid."""
    if len(body) > MAX_BYTES:
        raise Invalid(f"Payload too large. Payload cannot exceed {MAX_BYTES} bytes.")
    document = read_json(body)
    if not isinstance(document, dict):
        raise Invalid("Invalid JSON document submitted. Its top level should be an object.")
    if "payload" not in document or "listen_type" not in document:
        raise Invalid("Invalid JSON document submitted. It needs the keys listen_type and payload.")
    kind, payload = document["listen_type"], document["payload"]
    if not isinstance(payload, list):
        raise Invalid("The payload in the JSON document should be a list of listens.")
    if not payload:
        raise Invalid("JSON document does not contain any listens.")
    if len(payload) > MAX_LISTENS:
        raise Invalid(f"Too many listens. You may not submit more than {MAX_LISTENS} listens at once.")
    if len(body) > len(payload) * MAX_LISTEN_BYTES:
        raise Invalid(f"JSON document is too large. Each listen may not be larger than {MAX_LISTEN_BYTES} bytes.")
    if kind not in (SINGLE, IMPORT, PLAYING_NOW):
        raise Invalid("JSON document requires a valid listen_type key: single, import or playing_now.")
    if kind != IMPORT and len(payload) > 1:
        raise Invalid("JSON document contains more than one listen for a single or playing_now.")
    plays = tuple(_play(listen, kind, now) for listen in payload)
    return Submission(kind, plays, additional.client_of(payload[-1]["track_metadata"]))


def _play(listen: Any, kind: str, now: datetime) -> Play:
    if not isinstance(listen, dict):
        raise Invalid("Each listen should be an object.")
    if kind == PLAYING_NOW:
        if "listened_at" in listen:
            raise Invalid("JSON document must not contain listened_at while submitting playing_now.")
        played_at, allowed = now.replace(microsecond=0), {"track_metadata"}
    else:
        played_at, allowed = _listened_at(listen, now), {"listened_at", "track_metadata"}
    if "track_metadata" not in listen:
        raise Invalid("JSON document must contain the key track_metadata at the top level of each listen.")
    if listen.keys() - allowed:
        raise Invalid(f"A listen may only contain {' and '.join(sorted(allowed))} as top level keys.")
    metadata = listen["track_metadata"]
    if not isinstance(metadata, dict):
        raise Invalid("track_metadata should be an object.")
    title, artist = _text(metadata, "track_name"), _text(metadata, "artist_name")
    album = _text(metadata, "release_name", required=False)
    info = additional.read_info(metadata)
    return Play(
        played_at=played_at,
        artist=artist,
        title=title,
        album=album,
        album_artist=some_text(info, "release_artist_name"),
        ms_played=additional.ms_played(info),
        duration_ms=additional.duration_ms(info),
        recording_mbid=UUID(info["recording_mbid"]) if "recording_mbid" in info else None,
        release_mbid=UUID(info["release_mbid"]) if "release_mbid" in info else None,
        artist_mbids=tuple(UUID(mbid) for mbid in info.get("artist_mbids", ())),
        spotify_id=additional.spotify_id(info),
        payload=additional.worth_keeping(metadata, info),
    )


def _listened_at(listen: Mapping[str, Any], now: datetime) -> datetime:
    if "listened_at" not in listen:
        raise Invalid("JSON document must contain the key listened_at at the top level of each listen.")
    stamp = whole(listen["listened_at"])
    if stamp is None:
        raise Invalid("JSON document must contain an int value for listened_at.")
    if stamp >= (now + SKEW).timestamp():
        raise Invalid("Value for key listened_at is too high.")
    if stamp < EARLIEST_TS:
        raise Invalid(
            "Value for key listened_at is too low. listened_at timestamp should be greater than "
            f"{EARLIEST_TS} (2002-10-01 00:00:00 UTC)."
        )
    return datetime.fromtimestamp(stamp, UTC)


def _text(metadata: Mapping[str, Any], key: str, *, required: bool = True) -> str:
    value = metadata.get(key)
    if not required and value is None:
        return ""
    if key not in metadata:
        raise Invalid(f"JSON document does not contain required field track_metadata.{key}.")
    if not isinstance(value, str):
        raise Invalid(f"track_metadata.{key} must be a single string.")
    if not value.strip() and required:
        raise Invalid(f"field track_metadata.{key} is empty.")
    return value.strip()
