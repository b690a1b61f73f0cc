"""What members' listens say about a track: on which albums it was heard, how long it is."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Album, Alias, Track
from catalog.names import name_key
from listening.models import ListenEvent, TrackTotal
from listening.resolving.choosing import Sought

N_ALBUMS = 3  # the ones it was heard on most
TWICE = 2  # a play that was cut short has a length of its own; only whole ones agree


def albums_of(track: Track) -> list[Album]:
    """The albums that sources named with it, the most played first; else the one it is known from."""
    heard = ListenEvent.objects.filter(track=track, album__isnull=False).values_list("album_id").annotate(n=Count("pk"))
    ids = [album_id for album_id, _ in heard.order_by("-n", "album_id")[:N_ALBUMS]]
    rows = Album.objects.select_related("merged_into").in_bulk(ids or [track.album_id] if track.album_id else ids)
    return [rows[pk] for pk in (ids or list(rows))]


def sought(track: Track, albums: list[Album]) -> Sought:
    """What MusicBrainz has to say of a recording for it to be this track."""
    named = Alias.objects.filter(kind=Alias.Kind.ARTIST, artist=track.artist_id).values_list("artist_key", flat=True)
    credit = {name_key(track.artist_credit)} if track.artist_credit else set()
    return Sought(
        title_key=track.title_key,
        artist_keys=frozenset({track.artist.name_key, *named, *credit}),
        album_keys=frozenset(album.title_key for album in albums),
        duration_ms=track.duration_ms or _played_whole(track),
    )


def _played_whole(track: Track) -> int | None:
    """The length that at least two plays agree on, to the second."""
    lengths = ListenEvent.objects.filter(track=track, ms_played__gte=30_000).order_by()
    most = lengths.values_list("ms_played").annotate(n=Count("pk")).filter(n__gte=TWICE).order_by("-n", "-ms_played")
    return next((ms for ms, _ in most[:1]), None)


def n_plays() -> Coalesce:
    """For tracks: how often members played it, all together."""
    plays = TrackTotal.objects.filter(track=OuterRef("pk")).order_by().values("track").annotate(n=Sum("n_listens"))
    return Coalesce(Subquery(plays.values("n")), 0)
