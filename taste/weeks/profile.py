"""A member's taste in a row of numbers, put together from their weeks."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db.models import Sum

from listening.models import HourTotal
from taste.iso_weeks import A_WEEK
from taste.models import TasteProfile, WeeklyTaste
from taste.weeks.material import MEASURED, genres_among, names_of
from taste.weeks.measuring import DIGITS, Heard

EMBEDDING_WEEKS = 26  # that end with the last one heard, so that whoever pauses keeps their place
N_GENRES = 200


def fill(profile: TasteProfile, heard: Heard) -> None:
    """Put everything but the marks of how far was read into the row; not saved. The weeks must be stored."""
    rows = list(WeeklyTaste.objects.filter(user=profile.user_id).values_list("n_listens", "n_sounding", "axes"))
    profile.n_listens = sum(n for n, _, _ in rows)
    profile.n_sounding = sum(n for _, n, _ in rows)
    profile.feature_means = {axis: pooled for axis in MEASURED if (pooled := pool(axes.get(axis) for *_, axes in rows))}
    profile.genre_histogram = genre_histogram(heard)
    profile.time_of_day_histogram = time_of_day(profile.user_id)
    profile.model = heard.model
    profile.embedding = _embedding(profile.user_id, heard.model)


def pool(weeks: Any) -> dict[str, float] | None:
    """One mean and standard deviation of several weeks' (None where a week has none), exact; None without any."""
    given = [(week["n"], week["mean"], week["sd"]) for week in weeks if week]
    if not given:
        return None
    n, mean, sd = np.array(given).T
    whole = float((n * mean).sum() / n.sum())
    variance = float((n * (sd**2 + (mean - whole) ** 2)).sum() / n.sum())
    return {"mean": round(whole, DIGITS), "sd": round(variance**0.5, DIGITS), "n": int(n.sum())}


def genre_histogram(heard: Heard) -> dict[str, float]:
    """Genre → share of the plays that have any, the commonest first. A play is spread over its genres by weight."""
    tagged = heard.tags.tagged
    is_genre = genres_among(heard.tags.ids)[tagged.tags]
    songs, tags, weights = tagged.things[is_genre], tagged.tags[is_genre], tagged.weights[is_genre]
    if not len(songs):
        return {}
    n_songs = len(heard.songs)
    plays = np.bincount(heard.pairs.things, heard.pairs.counts, n_songs)
    whole = np.bincount(songs, weights, n_songs)
    amounts = np.bincount(tags, plays[songs] * weights / whole[songs], len(heard.tags.ids))
    best = np.argsort(-amounts, kind="stable")[:N_GENRES]
    best = best[amounts[best] > 0]
    names = names_of(set(heard.tags.ids[best].tolist()))
    total = float(amounts.sum())
    found = ((names.get(int(heard.tags.ids[place])), float(amounts[place]) / total) for place in best)
    return {name: round(share, DIGITS) for name, share in found if name}


def time_of_day(user_id: int) -> list[float]:
    """24 shares of plays by hour in the listener's zone, summing to 1; empty without plays."""
    hours = dict(HourTotal.objects.filter(user=user_id).order_by().values_list("hour").annotate(n=Sum("n_listens")))
    total = sum(hours.values())
    return [round(hours.get(hour, 0) / total, DIGITS) for hour in range(24)] if total else []


def _embedding(user_id: int, model: str) -> bytes | None:
    weeks = WeeklyTaste.objects.filter(user=user_id).order_by("-starts_on")
    newest = weeks.values_list("starts_on", flat=True).first()
    if newest is None:
        return None
    lately = weeks.filter(starts_on__gt=newest - EMBEDDING_WEEKS * A_WEEK, model=model, centroid__isnull=False)
    found = [(n, np.frombuffer(bytes(each), "<f4")) for n, each in lately.values_list("n_placed", "centroid")]
    found = [(n, each) for n, each in found if each.size == found[0][1].size]
    if not found:
        return None
    n = np.array([n for n, _ in found], np.float64)
    mean = n @ np.stack([each for _, each in found]) / n.sum()
    return bytes(mean.astype("<f4").tobytes())
