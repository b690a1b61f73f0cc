"""Names of threads and events: at most 100 characters, shortened at the album, never at artist and year. Pure."""

from __future__ import annotations

from discordbot.facts import AlbumFacts, WeekFacts
from discordbot.safe_text import ELLIPSIS, fitted, length, plain
from discordbot.texts import Words, posts, say

LONGEST = 100
SHORTEST_ALBUM = 8  # below it a piece of the album's name says nothing: the date goes first
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
    dated = f"{week.label} - {kind} - "
    undated = f"{week.label.partition(' [')[0]} - {kind} - "
    by = credit(album)
    for prefix, shortest in ((dated, SHORTEST_ALBUM), (undated, 1), ("", 1)):
        if (name := _with_album(prefix, album, by, shortest)) is not None:
            return name
    year = f" ({album.year})" if album.year else ""  # the artist alone is longer than a name may be
    return plain(album.artist, LONGEST - length(year)) + year


def event_name(week: WeekFacts, album: AlbumFacts) -> str:
    """`WEEK 003: <Album> — <Artist> (Year)`."""
    prefix = f"{week.label.partition(' [')[0]}: "
    return _with_album(prefix, album, credit(album), 1) or fitted(prefix + credit(album), LONGEST)


def credit(album: AlbumFacts) -> str:
    """`<Artist> (Year)`."""
    artist = plain(album.artist, 500)
    return f"{artist} ({album.year})" if album.year else artist


def _with_album(prefix: str, album: AlbumFacts, by: str, shortest: int) -> str | None:
    """The whole name with as much of the album as fits; None where less than `shortest` of it would stand."""
    title = plain(album.title, 500)
    room = LONGEST - length(f"{prefix} — {by}")
    if length(title) > room and room < shortest:
        return None
    cut = fitted(title, room)
    return f"{prefix}{cut or ELLIPSIS} — {by}"
