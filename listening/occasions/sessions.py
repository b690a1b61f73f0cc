"""Albums heard whole, kept as rows: a stretch of a member's history is looked through and its rows are made true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from catalog.bulk_rows import parts
from catalog.models import AlbumTrack
from listening.figures.arithmetic import SESSION_GAP
from listening.models import AlbumSession, ListenEvent
from listening.occasions.whole_albums import FEWEST, Heard, WholeAlbum, in_sessions, may_be_whole, whole_albums

A_READ = 50_000  # plays looked through in one transaction
A_LOOK = 500
A_WRITE = 900


def make_true(user_id: int, since: datetime) -> datetime | None:
    """Look through the plays from the session of `since` on; from where it has to go on, None at the end."""
    start = session_start(user_id, since)
    rows = ListenEvent.objects.counted().filter(user=user_id, played_at__gte=start).order_by("played_at", "id")
    plays = [Heard(*row) for row in rows.values_list("played_at", "track_id", "album_id")[:A_READ]]
    sessions = in_sessions(plays)
    goes_on: datetime | None = None
    if len(plays) == A_READ:
        last = sessions.pop() if len(sessions) > 1 else []
        goes_on = last[0].played_at if last else plays[-1].played_at + timedelta(seconds=1)
    lists = track_lists(sessions)
    found = [album for session in sessions for album in whole_albums(session, lists)]
    _write(user_id, found, first=start, before=goes_on)
    return goes_on


def session_start(user_id: int, moment: datetime) -> datetime:
    """When the session began that a play at this moment would be part of."""
    plays = ListenEvent.objects.counted().filter(user=user_id).order_by("-played_at")
    while True:
        earlier = list(plays.filter(played_at__lt=moment).values_list("played_at", flat=True)[:A_LOOK])
        for each in earlier:
            if moment - each > SESSION_GAP:
                return moment
            moment = each
        if len(earlier) < A_LOOK:
            return moment


def track_lists(sessions: Sequence[Sequence[Heard]]) -> dict[int, frozenset[int]]:
    """The different tracks of every album that may have been heard whole."""
    albums: set[int] = set()
    loose: set[int] = set()
    for session in sessions:
        if len({play.track_id for play in session}) < FEWEST:
            continue
        albums |= may_be_whole(session)
        loose |= {play.track_id for play in session if play.album_id is None}
    for part in parts(sorted(loose), A_WRITE):
        on = AlbumTrack.objects.filter(track__in=part, album__merged_into__isnull=True)
        albums |= set(on.order_by().values_list("album", flat=True))
    tracks: defaultdict[int, set[int]] = defaultdict(set)
    for part in parts(sorted(albums), A_WRITE):
        for album_id, track_id in AlbumTrack.objects.filter(album__in=part).order_by().values_list("album", "track"):
            tracks[album_id].add(track_id)
    return {album_id: frozenset(ids) for album_id, ids in tracks.items() if len(ids) >= FEWEST}


def _write(user_id: int, found: Collection[WholeAlbum], *, first: datetime, before: datetime | None) -> None:
    """Rows that are right stay as they are, so that a place in the feed stays one."""
    rows = AlbumSession.objects.filter(user=user_id, started_at__gte=first)
    if before is not None:
        rows = rows.filter(started_at__lt=before)
    wanted = {(each.album_id, each.started_at): each for each in found}
    changed = []
    for row in rows:
        each = wanted.pop((row.album_id, row.started_at), None)
        if each is None:
            row.delete()
        elif (row.ended_at, row.n_tracks, row.n_tracks_of) != (each.ended_at, each.n_tracks, each.n_tracks_of):
            row.ended_at, row.n_tracks, row.n_tracks_of = each.ended_at, each.n_tracks, each.n_tracks_of
            changed.append(row)
    AlbumSession.objects.bulk_update(changed, ["ended_at", "n_tracks", "n_tracks_of"], batch_size=A_WRITE // 9)
    AlbumSession.objects.bulk_create(
        (
            AlbumSession(
                user_id=user_id,
                album_id=each.album_id,
                started_at=each.started_at,
                ended_at=each.ended_at,
                n_tracks=each.n_tracks,
                n_tracks_of=each.n_tracks_of,
            )
            for each in wanted.values()
        ),
        batch_size=A_WRITE,
        ignore_conflicts=True,
    )
