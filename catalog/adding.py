"""An album of which only an id is known: it stands under that id until a job has asked for its name."""

from __future__ import annotations

from uuid import UUID

from catalog.models import Album
from catalog.naming import get_or_create_album, standing

UNKNOWN_ARTIST = "Unknown artist"


def add_album_by_id(*, release_group_mbid: UUID | None = None, spotify_id: str | None = None) -> tuple[Album, bool]:
    """The album with this id, and whether it is new. No network: the job that identifies albums asks for the rest."""
    known = Album.objects.select_related("artist", "merged_into__artist")
    if release_group_mbid:
        if album := known.filter(release_group_mbid=release_group_mbid).first():
            return standing(album), False
        return get_or_create_album(
            title=f"MusicBrainz {release_group_mbid}", artist=UNKNOWN_ARTIST, release_group_mbid=release_group_mbid
        )
    if not spotify_id:
        raise ValueError("Either id is needed.")
    if album := known.filter(spotify_id=spotify_id).first():
        return standing(album), False
    album, created = get_or_create_album(title=f"Spotify {spotify_id}", artist=UNKNOWN_ARTIST)
    Album.objects.filter(pk=album.pk, spotify_id__isnull=True).update(spotify_id=spotify_id)
    album.spotify_id = spotify_id
    return album, created
