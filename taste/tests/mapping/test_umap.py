"""The landscape: planted clusters are found, and it stays still when new tracks come."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from sidetrack.tests.skipping import skip_or_fail
from social.models import User
from taste.mapping import maps
from taste.mapping.aligning import mean_move
from taste.mapping.keeping import keep_up
from taste.mapping.projecting import fit, is_umap_there, place, trustworthiness_of
from taste.mapping.reading import method_words
from taste.models import TasteMap
from taste.tests.mapping.scenes import MODEL, NOW, analysed, hear, planted, week_of

pytestmark = pytest.mark.slow  # it compiles itself for about twenty seconds


@pytest.fixture(autouse=True)
def _umap() -> None:
    if not is_umap_there():
        skip_or_fail("needs umap-learn (the extra `audio`)")


def test_planted_clusters_are_found_and_a_tenth_of_new_tracks_moves_nothing_far() -> None:
    vectors, labels = planted(242, n_clusters=6, spread=1.0)
    first = fit(vectors[:220], seed=42, method="umap")
    rows = first.standard(vectors)
    assert (trustworthiness_of(rows[:220], first.places) or 0) > 0.9
    apart = np.linalg.norm(first.places[:, None] - first.places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (labels[:220][apart.argmin(axis=1)] == labels[:220]).mean() > 0.97

    new = place(rows[220:], rows[:220], first.places, None)
    to_known = np.linalg.norm(new[:, None] - first.places[None], axis=2).argmin(axis=1)
    assert (labels[:220][to_known] == labels[220:]).mean() > 0.95

    before = np.vstack([first.places, np.full((22, 2), np.nan, np.float32)])
    refitted = [fit(vectors, seed=42, method="umap", before=before, before_by="umap") for _ in range(2)]
    assert refitted[0].is_warm
    assert (refitted[0].places == refitted[1].places).all()
    assert (mean_move(first.places, refitted[0].places[:220]) or 9) < 0.3
    assert (trustworthiness_of(refitted[0].standard(vectors), refitted[0].places) or 0) > 0.9
    fresh = fit(vectors, seed=42, method="umap", before=before, before_by=None)
    assert (mean_move(first.places, refitted[0].places[:220]) or 9) < (
        mean_move(first.places, fresh.places[:220]) or 0
    ) / 2


@pytest.mark.django_db
def test_the_nightly_job_draws_extends_and_redraws(rin: User) -> None:
    vectors, _ = planted(90, n_clusters=3)
    tracks = analysed(vectors[:70])
    hear(rin, dict.fromkeys(tracks[:5], 1))
    week_of(rin)
    assert keep_up(now=NOW) == f"Map 1 of {MODEL} drawn from scratch by UMAP: 70 tracks. 1 weeks placed."
    first = TasteMap.objects.get()
    assert (first.method, first.n_fitted, first.moved) == ("umap", 70, None)
    assert (first.trustworthiness or 0) > 0.8

    later = NOW + timedelta(days=1)
    analysed(vectors[70:75], now=later - timedelta(hours=1))
    assert keep_up(now=later) == f"Map 1 of {MODEL} holds 75 tracks, 5 of them placed now. 0 weeks placed."
    extended = TasteMap.objects.get()
    assert (extended.n_tracks, extended.n_fitted, extended.fitted_at) == (75, 70, NOW)
    assert (maps.drawn(extended).places[:70] == maps.drawn(first).places).all()

    analysed(vectors[75:], now=later)
    last = later + timedelta(days=1)
    assert f"Map 2 of {MODEL} drawn from the old places by UMAP: 90 tracks, tracks moved by" in keep_up(now=last)
    second = TasteMap.objects.get(version=2)
    assert second.moved is not None
    assert second.moved < 0.5
    assert TasteMap.objects.filter(version=1).exists()
    assert "UMAP of 90 analysed tracks" in method_words(second)
    assert keep_up(now=last) == f"Map 2 of {MODEL} is up to date: 90 tracks. 0 weeks placed."
