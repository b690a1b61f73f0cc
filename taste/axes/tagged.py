"""Evidence from tags, for tracks of which nobody knows better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from catalog.models import Tagging, Track
from listening.models import TrackTotal
from taste.axes.choosing import choose
from taste.axes.evidence import keep
from taste.axes.judging import Judged
from taste.axes.sources import tag_table
from taste.axes.sources.tag_table import TagSaid
from taste.models import TrackScore

Source = TrackScore.Source
BETTER = [Source.AUDIO, Source.SPOTIFY, Source.ACOUSTICBRAINZ]
PORTION = 2_000  # tracks


def from_tags(track_ids: Sequence[int]) -> dict[int, dict[str, Judged]]:
    """What the tags of each track, its album and its artist say; every track is named, also one without a word.

    Four queries, however many tracks (up to some thousands: ids are parameters).
    """
    said: dict[int, list[TagSaid]] = {}
    by_album: dict[int, list[int]] = {}
    by_artist: dict[int, list[int]] = {}
    for track_id, album_id, artist_id in Track.objects.filter(pk__in=track_ids).values_list("pk", "album", "artist"):
        said[track_id] = []
        by_artist.setdefault(artist_id, []).append(track_id)
        if album_id is not None:
            by_album.setdefault(album_id, []).append(track_id)
    for level, owners in (
        ("track", {track_id: [track_id] for track_id in said}),
        ("album", by_album),
        ("artist", by_artist),
    ):
        rows = Tagging.objects.filter(**{f"{level}_id__in": list(owners)}, weight__gt=0)
        for owner_id, key, weight in rows.values_list(level, "tag__name_key", "weight"):
            if key in tag_table.AXES_OF:
                for track_id in owners[owner_id]:
                    said[track_id].append(TagSaid(key, weight / 100, level))
    return {track_id: tag_table.read(tags) for track_id, tags in said.items()}


def fill_in(track_ids: Sequence[int], *, now: datetime) -> int:
    """Keep what tags say of these tracks, and choose anew; how many of them sound different now."""
    keep(source=tag_table.SOURCE, version=tag_table.VERSION, judged=from_tags(track_ids), now=now)
    return choose(track_ids, now)


def without_better() -> QuerySet[Track]:
    """The tracks that somebody played and of which tags are all that can be had; those of the demo have their own."""
    played = TrackTotal.objects.filter(track=OuterRef("pk"), n_listens__gt=0)
    better = TrackScore.objects.filter(track=OuterRef("pk"), source__in=BETTER)
    return Track.objects.current().filter(Exists(played), ~Exists(better), is_demo=False).order_by("pk")


def portions() -> Iterator[tuple[int, int]]:
    """The ids of `without_better` as (first, last) of some PORTION tracks each."""
    ids = without_better().values_list("pk", flat=True)
    first, n = None, 0
    last = 0
    for track_id in ids.iterator(chunk_size=PORTION):
        first = track_id if first is None else first
        last, n = track_id, n + 1
        if n == PORTION:
            yield first, last
            first, n = None, 0
    if first is not None:
        yield first, last


def fill_in_between(first: int, last: int, *, now: datetime) -> tuple[int, int]:
    """One portion: how many tracks were looked at, and how many sound different now."""
    ids = list(without_better().filter(pk__range=(first, last)).values_list("pk", flat=True))
    return len(ids), fill_in(ids, now=now) if ids else 0
