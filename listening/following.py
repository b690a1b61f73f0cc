"""Listens follow their music: when rows of the catalogue become one, are taken apart, or a track gets another artist.

Fills the slots of `catalog.merging`. Listens are moved in bulk, totals are counted anew for the members and the music
concerned, and what is one play now is told anew: at once where that is quick, else by a job. An artist's listens are
those of the artist's tracks: no index leads to them but the tracks' own, and where tracks went their listens follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from catalog.bulk_rows import parts
from catalog.merging import MODELS, Merge
from catalog.models import Artist, Track
from listening.compact import pack, unpack
from listening.doubles import decide_around
from listening.models import AlbumTotal, ArtistTotal, Listener, ListenEvent, TrackTotal
from listening.models.listen import tracks_of
from listening.models.totals import MusicTotal
from listening.occasions import marking
from sidetrack import slots

A_READ, A_WRITE = 20_000, 5_000
LATELY = timedelta(days=1)
TOTALS: dict[str, type[MusicTotal]] = {"artist": ArtistTotal, "album": AlbumTotal, "track": TrackTotal}


def fill_slots() -> None:
    """Called when the app is ready."""
    slots.register("catalog:before_merging", lock_listeners, name="listening")
    slots.register("catalog:merging", follow, name="listening")
    slots.register("catalog:unmerging", come_back, name="listening")
    slots.register("catalog:track_artists_changed", follow_artists, name="listening")


def lock_listeners(rows: Sequence[tuple[str, int]]) -> None:
    """Lock whoever heard this music, before its own rows are locked: an `ingest` locks in the same order."""
    _lock(_heard(rows))


def follow(merges: Sequence[Merge], *, now: datetime) -> dict[str, dict[str, str]]:
    """Listens of what was dropped become listens of what is kept; the ids that moved, by kind and dropped row."""
    moved_tracks = _tracks_of({merge.keep_id for merge in merges if merge.kind == "artist"})
    users = _lock(_heard((merge.kind, merge.drop_id) for merge in merges) | _who_strays(moved_tracks))
    moved: dict[str, dict[str, str]] = {"track": {}, "album": {}}
    touched = _Touched()
    for merge in merges:
        if merge.kind == "artist":
            continue
        listens = ListenEvent.objects.filter(**{merge.kind: merge.drop_id})
        if merge.kind == "track":
            touched.note(listens)
        if ids := list(listens.values_list("pk", flat=True)):
            moved[merge.kind][str(merge.drop_id)] = pack(ids)
        listens.update(**{merge.kind: merge.keep_id})
    moved_tracks |= {merge.keep_id for merge in merges if merge.kind == "track"}
    touched.note_strays(moved_tracks)
    _recount(users, _music(merges, _give_artists(moved_tracks)))
    touched.tell_anew(users, now=now)
    return moved


def come_back(merges: Sequence[Merge], moved: dict[str, dict[str, str]], *, now: datetime) -> None:
    """The listens that came along, and still are where they came, go back; artists follow their tracks."""
    tracks = _tracks_of({merge.drop_id for merge in merges if merge.kind == "artist"})
    users = _lock(_heard((merge.kind, merge.keep_id) for merge in merges) | _who_strays(tracks))
    touched = _Touched()
    for merge in merges:
        if merge.kind == "artist":
            continue
        for ids in parts(unpack(moved[merge.kind].get(str(merge.drop_id), "")), A_WRITE):
            listens = ListenEvent.objects.filter(pk__in=ids, **{merge.kind: merge.keep_id})
            if merge.kind == "track":
                touched.note(listens)
                tracks.add(merge.drop_id)
            listens.update(**{merge.kind: merge.drop_id})
    touched.note_strays(tracks)
    _recount(users, _music(merges, _give_artists(tracks)))
    touched.tell_anew(users, now=now)


@transaction.atomic
def follow_artists(track_ids: Collection[int], *, now: datetime) -> None:
    """These tracks may have another artist now: their listens have the same, and totals are counted by it."""
    users = _lock(_who_strays(track_ids))
    touched = _Touched()
    touched.note_strays(track_ids)
    _recount(users, {"artist": _give_artists(track_ids)})
    touched.tell_anew(users, now=now)


def follow_late_ones(*, now: datetime) -> int:
    """Listens that came in under a row while it became part of another; how many such rows there were.

    The same for tracks that got another artist lately: a long import remembers what names meant when it began.
    """
    n_rows = 0
    for kind in ("album", "track"):
        model = MODELS[kind]
        has_listens = Exists(ListenEvent.objects.filter(**{kind: OuterRef("pk")}))
        for row in model._default_manager.filter(has_listens, merged_into__isnull=False):
            with transaction.atomic():
                keep = row
                while keep.merged_into is not None:
                    keep = keep.merged_into
                follow([Merge(kind, keep.pk, row.pk)], now=now)
                n_rows += 1
    strays = ListenEvent.objects.filter(track=OuterRef("pk")).exclude(artist=OuterRef("artist"))
    merged = Artist.objects.filter(merged_into__isnull=False, updated_at__gte=now - LATELY).values("merged_into")
    changed = Track.objects.filter(Exists(strays), Q(updated_at__gte=now - LATELY) | Q(artist__in=merged))
    track_ids = list(changed.values_list("pk", flat=True))
    follow_artists(track_ids, now=now)
    return n_rows + len(track_ids)


class _Touched:
    """When members heard what is another music now."""

    def __init__(self) -> None:
        self._moments: defaultdict[int, set[datetime]] = defaultdict(set)

    def note(self, listens: QuerySet[ListenEvent]) -> None:
        for user_id, played_at in listens.values_list("user", "played_at").iterator(A_READ):
            self._moments[user_id].add(played_at)

    def note_strays(self, track_ids: Collection[int]) -> None:
        for part in parts(sorted(track_ids), A_WRITE):
            self.note(_strays(part))

    def tell_anew(self, users: dict[int, Listener], *, now: datetime) -> None:
        """Kept answers about these members are stale, and other rows of theirs may be one play now."""
        Listener.objects.filter(pk__in=users).update(revision=F("revision") + 1, changed_at=now)
        for user_id, moments in self._moments.items():
            listener = users[user_id]
            listener.refresh_from_db()
            decide_around(listener, moments, now=now)


def _heard(rows: Iterable[tuple[str, int]]) -> set[int]:
    """The members who have listens of any of these."""
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for kind, id_ in rows:
        by_kind[kind].append(id_)
    return {
        user_id
        for kind, ids in by_kind.items()
        for part in parts(ids, A_WRITE)
        for user_id in _members(_listens_of(kind, part))
    }


def _listens_of(kind: str, ids: Sequence[int]) -> QuerySet[ListenEvent]:
    if kind == "artist":
        return ListenEvent.objects.filter(track__in=tracks_of(ids))
    return ListenEvent.objects.filter(**{f"{kind}__in": ids})


def _tracks_of(artist_ids: Collection[int]) -> set[int]:
    return {row["pk"] for row in tracks_of(artist_ids)}


def _who_strays(track_ids: Collection[int]) -> set[int]:
    """The members with listens of these tracks that have not their track's artist."""
    return {user_id for part in parts(sorted(track_ids), A_WRITE) for user_id in _members(_strays(part))}


