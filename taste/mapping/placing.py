"""Members' weeks on the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from django.db.models import F, Q
from numpy.typing import NDArray

from listening.figures.ranges import midnight
from listening.models import Listener, ListenEvent
from listening.models.listen import ListenQuerySet
from social.models import User
from taste.embeddings import main_model
from taste.iso_weeks import A_WEEK
from taste.mapping import maps
from taste.mapping.momentum import momenta
from taste.models import TasteMap, TasteProfile, WeeklyTaste
from taste.weeks.calendar import number
from taste.weeks.columns import UnixTime, numbers_of

IDS_AT_ONCE = 5_000
MAX_STRETCHES = 20  # of weeks that are read one by one; more are read as one long one
TURNS = 5


def place_weeks(*, user: User, now: datetime) -> int:
    """Write x, y, map_version and momentum of the member's weeks that need it; how many were written.

    A week needs it when its `map_version` is not the newest map's (whoever computes a week anew sets it to None). x and
    y are the mean of the places of what was played, each play counting once, plays of tracks that are not on the map
    left out; None when all are. As many queries for one week as for a thousand, but one for each thousand written.

    It reads without a lock. Where a week was computed anew or the map grew meanwhile, nothing is written and all is
    read again: a place that another job has let go of must not come back.
    """
    for _ in range(TURNS):
        n_written = _place(user)
        if n_written is not None:
            return n_written
    return 0  # others were faster each time; weeks that are left without a place are placed by the next job


def _place(user: User) -> int | None:
    """One turn; None where what was read is no longer so."""
    model = main_model()
    stored = maps.newest(model)
    if stored is None:
        return 0
    weeks = list(WeeklyTaste.objects.filter(user=user).order_by("starts_on"))
    as_read = _marks(weeks)
    stale = [week for week in weeks if week.map_version != stored.version]
    if not stale:
        return 0
    where = _where(user, [week.starts_on for week in stale], maps.drawn(stored))
    for week, (x, y) in zip(stale, where.tolist(), strict=True):
        week.x, week.y = (x, y) if np.isfinite(x) else (None, None)
        week.map_version = stored.version
    changed = {week.pk: week for week in stale} | {week.pk: week for week in _with_new_momentum(weeks, model)}
    with transaction.atomic():
        # Weeks are written under a lock on the profile; the map changes first, and then lets go of its weeks.
        TasteProfile.objects.select_for_update().filter(pk=user.pk).values_list("pk").first()
        as_it_was = TasteMap.objects.select_for_update().filter(pk=stored.pk, updated_at=stored.updated_at)
        there = WeeklyTaste.objects.filter(user=user).order_by("starts_on").only("fingerprint", "map_version")
        if as_it_was.values_list("pk").first() is None or _marks(there) != as_read:
            return None
        WeeklyTaste.objects.bulk_update(
            sorted(changed.values(), key=lambda week: week.starts_on),
            ["x", "y", "map_version", "momentum"],
            batch_size=1_000,
        )
    return len(stale)


def _marks(weeks: Iterable[WeeklyTaste]) -> list[tuple[int, str, int | None]]:
    """What tells a week that was computed or let go of meanwhile from the one that was read."""
    return [(week.pk, week.fingerprint, week.map_version) for week in weeks]


def forget_places_with(track_ids: Sequence[int]) -> int:
    """Let the weeks in which these tracks were played be placed anew; how many weeks that are."""
    heard: dict[int, list[NDArray[np.int64]]] = {}
    for start in range(0, len(track_ids), IDS_AT_ONCE):
        plays: ListenQuerySet = ListenEvent.objects.counted().filter(
            track_id__in=track_ids[start : start + IDS_AT_ONCE]
        )
        users, seconds = numbers_of(plays.values_list("user_id", UnixTime(F("played_at"))), 2)
        for user_id in np.unique(users):
            heard.setdefault(int(user_id), []).append(seconds[users == user_id])
    n_weeks = 0
    zones = dict(Listener.objects.filter(pk__in=heard).values_list("pk", "zone"))
    for user_id, parts in heard.items():
        weeks, spots = number(np.sort(np.concatenate(parts)), ZoneInfo(zones.get(user_id, "UTC")))
        mondays = [weeks.monday(spot) for spot in np.unique(spots)]
        n_weeks += WeeklyTaste.objects.filter(user=user_id, starts_on__in=mondays).update(map_version=None)
    return n_weeks


def _where(user: User, mondays: Sequence[date], drawn: maps.Drawn) -> NDArray[np.float64]:
    """The play-weighted mean place of each week: (n, 2), NaN for those without a track on the map."""
    zone = ZoneInfo(Listener.objects.filter(pk=user.pk).values_list("zone", flat=True).first() or "UTC")
    plays: ListenQuerySet = ListenEvent.objects.counted().filter(_in_weeks(mondays, zone), user=user)
    seconds, tracks = numbers_of(plays.order_by("played_at").values_list(UnixTime(F("played_at")), "track_id"), 2)
    answer = np.full((len(mondays), 2), np.nan)
    if not len(seconds):
        return answer
    weeks, spots = number(seconds, zone)
    unique, inverse = np.unique(tracks, return_inverse=True)
    places = drawn.at(unique).astype(np.float64)[inverse]
    is_there = np.isfinite(places[:, 0])
    counts = np.bincount(spots[is_there], minlength=weeks.n)
    sums = np.stack([np.bincount(spots[is_there], places[is_there, axis], weeks.n) for axis in (0, 1)], axis=1)
    for row, monday in enumerate(mondays):
        spot = weeks.place(monday)
        if 0 <= spot < weeks.n and counts[spot]:
            answer[row] = sums[spot] / counts[spot]
    return answer


def _in_weeks(mondays: Sequence[date], zone: ZoneInfo) -> Q:
    """Plays of these weeks, which are ascending: stretch by stretch where they are few, else all in between."""
    breaks = [at for at, (one, two) in enumerate(pairwise(mondays), start=1) if two - one > A_WEEK]
    stretches = [(part[0], part[-1]) for part in np.split(np.array(mondays, object), breaks)]
    if len(stretches) > MAX_STRETCHES:
        stretches = [(mondays[0], mondays[-1])]
    asked = Q()
    for first, last in stretches:
        asked |= Q(played_at__gte=midnight(first, zone), played_at__lt=midnight(last + A_WEEK, zone))
    return asked


def _with_new_momentum(weeks: Sequence[WeeklyTaste], model: str) -> list[WeeklyTaste]:
    """Give every week its momentum; those where it is another than before."""
    with_vector = [week for week in weeks if week.model == model and week.centroid]
    lengths = {len(bytes(week.centroid or b"")) for week in with_vector}
    found: dict[Any, float | None] = {}
    if len(lengths) == 1:  # vectors of two versions of a model do not lie in one space
        vectors = np.stack([np.frombuffer(bytes(week.centroid or b""), "<f4") for week in with_vector])
        values = momenta([week.starts_on for week in with_vector], vectors)
        found = {week.pk: value for week, value in zip(with_vector, values, strict=True)}
    changed = []
    for week in weeks:
        value = found.get(week.pk)
        if week.momentum != value and not (
            value is not None and week.momentum is not None and abs(value - week.momentum) <= 1e-9 * max(1.0, value)
        ):
            week.momentum = value
            changed.append(week)
    return changed
