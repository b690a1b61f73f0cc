"""The songs of an album, and every track that is one of them: also from another release, or under a plain name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from catalog.models import Album, AlbumTrack, Track


@dataclass(frozen=True, slots=True)
class Songs:
    """tracks: the album's different tracks in their order, empty where its track list is unknown.

    places: track id → place in `tracks`, for those and for the same songs elsewhere.
    """

    tracks: tuple[Track, ...] = ()
    places: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tracks)


def songs_of(album: Album) -> Songs:
    return songs_of_all([album.pk])[album.pk]


def songs_of_all(album_ids: Collection[int]) -> dict[int, Songs]:
    """The songs of each of these albums; two queries, however many.

    A recording is one track wherever it stands; a track that only shares artist and title is taken for the same song.
    """
    lines = AlbumTrack.objects.filter(album__in=album_ids).select_related("track").order_by("album", "disc", "position")
    tracks: dict[int, dict[int, Track]] = defaultdict(dict)
    for line in lines:
        tracks[line.album_id].setdefault(line.track_id, line.track)
    named = _elsewhere([track for each in tracks.values() for track in each.values()])
    return {album_id: _songs(tuple(tracks[album_id].values()), named) for album_id in album_ids}


def _songs(tracks: tuple[Track, ...], named: Mapping[tuple[int, str], list[int]]) -> Songs:
    places: dict[int, int] = {}
    for place, track in enumerate(tracks):
        for other in named.get((track.artist_id, track.title_key), []):
            places.setdefault(other, place)
    return Songs(tracks, places | {track.pk: place for place, track in enumerate(tracks)})


def _elsewhere(tracks: Collection[Track]) -> dict[tuple[int, str], list[int]]:
    """Tracks by artist and title."""
    wanted = {(track.artist_id, track.title_key) for track in tracks}
    if not wanted:
        return {}
    rows = Track.objects.current().filter(
        artist__in={artist for artist, _ in wanted}, title_key__in={title for _, title in wanted}
    )
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, artist_id, title in rows.order_by("pk").values_list("pk", "artist_id", "title_key"):
        if (artist_id, title) in wanted:
            found[artist_id, title].append(pk)
    return found
