"""The map is kept up to date: extended by new tracks, fitted anew once they are too many."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum

from listening.models import TrackTotal
from social.models import User
from taste.embeddings import main_model, vectors
from taste.mapping import maps, projecting
from taste.mapping.aligning import mean_move
from taste.mapping.maps import Ids
from taste.mapping.placing import forget_places_with, place_weeks
from taste.mapping.projecting import Floats, Method
from taste.models import TasteMap, TrackEmbedding, WeeklyTaste

SEED = 42
MAX_FITTED = 20_000
SHARE_FOR_REFIT = 0.1
ANOTHER = "Another job drew the map meanwhile: nothing was changed."


@dataclass(frozen=True, slots=True)
class Known:
    """The tracks with a vector: ids ascending (n,), when each vector was computed (n,) in seconds, their version."""

    ids: Ids
    computed_at: np.ndarray[Any, np.dtype[np.float64]]
    version: str


def keep_up(*, now: datetime, by: Method | None = None) -> str:
    """Fit, extend or refit the map of the main model, then place weeks whose tracks were placed; one line on it.

    by: how a fit that happens now is drawn; the demo takes the quick way, and the next night's run the usual one.
    """
    model = main_model()
    known, stored = _known(model), maps.newest(model)
    next_version = (TasteMap.objects.aggregate(last=Max("version"))["last"] or 0) + 1  # weeks name it without the model
    if not len(known.ids):
        return f"No map: no track has been analysed with {model} yet."
    if stored is None or _wants_refit(stored, known):
        line = _fit(model, known, stored, version=next_version, now=now, drawn_by=by)
    else:
        line = _extend(stored, known, now=now)
    stored = maps.newest(model)
    waiting = WeeklyTaste.objects.exclude(map_version=stored.version if stored is not None else None)
    members = User.objects.filter(pk__in=waiting.values("user")).order_by("pk")
    n_weeks = sum(place_weeks(user=member, now=now) for member in members.iterator())
    return f"{line} {n_weeks} weeks placed."


def _known(model: str) -> Known:
    rows = TrackEmbedding.objects.filter(model=model, track__merged_into__isnull=True).order_by("track_id")
    found: dict[str, list[tuple[int, float]]] = {}
    for track_id, version, computed_at in rows.values_list("track_id", "version", "computed_at").iterator(2000):
        found.setdefault(version, []).append((track_id, computed_at.timestamp()))
    version = max(found, key=lambda each: (len(found[each]), each), default="")
    pairs = found.get(version, [])
    ids = np.fromiter((track_id for track_id, _ in pairs), np.int64, len(pairs))
    return Known(ids, np.fromiter((at for _, at in pairs), np.float64, len(pairs)), version)


def _method(n_tracks: int) -> Method:
    return "umap" if n_tracks >= projecting.LEAST_FOR_UMAP and projecting.is_umap_there() else "pca"


def _wants_refit(stored: TasteMap, known: Known) -> bool:
    """Whether so much is new, changed or gone since the fit, or the map could be drawn by a better method."""
    if stored.parameters.get("embedding_version") != known.version:
        return True
    if stored.method == TasteMap.Method.UMAP and not projecting.is_umap_there():
        return False  # what stands can be extended; a projection in its place would throw the landscape away
    if stored.method != _method(len(known.ids)):
        return True
    on_it = maps.drawn(stored).ids
    n_at_fit = int(stored.parameters["n_at_fit"])
    is_old = np.isin(known.ids, on_it[:n_at_fit]) & (known.computed_at <= stored.fitted_at.timestamp())
    n_gone = n_at_fit - int(np.isin(on_it[:n_at_fit], known.ids).sum())
    return max(int((~is_old).sum()), n_gone) > SHARE_FOR_REFIT * max(1, n_at_fit)


def _fit(
    model: str, known: Known, stored: TasteMap | None, *, version: int, now: datetime, drawn_by: Method | None = None
) -> str:
    """Draw a new version, laid onto the one before where there is one."""
    ids, rows = vectors(known.ids.tolist(), model)
    chosen, rest = _most_played(ids)
    method = drawn_by or _method(len(ids))
    is_same_space = stored is not None and stored.parameters.get("embedding_version") == known.version
    before = maps.drawn(stored).at(ids) if stored is not None else None
    before_by: Method | None = "umap" if stored is not None and stored.method == TasteMap.Method.UMAP else "pca"
    if method == "umap":
        _keep_compiled_code()
    fitted = projecting.fit(
        rows[chosen],
        seed=SEED,
        method=method,
        before=before[chosen] if before is not None else None,
        before_by=before_by if is_same_space else None,
    )
    standardised = fitted.standard(rows)
    places = np.zeros((len(ids), 2), np.float32)
    places[chosen] = fitted.places
    if len(rest):
        places[rest] = projecting.place(standardised[rest], standardised[chosen], fitted.places, fitted.flat)
    moved = None
    if before is not None and before_by == method:
        was_there = np.isfinite(before).all(axis=1)
        moved = mean_move(before[was_there], places[was_there])
    order = np.concatenate([chosen, rest])
    row = TasteMap(
        model=model,
        version=version,
        method=method,
        seed=SEED,
        n_tracks=len(ids),
        n_fitted=len(chosen),
        **maps.packed(ids[order], places[order]),
        mean=fitted.standard.mean.astype("<f4").tobytes(),
        scale=fitted.standard.scale.astype("<f4").tobytes(),
        trustworthiness=projecting.trustworthiness_of(standardised[chosen], fitted.places),
        moved=moved,
        parameters=_parameters(fitted, n_at_fit=len(ids), embedding_version=known.version),
        fitted_at=now,
        updated_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return ANOTHER
    how = "from the old places" if fitted.is_warm else "from scratch"
    by = f", tracks moved by {moved:.2f} s.d." if moved is not None else ""
    return f"Map {row.version} of {model} drawn {how} by {row.get_method_display()}: {len(ids)} tracks{by}."


def _extend(stored: TasteMap, known: Known, *, now: datetime) -> str:
    """Place new tracks and ones that were analysed anew; leave out those that are gone."""
    old = maps.drawn(stored)
    is_new = ~np.isin(known.ids, old.ids)
    is_changed = ~is_new & (known.computed_at > stored.updated_at.timestamp())
    stays = np.isin(old.ids, known.ids[~is_changed])
    to_place = known.ids[is_new | is_changed]
    if not len(to_place) and stays.all():
        return f"Map {stored.version} of {stored.model} is up to date: {stored.n_tracks} tracks."
    n_at_fit = int(stored.parameters["n_at_fit"])
    fitted = old.ids[: stored.n_fitted][stays[: stored.n_fitted]]
    placed_ids, placed = _placed(stored, old, fitted, to_place)
    ids = np.concatenate([old.ids[stays], placed_ids])
    changed = {
        **maps.packed(ids, np.concatenate([old.places[stays], placed])),
        "n_tracks": len(ids),
        "n_fitted": len(fitted),
        "parameters": stored.parameters | {"n_at_fit": int(stays[:n_at_fit].sum())},
        "updated_at": now,
    }
    if not TasteMap.objects.filter(pk=stored.pk, updated_at=stored.updated_at).update(**changed):
        return ANOTHER
    forget_places_with(np.concatenate([placed_ids, old.ids[~stays]]).tolist())
    return f"Map {stored.version} of {stored.model} holds {len(ids)} tracks, {len(placed_ids)} of them placed now."


def _placed(stored: TasteMap, old: maps.Drawn, fitted: Ids, to_place: Ids) -> tuple[Ids, Floats]:
    """Those of `to_place` whose vectors lie in the map's space, and where."""
    flat, standard = maps.flat(stored), maps.standard(stored)
    ids, rows = vectors(to_place.tolist(), stored.model)
    near_ids, near_rows = vectors(fitted.tolist(), stored.model) if flat is None else (ids, rows)
    if not len(ids) or rows.shape[1] != len(standard.mean) or not len(near_ids):
        return np.zeros(0, np.int64), np.zeros((0, 2), np.float32)
    return ids, projecting.place(standard(rows), standard(near_rows), old.at(near_ids), flat)