def _members(listens: QuerySet[ListenEvent]) -> set[int]:
    return set(listens.order_by().values_list("user", flat=True).distinct())


def _lock(user_ids: Collection[int]) -> dict[int, Listener]:
    locked = Listener.objects.select_for_update(of=("self",)).filter(pk__in=user_ids).order_by("pk")
    return {listener.pk: listener for listener in locked}


def _strays(track_ids: Sequence[int]) -> QuerySet[ListenEvent]:
    """Listens of these tracks that have not their track's artist."""
    return ListenEvent.objects.filter(track__in=track_ids).exclude(artist=F("track__artist"))


def _give_artists(track_ids: Collection[int]) -> set[int]:
    """Give the listens of these tracks their track's artist; the artists that lost or won some."""
    artists: set[int] = set()
    for part in parts(sorted(track_ids), A_WRITE):
        for pair in _strays(part).order_by().values_list("artist", "track__artist").distinct():
            artists |= set(pair)
        theirs = Track.objects.filter(pk=OuterRef("track")).values("artist")[:1]
        ListenEvent.objects.filter(pk__in=_strays(part).values("pk")).update(artist=Subquery(theirs))
    return artists


def _music(merges: Sequence[Merge], artists: set[int]) -> dict[str, set[int]]:
    music: dict[str, set[int]] = {"track": set(), "album": set(), "artist": set()}
    for merge in merges:
        music[merge.kind] |= {merge.keep_id, merge.drop_id}
    music["artist"] |= artists
    return music


def _recount(users: dict[int, Listener], music: dict[str, set[int]]) -> None:
    """Count the plays of this music by these members from nothing; what is told of them is to be looked for again.

    Tracks come before their artists, who are counted by them.
    """
    for kind in ("track", "album", "artist"):
        model = TOTALS[kind]
        for part in parts(sorted(music.get(kind, ())), A_WRITE):
            model._default_manager.filter(**{"user__in": users, f"{kind}__in": part}).delete()
            model._default_manager.bulk_create(
                [
                    model(
                        **{"user_id": user_id, f"{kind}_id": id_},
                        n_listens=n, ms_played=ms, first_at=first_at, last_at=last_at,
                    )
                    for user_id, id_, n, ms, first_at, last_at in _counted(kind, part, users)
                ],
                batch_size=500,
            )  # fmt: skip
            marking.mark_music(model, kind, part, of=users)


def _counted(kind: str, ids: Sequence[int], users: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """By member and music: plays, ms, first and last."""
    if kind == "artist":
        tracks = TrackTotal.objects.filter(user__in=users, track__artist__in=ids, n_listens__gt=0).order_by()
        by_artist: QuerySet[Any, tuple[Any, ...]] = tracks.values_list("user", "track__artist").annotate(
            Sum("n_listens"), Sum("ms_played"), Min("first_at"), Max("last_at")
        )
        return by_artist
    heard = ListenEvent.objects.counted().filter(**{"user__in": users, f"{kind}__in": ids}).order_by()
    by_music: QuerySet[Any, tuple[Any, ...]] = heard.values_list("user", kind).annotate(
        Count("pk"), Sum("ms_played", default=0), Min("played_at"), Max("played_at")
    )
    return by_music
