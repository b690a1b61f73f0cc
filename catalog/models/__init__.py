"""Music: who made it, what it is called, and which ids the world knows it by."""

from catalog.models.album import Album
from catalog.models.alias import Alias
from catalog.models.artist import Artist
from catalog.models.cached_answer import CachedAnswer
from catalog.models.tag import Tag, Tagging
from catalog.models.track import AlbumTrack, Track

__all__ = ["Album", "AlbumTrack", "Alias", "Artist", "CachedAnswer", "Tag", "Tagging", "Track"]
