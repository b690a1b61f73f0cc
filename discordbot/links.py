"""Addresses that stand in Discord: the club's own pages, and where the album may be listened to. Pure."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from discordbot.facts import AlbumFacts
from discordbot.safe_text import cleaned

LONGEST = 512  # of a link button
SEARCHES = (
    ("Spotify", "https://open.spotify.com/search/{}"),
    ("YouTube", "https://www.youtube.com/results?search_query={}"),
    ("Bandcamp", "https://bandcamp.com/search?item_type=a&q={}"),
    ("Apple Music", "https://music.apple.com/search?term={}"),
)


def on_site(site: str, path: str) -> str:
    """The whole address of one of our pages or files; Discord refuses the bare name “localhost”."""
    address = urlsplit(urljoin(f"{site.rstrip('/')}/", path))
    if address.hostname == "localhost":
        port = f":{address.port}" if address.port else ""
        address = address._replace(netloc=f"127.0.0.1{port}")
    return quote(urlunsplit(address), safe=":/?#[]@!$&'()*+,;=%~")


def listen_links(album: AlbumFacts) -> tuple[tuple[str, str], ...]:
    """Services by name, each with an address that searches for the album, or leads to it where its id is known."""
    wanted = cleaned(f"{album.artist} {album.title}", one_line=True)
    links = [(name, _search(pattern, wanted)) for name, pattern in SEARCHES]
    if album.spotify_id:
        links[0] = ("Spotify", f"https://open.spotify.com/album/{quote(album.spotify_id, safe='')}")
    return tuple(links)


def _search(pattern: str, wanted: str) -> str:
    while len(address := pattern.format(quote(wanted, safe=""))) > LONGEST:
        wanted = wanted[: len(wanted) * LONGEST // (len(address) + 1)].rstrip()
    return address


def channel(snowflake: int) -> str:
    """A channel or thread as Discord shows it: by its name, to be clicked."""
    return f"<#{snowflake}>"
