"""What was heard most between two moments: asked for several times a page, of ever other ranges."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def most_played(
    kind: str, *, user_id: int, start: datetime, end: datetime, n: int
) -> tuple[list[tuple[int, int]], int]:
    """(id, plays) of a member's `n` most played artists, albums or tracks, and how many different ones there are.

    kind: artist, album or track. Plays that began from `start` on and before `end`, each once; of as many plays the
    lower id comes first. The ORM takes longer to write this statement than the database to answer it for a month.
    """
    key = {"artist": "artist_id", "album": "album_id", "track": "track_id"}[kind]
    moments = [connection.ops.adapt_datetimefield_value(each) for each in (start, end)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, count(*) AS n, count(*) OVER () FROM listening_listenevent WHERE user_id = %s "  # noqa: S608
            f"AND duplicate_of_id IS NULL AND played_at >= %s AND played_at < %s AND {key} IS NOT NULL "
            f"GROUP BY {key} ORDER BY n DESC, {key} LIMIT %s",
            [user_id, *moments, n],
        )
        rows = cursor.fetchall()
    return [row[:2] for row in rows], rows[0][2] if rows else 0
