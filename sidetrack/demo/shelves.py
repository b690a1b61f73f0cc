"""Puts the demo's albums, their track lists and genres into the catalog; what is there already is used as it is."""

from __future__ import annotations

from catalog.models import Album, AlbumTrack, Artist, Tag, Tagging, Track
from catalog.names import name_key, title_key
from catalog.naming import get_or_create_album
from sidetrack.demo.albums import DemoAlbum, demo_albums

SOURCE = "demo"


def fill_shelves() -> dict[str, Album]:
    """The 300 albums as rows, by name."""
    rows: dict[str, Album] = {}
    made: list[tuple[Album, DemoAlbum]] = []
    for fact in demo_albums():
        album, is_new = get_or_create_album(title=fact.title, artist=fact.artist, year=fact.year, is_demo=True)
        rows[fact.name] = album
        if is_new:
            made.append((album, fact))
    _tell_facts(made)
    _list_tracks(made)
    _tag_genres(made)
    return rows


def _tell_facts(made: list[tuple[Album, DemoAlbum]]) -> None:
    """Country and kind, on rows that nobody else has touched."""
    for album, fact in made:
        album.country, album.primary_type = fact.country, "Album"
        if album.artist.is_demo and not album.artist.country:
            album.artist.country = fact.country
    Album.objects.bulk_update([album for album, _ in made], ["country", "primary_type"])
    Artist.objects.bulk_update({album.artist for album, _ in made if album.artist.is_demo}, ["country"])


def _list_tracks(made: list[tuple[Album, DemoAlbum]]) -> None:
    """New albums have no track yet, so there is none to look for: one statement for all of them."""
    tracks, lines = [], []
    for album, fact in made:
        for position, title in enumerate(fact.tracks, start=1):
            track = Track(title=title, title_key=title_key(title), artist=album.artist, album=album, is_demo=True)
            tracks.append(track)
            if fact.is_whole:
                lines.append((album, position, track))
    Track.objects.bulk_create(tracks)
    AlbumTrack.objects.bulk_create(
        AlbumTrack(album=album, position=position, track=track) for album, position, track in lines
    )


def _tag_genres(made: list[tuple[Album, DemoAlbum]]) -> None:
    tags: dict[str, Tag] = {}
    for genre in sorted({fact.genre for _, fact in made}):
        tags[genre], _ = Tag.objects.get_or_create(
            name_key=name_key(genre), defaults={"name": genre.lower(), "is_genre": True, "is_demo": True}
        )
    Tagging.objects.bulk_create(Tagging(tag=tags[fact.genre], album=album, source=SOURCE) for album, fact in made)
