"""When an album counts as heard whole. Pure: no Django.

It does when at least four fifths of the different tracks on its list, of four or more, were heard in one session: plays
with no more than half an hour between one and the next, as everywhere (`figures.arithmetic.SESSION_GAP`). In any order,
and whatever was heard between them. Four fifths, so that one skipped song or a hidden one does not spoil it; four
tracks, because two songs in a row are a single.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from listening.figures.arithmetic import SESSION_GAP

FEWEST = 4  # tracks of an album
SHARE = (4, 5)  # of them


@dataclass(frozen=True, slots=True)
class Heard:
    """One play; album_id None: its source did not say."""

    played_at: datetime
    track_id: int
    album_id: int | None


@dataclass(frozen=True, slots=True)
class WholeAlbum:
    """started_at, ended_at: when its first and its last play began. n_tracks: different ones, of n_tracks_of."""

    album_id: int
    started_at: datetime
    ended_at: datetime
    n_tracks: int
    n_tracks_of: int


def in_sessions(plays: Iterable[Heard]) -> list[list[Heard]]:
    """plays: in order of time."""
    found: list[list[Heard]] = []
    for play in plays:
        if found and play.played_at - found[-1][-1].played_at <= SESSION_GAP:
            found[-1].append(play)
        else:
            found.append([play])
    return found


def may_be_whole(session: Sequence[Heard]) -> set[int]:
    """Albums of which enough tracks were played for their lists to be worth a look."""
    tracks: defaultdict[int, set[int]] = defaultdict(set)
    for play in session:
        if play.album_id is not None:
            tracks[play.album_id].add(play.track_id)
    has_loose = any(play.album_id is None for play in session)
    return {album_id for album_id, ids in tracks.items() if has_loose or len(ids) >= FEWEST}


def is_whole(n_heard: int, n_tracks: int) -> bool:
    return n_tracks >= FEWEST and n_heard * SHARE[1] >= n_tracks * SHARE[0]


def whole_albums(session: Sequence[Heard], lists: Mapping[int, frozenset[int]]) -> list[WholeAlbum]:
    """The albums heard whole in one session, by when they began.

    lists: the different tracks of each album that may be. A play that names its album counts for that one; one that
    names none counts for the album of which most was heard.
    """
    albums_with: defaultdict[int, list[int]] = defaultdict(list)
    for album_id, tracks in lists.items():
        for track_id in tracks:
            albums_with[track_id].append(album_id)
    plays: defaultdict[int, list[Heard]] = defaultdict(list)
    for play in session:
        albums = [play.album_id] if play.album_id is not None else albums_with[play.track_id]
        for album_id in albums:
            if play.track_id in lists.get(album_id, ()):
                plays[album_id].append(play)
    found: list[WholeAlbum] = []
    taken: set[Heard] = set()
    for album_id in sorted(plays, key=lambda pk: (-len({play.track_id for play in plays[pk]}), len(lists[pk]), pk)):
        mine = [play for play in plays[album_id] if play not in taken]
        n_heard = len({play.track_id for play in mine})
        if is_whole(n_heard, len(lists[album_id])):
            taken |= {play for play in mine if play.album_id is None}
            found.append(WholeAlbum(album_id, mine[0].played_at, mine[-1].played_at, n_heard, len(lists[album_id])))
    return sorted(found, key=lambda each: (each.started_at, each.album_id))
