"""Ids that the catalogue holds already: an album's track list tells the recordings of names that were heard from it."""

from __future__ import annotations

from django.db.models import Q

from catalog.models import Album, Track


def neighbour_of(track: Track, albums: list[Album]) -> Track | None:
    """The identified track of the same artist and title that this one can only be, or None.

    Where the albums are known on which it was heard, it stands on one of them; two that do tell nothing.
    """
    namesakes = Track.objects.current().filter(
        artist=track.artist_id, title_key=track.title_key, recording_mbid__isnull=False
    )
    if albums:
        ids = {album.pk for album in albums} | {album.merged_into_id for album in albums if album.merged_into_id}
        namesakes = namesakes.filter(Q(lines__album__in=ids) | Q(album__in=ids)).distinct()
    found = list(namesakes.exclude(pk=track.pk).select_related("artist")[:2])
    return found[0] if len(found) == 1 else None
