"""Names of threads and events: at most 100 characters, cut at the album, never at artist and year. Pure.

The week and the kind of a thread always stand: its four threads never share a name. Where they leave no room even for
the artist, the album is left out, and the artist is cut last.
"""

from __future__ import annotations

from discordbot.facts import AlbumFacts, WeekFacts
from discordbot.safe_text import ELLIPSIS, fitted, length, plain
from discordbot.texts import Words, posts, say

LONGEST = 100
KINDS: dict[str, Words] = {
    "nominations": posts.TITLE_NOMINATIONS,
    "poll": posts.TITLE_POLL,
    "winner": posts.TITLE_WINNER,
    "ratings": posts.TITLE_RATINGS,
}


def thread_name(week: WeekFacts, place: str, album: AlbumFacts | None = None) -> str:
    """`WEEK 003 [2025-11-24] - WINNER - <Album> — <Artist> (Year)`; a theme in the place of an album not yet chosen."""
    kind = say(KINDS[place])
    if album is None:
        theme = f" - {plain(week.theme, LONGEST)}" if week.theme and place in {"nominations", "poll"} else ""
        return fitted(f"{week.label} - {kind}{theme}", LONGEST)
    return _with_album(f"{week.label} - {kind} - ", album)


def event_name(week: WeekFacts, album: AlbumFacts) -> str:
    """`WEEK 003: <Album> — <Artist> (Year)`."""
    return _with_album(f"{week.label.partition(' [')[0]}: ", album)


def credit(album: AlbumFacts) -> str:
    """`<Artist> (Year)`."""
    artist = plain(album.artist, 500)
    return f"{artist} ({album.year})" if album.year else artist


def _with_album(prefix: str, album: AlbumFacts) -> str:
    """The whole name with as much of the album as fits; without it, and at last with less of the artist."""
    by = credit(album)
    title = plain(album.title, 500)
    if (room := LONGEST - length(f"{prefix} — {by}")) > 0:
        return f"{prefix}{fitted(title, room) or ELLIPSIS} — {by}"
    year = f" ({album.year})" if album.year else ""
    return f"{prefix}{plain(album.artist, LONGEST - length(prefix) - length(year))}{year}"
