"""Weeks by plain Python, play by play: slow, short, and what the fast ones must equal."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from catalog.models import Tagging
from listening.models import Listener, ListenEvent
from social.models import User
from taste.models import TrackEmbedding, TrackFeatures
from taste.weeks.plane import KEYS, MOODS, WIDTH

AXES = ("energy", "valence", "danceability", "tempo")


@dataclass
class SlowWeek:
    n_listens: int
    n_tracks: int
    n_artists: int
    n_new_artists: int
    n_sounding: int
    n_mooded: int
    n_placed: int
    ms_played: int
    diversity: float
    axes: dict[str, dict[str, float]]
    moods: dict[str, float]
    centroid: list[float] | None
    tag_shares: dict[str, float]


def slow_weeks(user: User, model: str = "dsp-v1") -> dict[date, SlowWeek]:
    zone = ZoneInfo(Listener.objects.get(pk=user.pk).zone)
    by_week: dict[date, list[ListenEvent]] = {}
    firsts: dict[int, date] = {}
    for listen in ListenEvent.objects.filter(user=user, duplicate_of=None).order_by("played_at"):
        day = listen.played_at.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        by_week.setdefault(monday, []).append(listen)
        firsts.setdefault(listen.artist_id, monday)
    return {monday: _week(monday, listens, firsts, model) for monday, listens in by_week.items()}


def _week(monday: date, listens: list[ListenEvent], firsts: dict[int, date], model: str) -> SlowWeek:
    features = TrackFeatures.objects.in_bulk([each.track_id for each in listens])
    rows = TrackEmbedding.objects.filter(model=model, track__in=[each.track_id for each in listens])
    vectors = {row.track_id: np.frombuffer(row.vector, "<f4") for row in rows}
    artists = Counter(each.artist_id for each in listens)
    shares = [n / len(listens) for n in artists.values()]
    axes: dict[str, Any] = {}
    for axis in AXES:
        values = [
            getattr(features[each.track_id], axis)
            for each in listens
            if each.track_id in features and getattr(features[each.track_id], axis) is not None
        ]
        if values:
            mean = sum(values) / len(values)
            sd = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
            axes[axis] = {"mean": mean, "sd": sd, "n": len(values)}
    sounding = [
        each
        for each in listens
        if each.track_id in features and any(getattr(features[each.track_id], axis) is not None for axis in AXES)
    ]
    placed = [vectors[each.track_id] for each in listens if each.track_id in vectors]
    return SlowWeek(
        n_listens=len(listens),
        n_tracks=len({each.track_id for each in listens}),
        n_artists=len(artists),
        n_new_artists=sum(first == monday for first in firsts.values()),
        n_sounding=len(sounding),
        n_mooded=sum(
            None not in (features[each.track_id].energy, features[each.track_id].valence) for each in sounding
        ),
        n_placed=len(placed),
        ms_played=sum(each.ms_played or 0 for each in listens),
        diversity=math.exp(-sum(share * math.log(share) for share in shares)),
        axes=axes,
        moods=_moods([features[each.track_id] for each in listens if each.track_id in features]),
        centroid=np.mean(placed, axis=0).tolist() if placed else None,
        tag_shares=_tag_shares(listens),
    )


def _moods(features: list[TrackFeatures]) -> dict[str, float]:
    sums, n = dict.fromkeys(KEYS, 0.0), 0
    for each in features:
        if each.energy is None or each.valence is None:
            continue
        near = {
            mood.key: math.exp(-((each.energy - mood.energy) ** 2 + (each.valence - mood.valence) ** 2) / 2 / WIDTH**2)
            for mood in MOODS
        }
        n += 1
        for key, value in near.items():
            sums[key] += value / sum(near.values())
    return {key: value / n for key, value in sums.items()} if n else {}


def _tag_shares(listens: list[ListenEvent]) -> dict[str, float]:
    found: Counter[str] = Counter()
    n = 0
    for each in listens:
        weights: dict[str, float] = {}
        levels: list[tuple[str, int | None]] = [
            ("track", each.track_id), ("album", each.album_id), ("artist", each.artist_id)
        ]  # fmt: skip
        for level, pk in levels:
            for row in Tagging.objects.filter(**{f"{level}__isnull": False, level: pk}).select_related("tag"):
                weights[row.tag.name] = max(weights.get(row.tag.name, 0), row.weight / 100)
        n += bool(weights)
        for name, weight in weights.items():
            found[name] += weight  # type: ignore[assignment]
    return {name: value / n for name, value in found.items()} if n else {}
