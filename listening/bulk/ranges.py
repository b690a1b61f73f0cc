"""What was heard most between two moments: asked for several times a page, of ever other ranges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection


def most_played(kind: str, *, user_id: int, start: datetime, end: datetime, n: int) -> list[tuple[int, int]]:
    """(id, plays) of a member's `n` most played artists, albums or tracks.

    kind: artist, album or track. Plays that began from `start` on and before `end`, each once; of as many plays the
    lower id comes first. The ORM takes longer to write this statement than the database to answer it for a month.
    """
    return _grouped(kind, "count(*) AS n", user_id, start, end, n)


def most_played_of_all(
    kind: str, *, user_id: int, start: datetime, end: datetime, n: int
) -> tuple[list[tuple[int, int]], int]:
    """The same, and how many different ones there are: the plays are grouped once, the groups counted on the way."""
    rows = _grouped(kind, "count(*) AS n, count(*) OVER ()", user_id, start, end, n)
    return [row[:2] for row in rows], rows[0][2] if rows else 0


def _grouped(kind: str, columns: str, user_id: int, start: datetime, end: datetime, n: int) -> list[Any]:
    key = {"artist": "artist_id", "album": "album_id", "track": "track_id"}[kind]
    moments = [connection.ops.adapt_datetimefield_value(each) for each in (start, end)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {columns} FROM listening_listenevent WHERE user_id = %s "  # noqa: S608  (names of ours)
            f"AND duplicate_of_id IS NULL AND played_at >= %s AND played_at < %s AND {key} IS NOT NULL "
            f"GROUP BY {key} ORDER BY n DESC, {key} LIMIT %s",
            [user_id, *moments, n],
        )
        return list(cursor.fetchall())
