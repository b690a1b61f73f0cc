"""All members together: what is played most, what grows, who plays an artist. Nobody is counted who hides.

Whoever reads counts those members alone whose listens they may read one by one (public, or for members; never blocked),
so that no number tells more than the members' own pages. Lists name what at least two of them play.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, QuerySet

from catalog.models import Album
from listening.figures.ranges import Range
from listening.figures.tops import TOTALS, musics, sleeve_of
from listening.models import ListenEvent, NowPlaying
from social.models import User
from social.models.user import UserQuerySet
from social.visibility import Viewer, Visibility, present_q, visible_q

AT_LEAST = 2  # members that play what a list names
KEEP = timedelta(minutes=15)
LONG, KEEP_LONG = 100, timedelta(hours=6)  # days; a year's list hardly moves in a quarter of an hour
N_KEPT = 50
SHOWN_TO_ALL = [Visibility.PUBLIC, Visibility.MEMBERS]
LEVELS = ["visibility", "listens_visibility"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Together:
    """What `n_members` played `n` times in all; before: their place in the period before."""

    place: int
    music: Any
    n_members: int
    n: int
    before: int | None = None
    sleeve: Album | None = None


@dataclass(frozen=True, slots=True)
class Growing:
    """What is played more than in the period before."""

    music: Any
    n: int
    n_before: int
    n_members: int
    sleeve: Album | None = None


@dataclass(frozen=True, slots=True)
class Plays:
    """One member's plays of an artist, an album or a track."""

    member: User
    n: int
    last_at: datetime


def readable_members(viewer: Viewer) -> UserQuerySet:
    """Whose page and listens the viewer may open."""
    members: UserQuerySet = User.objects.filter(visible_q(viewer, levels=LEVELS, owner=""), is_active=True)
    return members


def members_together(viewer: Viewer) -> UserQuerySet:
    """Those of them who are shown beside others: nobody who is suspended."""
    return readable_members(viewer).present(to=viewer)


def counted_members(viewer: Viewer) -> list[int]:
    """Who is counted for this reader: they show their listens to everybody, or to all members. Sorted.

    What is shown to followers alone is counted nowhere: a number that moves when one person follows would tell on them.
    """
    shown = members_together(viewer).filter(listens_visibility__in=SHOWN_TO_ALL, visibility__in=SHOWN_TO_ALL)
    listening = shown.filter(listener__n_listens__gt=0)
    return list(listening.order_by("pk").values_list("pk", flat=True))


def _kept(what: str, kind: str, span: Range, members: list[int], now: datetime, make: Callable[[], T]) -> T:
    """What `make` answers for exactly these members; whoever hides is out of it at once."""
    keep = KEEP_LONG if (span.n_days or LONG) >= LONG else KEEP
    among = hashlib.blake2b(repr(members).encode(), digest_size=12).hexdigest()
    slot = int(now.timestamp() // keep.total_seconds())
    key = f"together:{what}:{kind}:{span.first}:{span.last}:{span.zone}:{among}:{slot}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, keep.total_seconds())
    return found


def _plays(kind: str, span: Range, members: list[int]) -> QuerySet[ListenEvent, Any]:
    plays = ListenEvent.objects.counted().filter(user__in=members).order_by()
    return plays.filter(played_at__gte=span.start, played_at__lt=span.end, **{f"{kind}__isnull": False})


def _rows(kind: str, span: Range, members: list[int], *, now: datetime) -> list[tuple[int, int, int]]:
    """(id, members, plays) of what at least two of them played, those of most members first."""

    def read() -> list[tuple[int, int, int]]:
        groups = _plays(kind, span, members).values(f"{kind}_id")
        counted = groups.annotate(n_members=Count("user", distinct=True), n=Count("*")).filter(n_members__gte=AT_LEAST)
        ranked = counted.order_by("-n_members", "-n", f"{kind}_id")
        return list(ranked.values_list(f"{kind}_id", "n_members", "n")[:N_KEPT])

    return _kept("most", kind, span, members, now, read)


def most_played(kind: str, span: Range, members: list[int], *, now: datetime, n: int = 10) -> list[Together]:
    """Of these members (`counted_members`); by how many play it, then by plays. Three queries, or the kept answer's."""
    if len(members) < AT_LEAST:
        return []
    rows = _rows(kind, span, members, now=now)[:n]
    before = span.before()
    were = {pk: place for place, (pk, _, _) in enumerate(_rows(kind, before, members, now=now), 1)} if before else {}
    music = musics(kind, [pk for pk, _, _ in rows])
    return [
        Together(place, music[pk], n_members, plays, before=were.get(pk), sleeve=sleeve_of(music[pk]))
        for place, (pk, n_members, plays) in enumerate(rows, 1)
        if pk in music
    ]


def trending(kind: str, span: Range, members: list[int], *, now: datetime, n: int = 6) -> list[Growing]:
    """What these members play more than in the period before: by how much more, for its size.

    (n − before) / √(before + 1): twice as often says more of ten plays than of two, and something new needs a few.
    """
    before = span.before()
    if len(members) < AT_LEAST or before is None:
        return []
    rows = _rows(kind, span, members, now=now)

    def read() -> dict[int, int]:
        plays = _plays(kind, before, members).filter(**{f"{kind}__in": [pk for pk, _, _ in rows]})
        return dict(plays.values_list(f"{kind}_id").annotate(n=Count("*")))

    were = _kept("before", kind, span, members, now, read)
    grown = [
        ((plays - were.get(pk, 0)) / (were.get(pk, 0) + 1) ** 0.5, pk, n_members, plays)
        for pk, n_members, plays in rows
        if plays > were.get(pk, 0)
    ]
    first = sorted(grown, key=lambda each: (-each[0], each[1]))[:n]
    music = musics(kind, [pk for _, pk, _, _ in first])
    return [
        Growing(music[pk], plays, were.get(pk, 0), n_members, sleeve_of(music[pk]))
        for _, pk, n_members, plays in first
        if pk in music
    ]


def playing_now(viewer: Viewer, *, now: datetime, n: int = 24) -> list[NowPlaying]:
    """What the members whose listens the viewer may read hear at this moment, the newest first; one query."""
    allowed = visible_q(viewer, levels=[f"user__{level}" for level in LEVELS], owner="user")
    rows = NowPlaying.objects.filter(allowed, present_q(owner="user", to=viewer, now=now)).at(now)
    return list(rows.select_related("user", "track", "album__artist").order_by("-started_at", "user_id")[:n])


def plays_of(kind: str, music_id: int, viewer: Viewer) -> QuerySet[Any]:
    """Totals of one artist, album or track, of the members whose listens the viewer may read."""
    allowed = visible_q(viewer, levels=[f"user__{level}" for level in LEVELS], owner="user")
    there = present_q(owner="user", to=viewer)
    rows = TOTALS[kind].objects.filter(allowed, there, n_listens__gt=0, **{kind: music_id})
    return rows.select_related("user").order_by("-n_listens", "user_id")  # type: ignore[no-any-return]
