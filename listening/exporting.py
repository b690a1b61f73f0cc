"""All listens of a member as the zip that ListenBrainz exports: a file a month, read by ListenBrainz, Koito and us.

Made while it is sent: neither the listens nor the zip are ever held whole.
"""

from __future__ import annotations

import json
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from listening.models import Feedback, Listener, ListenEvent
from social.models import User

PIECE = 64 << 10
ROWS_AT_ONCE = 2_000
COLUMNS = (
    "played_at", "source", "ms_played", "msid", "track__title", "track__artist_credit", "artist__name", "artist__mbid",
    "track__recording_mbid", "track__duration_ms", "album__title", "album__artist__name", "album__release_mbid",
)  # fmt: skip


class _Pipe:
    """What the zip is written to, and read from while it grows; it cannot go back."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self.n_held = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.n_held += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def taken(self) -> bytes:
        piece = b"".join(self._pieces)
        self._pieces.clear()
        self.n_held = 0
        return piece


def listens_zip(user: User, *, now: datetime) -> Iterator[bytes]:
    """The zip's bytes: `user.json`, `listens/2025/6.jsonl` for each month with listens, `feedback.jsonl`.

    Each play once, as statistics count it; names are those of our catalogue.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:  # type: ignore[call-overload]
        for name, lines in files_of(user):
            entry = zipfile.ZipInfo(name, date_time=now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w") as member:
                for line in lines:
                    member.write(line)
                    if pipe.n_held >= PIECE:
                        yield pipe.taken()
    yield pipe.taken()


def files_of(user: User) -> Iterator[tuple[str, Iterable[bytes]]]:
    """What lies in the zip: the files' paths, each with its lines."""
    yield "user.json", [_line({"user_id": user.pk, "username": user.handle})]
    for first, after in _months(user):
        lines = _listens(user, first, after)
        if (start := next(lines, None)) is not None:
            yield f"listens/{first.year}/{first.month}.jsonl", _again(start, lines)
    yield "feedback.jsonl", _feedback(user)


def _again(start: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield start
    yield from rest


def _months(user: User) -> Iterator[tuple[datetime, datetime]]:
    """Each month in UTC from the first listen to the last."""
    listener = Listener.objects.filter(user=user).first()
    if listener is None or listener.first_at is None or listener.last_at is None:
        return
    first = listener.first_at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while first <= listener.last_at:
        after = (first + timedelta(days=32)).replace(day=1)
        yield first, after
        first = after


def _listens(user: User, first: datetime, after: datetime) -> Iterator[bytes]:
    rows = ListenEvent.objects.filter(user=user, played_at__gte=first, played_at__lt=after, duplicate_of__isnull=True)
    for row in rows.order_by("played_at", "pk").values_list(*COLUMNS).iterator(chunk_size=ROWS_AT_ONCE):
        yield _line(_listen(dict(zip(COLUMNS, row, strict=True))))


def _listen(row: dict[str, Any]) -> dict[str, Any]:
    artist = row["track__artist_credit"] or row["artist__name"]
    more = {
        "duration_ms": row["track__duration_ms"],
        "recording_mbid": _text(row["track__recording_mbid"]),
        "release_mbid": _text(row["album__release_mbid"]),
        "artist_mbids": [str(row["artist__mbid"])] if row["artist__mbid"] else None,
        "release_artist_name": row["album__artist__name"] if row["album__artist__name"] != artist else None,
        "ms_played": row["ms_played"],
        "listening_from": row["source"],
        "submission_client": "Sidetrack",
    }
    about = {
        "artist_name": artist,
        "track_name": row["track__title"],
        "release_name": row["album__title"],
        "recording_msid": str(row["msid"]),
        "additional_info": {name: value for name, value in more.items() if value is not None},
    }
    if about["release_name"] is None:
        del about["release_name"]
    return {"listened_at": int(row["played_at"].timestamp()), "track_metadata": about}


def _feedback(user: User) -> Iterator[bytes]:
    rows = Feedback.objects.filter(user=user).select_related("track__artist").order_by("created_at", "pk")
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield _line(
            {
                "created": int(row.created_at.timestamp()),
                "score": row.score,
                "recording_mbid": _text(row.track.recording_mbid),
                "recording_msid": _text(row.msid),
                "track_metadata": {
                    "artist_name": row.track.artist_credit or row.track.artist.name,
                    "track_name": row.track.title,
                },
            }
        )


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _text(value: Any) -> str | None:
    return str(value) if value else None
