"""Shares of moods week by week, over a span, by artist, record label, tag and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import F, Q

from catalog.models import Tagging
from catalog.names import name_key
from listening.figures.ranges import A_DAY, midnight
from listening.models import Listener, ListenEvent
from listening.models.listen import ListenQuerySet
from social.models import User
from taste.weeks.calendar import number
from taste.weeks.columns import UnixTime, numbers_of
from taste.weeks.material import MEASURED, values_for
from taste.weeks.measuring import mood_sums
from taste.weeks.plane import KEYS, MOODS, Mood
from taste.weeks.sums import paired, places

__all__ = ["KEYS", "MOODS", "Mood", "WeekOfMoods", "shares"]


@dataclass(frozen=True, slots=True)
class WeekOfMoods:
    """shares: by mood key in the order of MOODS, summing to 1; empty where no play has energy and valence.

    n: plays with both. n_listens: plays that the filters let through.
    """

    starts_on: date
    n: int
    n_listens: int
    shares: Mapping[str, float]


def shares(
    user: User,
    *,
    since: date,
    until: date,
    artist_id: int | None = None,
    tag: str | None = None,
    source: str | None = None,
    label: str | None = None,
    as_heard: bool = True,
) -> list[WeekOfMoods]:
    """Each week of the listener's zone with plays between two days, both included; all that is asked for must hold.

    tag: a tag's name, on track, album or artist. label: a record label as albums have it: the album that was played
    from, else the one that the track is known from. source: of the listen that counts. as_heard: with what the member's
    own labels say, for that member alone. One query over listens, besides those for zone and values.
    """
    zone = ZoneInfo(Listener.objects.filter(pk=user.pk).values_list("zone", flat=True).first() or user.timezone)
    listens: ListenQuerySet = ListenEvent.objects.counted().filter(
        user=user, played_at__gte=midnight(since, zone), played_at__lt=midnight(until + A_DAY, zone)
    )
    listens = filtered(listens, artist_id=artist_id, tag=tag, source=source, label=label)
    rows = listens.order_by("played_at").values_list(UnixTime("played_at"), F("track_id"))
    seconds, track_ids = numbers_of(rows, 2)
    weeks, week_of = number(seconds, zone)
    tracks, at = places(track_ids)
    pairs = paired(week_of, at)
    values = values_for(user, tracks, as_heard=as_heard)
    energy, valence = values[:, MEASURED.index("energy")], values[:, MEASURED.index("valence")]
    found, n = mood_sums(pairs, energy, valence, weeks.n)
    n_listens = pairs.totals(weeks.n)
    return [
        WeekOfMoods(
            starts_on=weeks.monday(week),
            n=int(n[week]),
            n_listens=int(n_listens[week]),
            shares=dict(zip(KEYS, (found[week] / n[week]).tolist(), strict=True)) if n[week] else {},
        )
        for week in np.flatnonzero(n_listens).tolist()
    ]


def filtered(
    listens: ListenQuerySet,
    *,
    artist_id: int | None = None,
    tag: str | None = None,
    source: str | None = None,
    label: str | None = None,
) -> ListenQuerySet:
    """The plays that all given filters let through, each once."""
    if artist_id is not None:
        listens = listens.filter(artist=artist_id)
    if source:
        listens = listens.filter(source=source)
    if label:
        by_track = Q(album__isnull=True) | Q(album__label="")
        listens = listens.filter(Q(album__label=label) | by_track & Q(track__album__label=label))
    if tag:
        tagged = Tagging.objects.filter(tag__name_key=name_key(tag), weight__gt=0)
        on = {name: tagged.filter(**{f"{name}__isnull": False}).values(name) for name in ("track", "album", "artist")}
        listens = listens.filter(Q(track__in=on["track"]) | Q(album__in=on["album"]) | Q(artist__in=on["artist"]))
    return listens