def _most_played(ids: Ids) -> tuple[Ids, Ids]:
    """Indices of the tracks to fit, at most MAX_FITTED by all members' plays, and of the rest; both ascending."""
    if len(ids) <= MAX_FITTED:
        return np.arange(len(ids)), np.zeros(0, np.int64)
    totals = TrackTotal.objects.values("track_id").annotate(n=Sum("n_listens")).order_by("-n", "track_id")
    n_played = dict(totals.values_list("track_id", "n").iterator())
    plays = np.array([n_played.get(int(track_id), 0) for track_id in ids])
    order = np.argsort(-plays, kind="stable")
    return np.sort(order[:MAX_FITTED]), np.sort(order[MAX_FITTED:])


def _parameters(fitted: projecting.Fitted, *, n_at_fit: int, embedding_version: str) -> dict[str, Any]:
    said: dict[str, Any] = {"n_at_fit": n_at_fit, "embedding_version": embedding_version, "is_warm": fitted.is_warm}
    if fitted.flat is not None:
        return said | {"axes": fitted.flat.axes.tolist(), "shift": fitted.flat.shift.tolist()}
    return said | {"n_neighbours": projecting.N_NEIGHBOURS, "min_dist": projecting.MIN_DIST}


def _keep_compiled_code() -> None:
    """UMAP compiles itself at its first use in a process; what can be kept of that lies under CACHE_DIR."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(settings.CACHE_DIR / "numba"))
