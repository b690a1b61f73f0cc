"""What the names in a member's sources mean: another track, or nothing that is music."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from catalog.models import Album, Track
from catalog.naming import standing
from listening.compact import pack, unpack
from listening.corrections.removing import put_back, take_out, whole_plays
from listening.doubles import decide_around
from listening.models import Correction, Listener, ListenEvent, RemovedListen
from listening.totals import Tally, lock
from social.errors import Refused
from social.models import User
from social.standing import require_active


class Placed(NamedTuple):
    """A listen as totals see it."""

    pk: int
    track_id: int
    artist_id: int
    album_id: int | None
    played_at: datetime
    ms_played: int | None
    duplicate_of_id: int | None


@transaction.atomic
def relink(
    *,
    user: User,
    msid: UUID,
    track: Track,
    album: Album | None = None,
    now: datetime,
    names: tuple[str, str] = ("", ""),
) -> Correction:
    """All plays that this member's sources call so, past and to come, are of `track`; without `album` each keeps its.

    `names`: artist and title as the source wrote them, where the caller knows. The same again changes nothing; an
    earlier word on these names is taken back first. Suspended members may not: it shows in what others read.
    """
    require_active(user, now)
    listener = lock(user)
    track, album = standing(track), standing(album) if album else None
    known = _known(user, msid)
    if known is not None:
        if known.verb == Correction.Verb.RELINK and (known.track_id, known.album_id) == (track.pk, album and album.pk):
            return known
        _undo(listener, known, now=now)
    rows = _rows(user, msid)
    if not rows and not all(names):
        raise Refused("None of your plays has this name.", code="no_such_listen")
    correction = Correction.objects.create(
        user=user, msid=msid, **_named(rows, names), verb=Correction.Verb.RELINK, track=track, album=album,
        before=_remembered(rows, with_album=album is not None), created_at=now,
    )  # fmt: skip
    places = {row.pk: (track, album.pk if album else row.album_id) for row in rows}
    _place(listener, rows, places, now=now)
    return correction


@transaction.atomic
def not_music(*, user: User, msid: UUID, now: datetime, names: tuple[str, str] = ("", "")) -> Correction:
    """What this member's sources call so is no music: its plays are taken out, and none comes in again."""
    listener = lock(user)
    known = _known(user, msid)
    if known is not None:
        if known.verb == Correction.Verb.NOT_MUSIC:
            return known
        _undo(listener, known, now=now)
    rows = _rows(user, msid)
    if not rows and not all(names):
        raise Refused("None of your plays has this name.", code="no_such_listen")
    correction = Correction.objects.create(
        user=user, msid=msid, **_named(rows, names), verb=Correction.Verb.NOT_MUSIC, created_at=now
    )
    plays = whole_plays(listener, [row.pk for row in rows])
    take_out(listener, plays, now=now, why=RemovedListen.Why.NOT_MUSIC, correction_id=correction.pk)
    return correction


@transaction.atomic
def undo_correction(*, user: User, correction_id: int, now: datetime) -> bool:
    """The names mean again what they meant, and plays that were taken out come back; False when that is so already."""
    listener = lock(user)
    correction = Correction.objects.filter(user=user, pk=correction_id).first()
    if correction is None:
        raise Refused("There is nothing to undo.", code="no_such_correction")
    if correction.undone_at is not None:
        return False
    _undo(listener, correction, now=now)
    return True


def _known(user: User, msid: UUID) -> Correction | None:
    return Correction.objects.filter(user=user, msid=msid, undone_at__isnull=True).first()


def _rows(user: User, msid: UUID) -> list[Placed]:
    rows = ListenEvent.objects.filter(user=user, msid=msid).order_by("pk")
    return [Placed(*row) for row in rows.values_list(*Placed._fields)]


def _named(rows: list[Placed], names: tuple[str, str]) -> dict[str, str]:
    """What the page calls it: as the source wrote it, else what it was taken for."""
    artist, title = names
    if not all(names):
        track = Track.objects.select_related("artist").get(pk=rows[0].track_id)
        artist, title = track.artist_credit or track.artist.name, track.title
    return {"artist_name": artist[:300], "title": title[:500]}


def _remembered(rows: list[Placed], *, with_album: bool) -> dict[str, Any]:
    """Where the rows were: the place of most of them, and the others one by one."""
    places: dict[int, tuple[int, int | None]] = {
        row.pk: (row.track_id, row.album_id if with_album else None) for row in rows
    }
    counted = Counter(places.values()).most_common()
    if not counted:
        return {}
    others = [
        {"track": track, "album": album, "ids": pack(pk for pk, place in places.items() if place == (track, album))}
        for (track, album), _ in counted[1:]
    ]
    return {"track": counted[0][0][0], "album": counted[0][0][1], "others": others}


def _undo(listener: Listener, correction: Correction, *, now: datetime) -> None:
    correction.undone_at = now
    correction.save(update_fields=["undone_at"])
    if correction.verb == Correction.Verb.NOT_MUSIC:
        put_back(listener, list(correction.removed.all()), now=now)
    elif correction.before:
        rows = [row for row in _rows(listener.user, correction.msid) if row.track_id == correction.track_id]
        _place(listener, rows, _places_before(correction, rows), now=now)


def _places_before(correction: Correction, rows: list[Placed]) -> dict[int, tuple[Track, int | None]]:
    """Track and album of each row before the correction; rows that came later go where most of the others were."""
    before = correction.before
    kept = {pk: (other["track"], other["album"]) for other in before["others"] for pk in unpack(other["ids"])}
    usual = (before["track"], before["album"])
    tracks = Track.objects.select_related("artist", "merged_into").in_bulk(
        {place[0] for place in (usual, *kept.values())}
    )
    albums = Album.objects.in_bulk({place[1] for place in (usual, *kept.values()) if place[1]})
    places: dict[int, tuple[Track, int | None]] = {}
    for row in rows:
        track_id, album_id = kept.get(row.pk, usual)
        if (track := tracks.get(track_id)) is None:
            raise Refused("What these names meant before is no longer in the catalogue.", code="gone")
        is_album_ours = correction.album_id is not None and row.album_id == correction.album_id
        album = albums.get(album_id) if album_id else None
        places[row.pk] = (standing(track), (standing(album).pk if album else None) if is_album_ours else row.album_id)
    return places


def _place(
    listener: Listener, rows: list[Placed], places: dict[int, tuple[Track, int | None]], *, now: datetime
) -> None:
    """Give each row its track, that track's artist and its album; totals and duplicates follow."""
    tally = Tally(listener)
    by_place: dict[tuple[int, int, int | None], list[int]] = {}
    moved = [row for row in rows if (row.track_id, row.album_id) != (places[row.pk][0].pk, places[row.pk][1])]
    for row in moved:
        track, album_id = places[row.pk]
        by_place.setdefault((track.pk, track.artist_id, album_id), []).append(row.pk)
        if row.duplicate_of_id is None:
            tally.discount(row)
            tally.count(row._replace(track_id=track.pk, artist_id=track.artist_id, album_id=album_id))
    for (track_id, artist_id, album_id), ids in by_place.items():
        for start in range(0, len(ids), 5_000):
            part = ListenEvent.objects.filter(pk__in=ids[start : start + 5_000])
            part.update(track_id=track_id, artist_id=artist_id, album_id=album_id)
    if moved:
        tally.write(now=now)
        decide_around(listener, {row.played_at for row in moved}, now=now)
