"""The axes as one member hears them: the chosen best, moved by what the member's own labels teach."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from social.models import User
from taste.axes.choosing import AXES
from taste.axes.labelling import LABELLED
from taste.axes.ridge import LEAST, Basis, Correction, basis_of, learn
from taste.embeddings import main_model, vectors
from taste.models import Label, TrackEmbedding, TrackFeatures

DSP = "dsp-v1"
SAMPLES = (2_000, 1_000, 500, 200, 100, 50, 20, 10, 1)  # tracks that the basis is taken from: it moves in steps alone
KEEP_BASIS_S = 24 * 3600
N_AT_ONCE = 10_000  # ids in one query

Base = dict[int, dict[str, float]]
Scores = Mapping[int, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Ear:
    """One member's labels, and what follows from them. labels, corrections: by axis, those with a label."""

    labels: dict[str, dict[int, float]]
    corrections: dict[str, Correction]


def features_for(user: User, track_ids: Collection[int]) -> dict[int, dict[str, float]]:
    """Track id → axis → value; axes without a value are left out, and tracks without any.

    What the member said of a track is its value on that axis. On the other tracks the ridge over [embedding | measured
    figures] moves the axis, at once and for this member alone, and only where that is better than the common value by
    its own leave-one-out error. Without labels nothing differs from TrackFeatures. As many queries for any number of
    tracks up to N_AT_ONCE.
    """
    wanted = {int(each) for each in track_ids}
    labels = _labels(user)
    labelled = {track_id for said in labels.values() for track_id in said}
    base = _base(wanted | labelled)
    heard = {track_id: dict(base[track_id]) for track_id in wanted if track_id in base}
    if not labels:
        return heard
    scores = _scores(wanted | labelled) if _teaches(labels, base) else {}
    for axis, correction in _corrections(labels, base, scores).items():
        moved = [id_ for id_ in heard if axis in heard[id_] and id_ in scores] if correction.helps else []
        if moved:
            by = np.stack([scores[track_id] for track_id in moved]) @ correction.weights
            for track_id, each in zip(moved, by.tolist(), strict=True):
                heard[track_id][axis] = min(1.0, max(0.0, heard[track_id][axis] + each))
        for track_id, value in labels[axis].items():
            if track_id in wanted:
                heard.setdefault(track_id, {})[axis] = value
    return heard


def ear_of(user: User) -> Ear:
    """What the member's labels taught, axis by axis, for the page that says so."""
    labels = _labels(user)
    labelled = {track_id for said in labels.values() for track_id in said}
    base = _base(labelled)
    scores = _scores(labelled) if _teaches(labels, base) else {}
    return Ear(labels, _corrections(labels, base, scores))


def _labels(user: User) -> dict[str, dict[int, float]]:
    said: dict[str, dict[int, float]] = {}
    for axis, track_id, value in Label.objects.filter(user=user).values_list("axis", "track_id", "value"):
        said.setdefault(axis, {})[track_id] = value
    return said


def _base(track_ids: Collection[int]) -> Base:
    base: Base = {}
    ids = sorted(track_ids)
    for start in range(0, len(ids), N_AT_ONCE):
        rows = TrackFeatures.objects.filter(track_id__in=ids[start : start + N_AT_ONCE])
        for track_id, *values in rows.values_list("track_id", *AXES):
            base[track_id] = {axis: value for axis, value in zip(AXES, values, strict=True) if value is not None}
    return base


def _teaches(labels: Mapping[str, Mapping[int, float]], base: Base) -> bool:
    """Whether any axis has enough labels on tracks with a common value to learn from."""
    return any(sum(axis in base.get(id_, {}) for id_ in said) >= LEAST for axis, said in labels.items())


def _corrections(labels: Mapping[str, Mapping[int, float]], base: Base, scores: Scores) -> dict[str, Correction]:
    corrections: dict[str, Correction] = {}
    for axis in (each.value for each in LABELLED if each in labels):
        known = [id_ for id_ in sorted(labels[axis]) if axis in base.get(id_, {}) and id_ in scores]
        taught = np.stack([scores[id_] for id_ in known]) if known else np.zeros((0, 1))
        common = np.array([base[id_][axis] for id_ in known])
        corrections[axis] = learn(taught, common, np.array([labels[axis][id_] for id_ in known]))
    return corrections


def _scores(track_ids: Collection[int]) -> Scores:
    """Where tracks lie along the basis; those without all vectors are left out."""
    models = list(dict.fromkeys([main_model(), DSP]))
    basis, models = _basis(models)
    if basis is None:
        return {}
    ids, stacked = _stacked(track_ids, models)
    if not len(ids) or stacked.shape[1] != basis.mean.size:  # another version of a model is being brought in
        return {}
    return dict(zip(ids.tolist(), basis.project(stacked), strict=True))


def _stacked(track_ids: Collection[int], models: list[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The vectors of all the models side by side, of tracks that have each."""
    found = [vectors(track_ids, model) for model in models]
    common = found[0][0]
    for ids, _ in found[1:]:
        common = np.intersect1d(common, ids)
    parts = [stacked[np.searchsorted(ids, common)] for ids, stacked in found if len(common)]
    return common, np.hstack(parts) if parts else np.zeros((0, 0), np.float32)


def _basis(models: list[str]) -> tuple[Basis | None, list[str]]:
    """The basis, and those of the models that it is made of: all that have vectors.

    Taken from the tracks that came first, so that a new one does not move it; a larger sample does, in a few steps.
    """
    first = {model: _first(model) for model in models}
    models = [model for model in models if first[model]]
    common = sorted(set.intersection(*(set(first[model]) for model in models))) if models else []
    if not common:
        return None, []
    size = next(each for each in SAMPLES if each <= len(common))
    sample = common[:size]
    made_of = repr([(model, size, [first[model][id_] for id_ in sample], sample) for model in models])
    key = f"taste:basis:{hashlib.blake2b(made_of.encode(), digest_size=16).hexdigest()}"
    basis: Basis | None = cache.get(key)
    if basis is None:
        ids, stacked = _stacked(sample, models)
        if not len(ids):
            return None, []
        basis = basis_of(stacked)
        cache.set(key, basis, KEEP_BASIS_S)
    return basis, models


def _first(model: str) -> dict[int, str]:
    """Track id → version of its vector."""
    rows = TrackEmbedding.objects.filter(model=model).order_by("track_id").values_list("track_id", "version")
    return dict(rows[: SAMPLES[0]])
