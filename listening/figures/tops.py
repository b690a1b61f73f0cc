"""What was heard most in a range: artists, albums, tracks, with their places in the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import OuterRef, Subquery

from catalog.models import Album, Artist, Track
from listening.bulk.ranges import most_played, most_played_of_all
from listening.figures.arithmetic import places
from listening.figures.ranges import Range
from listening.models import AlbumTotal, ArtistTotal, ListenEvent, TrackTotal
from listening.models.listen import ListenQuerySet
from social.models import User

OF_ARTIST = ("name", "slug", "mbid")  # what lists show; half of what reading an artist takes is other columns
N_BEFORE = 1_000  # how far down the list of the period before a place is looked for
Counts: TypeAlias = tuple[list[tuple[int, int]], int]
TOTALS: dict[str, Any] = {"artist": ArtistTotal, "album": AlbumTotal, "track": TrackTotal}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a list. before: its place in the period before, None where it was not among the first thousand.

    music: an Artist, Album or Track; sleeve: the album whose cover stands beside it.
    """

    place: int
    music: Any
    n: int
    before: int | None = None
    sleeve: Album | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """rows: the first of `n_all` different ones; compared: something was heard in the period before."""

    rows: list[Ranked]
    n_all: int
    compared: bool = False

    @property
    def most(self) -> int:
        return self.rows[0].n if self.rows else 0


def plays_in(member: User, span: Range) -> ListenQuerySet:
    """The member's plays of a range, each once."""
    return within(ListenEvent.objects.counted().filter(user=member), span).order_by()


def within(plays: ListenQuerySet, span: Range) -> ListenQuerySet:
    if span.start and span.end:
        return plays.filter(played_at__gte=span.start, played_at__lt=span.end)
    return plays


def counts(member: User, kind: str, span: Range, *, n: int) -> list[tuple[int, int]]:
    """(id, plays) of the `n` most played; of everything by the totals, else the range's plays are grouped."""
    if span.start is None or span.end is None:
        totals = TOTALS[kind].objects.filter(user=member, n_listens__gt=0)
        return list(totals.order_by("-n_listens", f"{kind}_id").values_list(f"{kind}_id", "n_listens")[:n])
    return most_played(kind, user_id=member.pk, start=span.start, end=span.end, n=n)


def counts_of_all(member: User, kind: str, span: Range, *, n: int) -> Counts:
    """The same, and how many different ones there are."""
    if span.start is None or span.end is None:
        n_all = TOTALS[kind].objects.filter(user=member, n_listens__gt=0).count()
        return counts(member, kind, span, n=n), n_all
    return most_played_of_all(kind, user_id=member.pk, start=span.start, end=span.end, n=n)


def top(
    member: User,
    kind: str,
    span: Range,
    *,
    n: int = 10,
    skip: int = 0,
    counted: Counts | None = None,
    were: dict[int, int] | None = None,
) -> Top:
    """The most played artists, albums or tracks (kind: artist, album, track) with where each stood before.

    counted, were: what `counts_of_all` (for at least as many) and `places_in` the period before answered, where the
    caller has it.
    """
    found, n_all = counted or counts_of_all(member, kind, span, n=n + skip)
    placed = list(zip(places([n_plays for _, n_plays in found]), found, strict=True))[skip : skip + n]
    before = span.before()
    if were is None:
        were = places_in(member, kind, before) if before and placed else {}
    music = musics(kind, [pk for _, (pk, _) in placed], member=member)
    rows = [
        Ranked(place, music[pk], n_plays, before=were.get(pk), sleeve=sleeve_of(music[pk]))
        for place, (pk, n_plays) in placed
        if pk in music
    ]
    return Top(rows, n_all, compared=bool(were))


def places_in(member: User, kind: str, span: Range) -> dict[int, int]:
    """Places of the first thousand of a range; one query."""
    found = counts(member, kind, span, n=N_BEFORE)
    return {pk: place for (pk, _), place in zip(found, places([n for _, n in found]), strict=True)}


def musics(kind: str, ids: Sequence[int], *, member: User | None = None) -> dict[int, Any]:
    """The rows with what a list shows of them. A track gets `sleeve`: its album, or the one it was last heard from."""
    if kind == "artist":
        return Artist.objects.order_by().only(*OF_ARTIST).in_bulk(ids)
    if kind == "album":
        return Album.objects.order_by().select_related("artist").in_bulk(ids)
    tracks = Track.objects.order_by().select_related("artist", "album__artist")
    if member is not None:
        heard = ListenEvent.objects.filter(user=member, track=OuterRef("pk"), album__isnull=False)
        tracks = tracks.annotate(heard_on=Subquery(heard.order_by("-played_at").values("album")[:1]))
    found = tracks.in_bulk(ids)
    heard_on = {pk: getattr(track, "heard_on", None) for pk, track in found.items() if not track.album_id}
    albums = Album.objects.order_by().select_related("artist").in_bulk({pk for pk in heard_on.values() if pk})
    for pk, track in found.items():
        track.sleeve = track.album or albums.get(heard_on.get(pk) or 0)  # type: ignore[attr-defined]
    return found


def sleeve_of(music: Any) -> Album | None:
    return music if isinstance(music, Album) else getattr(music, "sleeve", None)
