"""The tables behind the page of listening, as columns and rows for a file: each at most a thousand rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from listening.figures import genres, tops
from listening.figures.completeness import N_ALBUMS, albums_heard
from listening.figures.discoveries import discovered
from listening.figures.history import History, clock
from listening.figures.milestones import milestones
from listening.figures.ranges import Range

N_ROWS = 1_000
Cell: TypeAlias = str | int | float | None
Table: TypeAlias = tuple[Sequence[str], list[Sequence[Cell]]]


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _mbid(value: object) -> str | None:
    return str(value) if value else None


def artists(history: History, span: Range) -> Table:
    rows = tops.top(history.member, "artist", span, n=N_ROWS).rows
    head = ("place", "place_before", "artist", "artist_mbid", "listens")
    return head, [(row.place, row.before, row.music.name, _mbid(row.music.mbid), row.n) for row in rows]


def albums(history: History, span: Range) -> Table:
    rows = tops.top(history.member, "album", span, n=N_ROWS).rows
    head = ("place", "place_before", "album", "artist", "release_group_mbid", "listens")
    return head, [
        (row.place, row.before, row.music.title, row.music.credit, _mbid(row.music.release_group_mbid), row.n)
        for row in rows
    ]


def tracks(history: History, span: Range) -> Table:
    rows = tops.top(history.member, "track", span, n=N_ROWS).rows
    head = ("place", "place_before", "track", "artist", "recording_mbid", "listens")
    return head, [
        (
            row.place,
            row.before,
            row.music.title,
            row.music.artist_credit or row.music.artist.name,
            _mbid(row.music.recording_mbid),
            row.n,
        )
        for row in rows
    ]


def genres_(history: History, span: Range) -> Table:
    rows = genres.top_genres(history.member, span, n=N_ROWS)
    return ("genre", "listens", "artists"), [(row.name, row.n, row.n_artists) for row in rows]


def days(history: History, span: Range) -> Table:
    """Every day of the range on which something was heard: a year has a few hundred, a life a few thousand."""
    rows = [(str(day), n, ms) for day, n, ms in history.days if span.holds(day)]
    return ("day", "listens", "ms_played"), list(rows)


def hours(history: History, span: Range) -> Table:
    found = clock(history.member, span)
    head = ("weekday", "hour", "listens")
    return head, [(weekday, hour, found.get((weekday, hour), 0)) for weekday in range(1, 8) for hour in range(24)]


def discoveries(history: History, span: Range) -> Table:
    rows, _ = discovered(history.member, span, n=N_ROWS)
    return ("artist", "first_heard_at", "listens_since"), [(row.music.name, stamp(row.first_at), row.n) for row in rows]


def completeness(history: History, span: Range) -> Table:
    """Of the albums played most in all, those that lack a track or more."""
    rows = albums_heard(history.member, n=N_ALBUMS).nearly
    head = ("album", "artist", "tracks_heard", "tracks")
    return head, [(album.title, album.credit, heard.n_heard, heard.n_lines) for album, heard in rows]


def milestones_(history: History, span: Range) -> Table:
    rows = milestones(history, within=span)
    return ("listen", "played_at", "track", "artist"), [
        (row.number, stamp(row.played_at), row.track.title, row.track.artist_credit or row.track.artist.name)
        for row in rows
    ]


def streaks(history: History, span: Range) -> Table:
    """Streaks that touch the range, the longest first."""
    found = [each for each in history.streaks if span.holds(each.first) or span.holds(each.last)]
    ranked = sorted(found, key=lambda each: (-each.n_days, each.first))[:N_ROWS]
    return ("first_day", "last_day", "days"), [(str(each.first), str(each.last), each.n_days) for each in ranked]


TABLES: dict[str, Callable[[History, Range], Table]] = {
    "artists": artists,
    "albums": albums,
    "tracks": tracks,
    "genres": genres_,
    "days": days,
    "hours": hours,
    "discoveries": discoveries,
    "completeness": completeness,
    "milestones": milestones_,
    "streaks": streaks,
}
