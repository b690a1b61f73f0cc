"""Whether totals are what plain counting gives: `manage.py check_rollups` asks, and counts anew where they are not."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min, Model, Q, Sum
from django.db.models.functions import Coalesce

from listening.models import AlbumTotal, ArtistTotal, DayTotal, HourTotal, Listener, ListenEvent, TrackTotal
from listening.totals import days_and_hours
from social.models import User

MUSIC: tuple[tuple[type[Model], str], ...] = ((ArtistTotal, "artist"), (AlbumTotal, "album"), (TrackTotal, "track"))


def differences(*, user: User) -> list[str]:
    """One sentence for each table of the member's that differs from plain SQL over the listens; empty: all is true."""
    listener = Listener.objects.filter(pk=user.pk).first() or Listener(user=user, zone=user.timezone)
    found = [_numbers(listener)]
    for model, key in MUSIC:
        counted = ListenEvent.objects.filter(user=user, duplicate_of__isnull=True, **{f"{key}__isnull": False})
        plain = counted.values_list(key).annotate(
            n=Count("pk"), ms=Coalesce(Sum("ms_played"), 0), first=Min("played_at"), last=Max("played_at")
        )
        kept = _kept(model, user, key, "n_listens", "ms_played", "first_at", "last_at")
        found.append(_compared(model, {row[0]: tuple(row[1:]) for row in plain}, kept))
    by_day, by_hour = days_and_hours(listener)
    found.append(_compared(DayTotal, by_day, _kept(DayTotal, user, "day", "n_listens", "ms_played")))
    held = HourTotal.objects.filter(user=user).values_list("day", "hour", "n_listens", "ms_played")
    found.append(_compared(HourTotal, by_hour, {(day, hour): (n, ms) for day, hour, n, ms in held}))
    return [sentence for sentence in found if sentence]


def _kept(model: type[Model], user: User, key: str, *columns: str) -> dict[Any, tuple[Any, ...]]:
    rows = model._default_manager.filter(user=user).values_list(key, *columns)
    return {row[0]: tuple(row[1:]) for row in rows}


def _compared(model: type[Model], plain: dict[Any, Any], kept: dict[Any, Any]) -> str:
    wrong = [key for key in plain.keys() | kept.keys() if plain.get(key) != kept.get(key)]
    if not wrong:
        return ""
    key = wrong[0]
    return (
        f"{model._meta.verbose_name}: {len(wrong)} of {len(plain)} differ, "
        f"such as {key}: {kept.get(key)} is kept, {plain.get(key)} counted"
    )


def _numbers(listener: Listener) -> str:
    """The listener's own row against the listens."""
    stands = Q(duplicate_of__isnull=True)
    plain = ListenEvent.objects.filter(user=listener.pk).aggregate(
        n_listens=Count("pk", filter=stands),
        n_duplicates=Count("pk", filter=~stands),
        ms_played=Coalesce(Sum("ms_played", filter=stands), 0),
        first_at=Min("played_at", filter=stands),
        last_at=Max("played_at", filter=stands),
    )
    kept = {name: getattr(listener, name) for name in plain}
    wrong = [f"{name} {kept[name]} is kept, {plain[name]} counted" for name in plain if kept[name] != plain[name]]
    return f"listener: {', '.join(wrong)}" if wrong else ""
