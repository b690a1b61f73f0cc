"""The picture of an album: its cover where one was fetched, else the sleeve that the website draws, as PNG. Pure.

Discord shows no SVG, so the drawing travels with the message. What is drawn depends only on the album's own name and
key: the same album is the same picture, and a cover that arrives later takes its place.
"""

from __future__ import annotations

from discordbot.facts import AlbumFacts
from discordbot.posts import Picture
from discordbot.safe_text import plain
from discordbot.texts import posts, say

SLEEVE = "sleeve.png"
LONGEST = 200  # letters of a name that are drawn; what is longer is cut by the drawing itself


def cover_of(album: AlbumFacts) -> tuple[str, str] | None:
    """Address and text alternative, as an embed wants them."""
    if album.cover:
        return album.cover, say(posts.COVER_ALT, album=album.title, artist=album.artist)
    if sleeve := sleeve_of(album):
        return f"attachment://{SLEEVE}", sleeve.alt
    return None


def sleeve_of(album: AlbumFacts) -> Picture | None:
    """What to attach to a message that shows `cover_of` the album; None where that has an address of its own."""
    if album.cover or not album.sleeve:
        return None
    alt = say(posts.SLEEVE_ALT, album=album.title, artist=album.artist)
    return Picture(
        "sleeve", SLEEVE, plain(alt, 1000), (plain(album.title, LONGEST), plain(album.artist, LONGEST), *album.sleeve)
    )


def attached(*wanted: Picture | None) -> tuple[Picture, ...]:
    """Those that there are."""
    return tuple(picture for picture in wanted if picture is not None)
