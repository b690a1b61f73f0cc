"""The admin of music: typos and tags put right, two rows made one, look-ups asked for again; nothing deleted."""

from catalog.admin.albums import AlbumAdmin
from catalog.admin.artists import ArtistAdmin
from catalog.admin.others import AliasAdmin, TagAdmin, TrackAdmin

__all__ = ["AlbumAdmin", "AliasAdmin", "ArtistAdmin", "TagAdmin", "TrackAdmin"]
