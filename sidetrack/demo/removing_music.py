"""The catalog's part of taking the demo out: albums, artists, tracks and tags that nothing real holds on to."""

from __future__ import annotations

from django.db.models import Q

from catalog.models import Album, Artist, Tag, Track
from sidetrack.demo.holding import held
from sidetrack.demo.removed import Removed, listed

OF_ARTIST = {("catalog.alias", "artist"), ("catalog.tagging", "artist")}
OF_ALBUM = {("catalog.albumtrack", "album"), ("catalog.alias", "album"), ("catalog.tagging", "album")}
OF_TRACK = {("catalog.alias", "track"), ("catalog.tagging", "track")}
LINE_OF_TRACK = ("catalog.albumtrack", "track")
HOME_OF_TRACK = ("catalog.track", "album")


def remove_music(done: Removed) -> None:
    """Call it when the club's invented rows are gone: what is left pointing at an album is a reason for it to stay."""
    _adopt_real(done)
    tracks, albums = Track.objects.filter(is_demo=True), Album.objects.filter(is_demo=True)
    artists, tags = Artist.objects.filter(is_demo=True), Tag.objects.filter(is_demo=True)
    held_tracks = held(tracks, parts=OF_TRACK | {LINE_OF_TRACK})
    staying = held(albums, parts=OF_ALBUM | {HOME_OF_TRACK})
    staying |= set(Track.objects.filter(pk__in=held_tracks).exclude(album=None).values_list("album_id", flat=True))
    going = albums.exclude(pk__in=staying)
    done.delete(tracks.filter(album__in=going).exclude(pk__in=held_tracks))
    done.delete(tracks.filter(album=None).exclude(pk__in=held(tracks, parts=OF_TRACK)))
    done.delete(going)
    done.delete(artists.exclude(pk__in=held(artists, parts=OF_ARTIST)))
    done.delete(tags.filter(taggings__isnull=True))
    tags.filter(Q(taggings__album__is_demo=False) | Q(taggings__album=None)).update(is_demo=False)


def _adopt_real(done: Removed) -> None:
    """What real rows point at becomes real, with all that belongs to it."""
    tracks, albums = Track.objects.filter(is_demo=True), Album.objects.filter(is_demo=True)
    used = held(tracks, parts=OF_TRACK | {LINE_OF_TRACK}, by_real_rows=True)
    used |= set(tracks.filter(lines__album__is_demo=False).values_list("pk", flat=True))
    ids = held(albums, parts=OF_ALBUM | {HOME_OF_TRACK}, by_real_rows=True)
    ids |= set(Track.objects.filter(is_demo=False, album__is_demo=True).values_list("album_id", flat=True))
    ids |= set(tracks.filter(pk__in=used).exclude(album=None).values_list("album_id", flat=True))
    staying = list(Album.objects.filter(pk__in=ids, is_demo=True).order_by("title_key"))
    if staying:
        titles = listed(f"“{album.title}”" for album in staying)
        what = "an album, which stays as an" if len(staying) == 1 else f"{len(staying)} albums, which stay as"
        kind = "album like any other" if len(staying) == 1 else "albums like any other"
        done.kept.append(f"Real rows point at {what} {kind}: {titles}.")
    Album.objects.filter(pk__in=ids).update(is_demo=False)
    of_real = Track.objects.filter(album__is_demo=False) | Track.objects.filter(lines__album__is_demo=False)
    Track.objects.filter(is_demo=True, pk__in=of_real.values("pk")).update(is_demo=False)
    makers = set(Album.objects.filter(is_demo=False).values_list("artist_id", flat=True))
    makers |= set(Track.objects.filter(is_demo=False).values_list("artist_id", flat=True))
    Artist.objects.filter(is_demo=True, pk__in=makers).update(is_demo=False)
