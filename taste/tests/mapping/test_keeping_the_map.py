"""The stored map of a small library: what is drawn, placed and left out, and who is placed on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection

from social.models import User
from taste.mapping import keeping, maps
from taste.mapping.keeping import keep_up
from taste.mapping.placing import place_weeks
from taste.mapping.reading import method_words
from taste.models import TasteMap, TrackEmbedding, WeeklyTaste
from taste.tests.mapping.scenes import MODEL, MONDAY, NOW, analysed, hear, planted, week_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_without_analysed_tracks_there_is_no_map_and_the_job_says_so(rin: User) -> None:
    assert keep_up(now=NOW) == f"No map: no track has been analysed with {MODEL} yet."
    assert place_weeks(user=rin, now=NOW) == 0


def test_a_small_library_is_projected_and_says_why() -> None:
    analysed(planted(30, n_clusters=3)[0])
    assert keep_up(now=NOW).startswith(f"Map 1 of {MODEL} drawn from scratch by PCA: 30 tracks.")
    stored = TasteMap.objects.get()
    assert stored.method == "pca"
    assert "because UMAP wants 60 tracks" in method_words(stored)


def test_a_few_new_tracks_are_placed_by_the_same_projection_and_old_ones_keep_their_places() -> None:
    vectors, _ = planted(44, n_clusters=3)
    tracks = analysed(vectors[:40])
    keep_up(now=NOW)
    before = TasteMap.objects.get()
    new = analysed(vectors[40:], now=LATER - timedelta(hours=1))
    assert "holds 44 tracks, 4 of them placed now" in keep_up(now=LATER)
    after = TasteMap.objects.get()
    assert (maps.drawn(after).places[:40] == maps.drawn(before).places).all()
    assert after.mean == before.mean
    flat, standard = maps.flat(after), maps.standard(after)
    assert flat is not None
    expected = flat(standard(vectors[40:]))
    assert np.allclose([maps.drawn(after).of([track.pk])[track.pk] for track in new], expected, atol=1e-4)
    assert len(maps.drawn(after).of([tracks[0].pk, 10**9])) == 1


def test_more_than_a_tenth_of_new_tracks_makes_a_new_version_laid_onto_the_old_one() -> None:
    vectors, _ = planted(48, n_clusters=3)
    analysed(vectors[:40])
    keep_up(now=NOW)
    analysed(vectors[40:], now=LATER)
    assert f"Map 2 of {MODEL} drawn from scratch by PCA: 48 tracks" in keep_up(now=LATER)
    second = TasteMap.objects.get(version=2)
    assert second.moved is not None
    assert second.moved < 0.3
    assert "Since the version before, tracks moved by" in method_words(second)


def test_nights_of_few_new_tracks_add_up_to_a_new_version() -> None:
    vectors, _ = planted(46, n_clusters=3)
    analysed(vectors[:40])
    keep_up(now=NOW)
    for night, (start, end) in enumerate([(40, 42), (42, 44), (44, 46)], start=1):
        analysed(vectors[start:end], now=NOW + timedelta(days=night, hours=-1))
        keep_up(now=NOW + timedelta(days=night))
    assert list(TasteMap.objects.order_by("version").values_list("version", "n_tracks")) == [(1, 44), (2, 46)]


def test_tracks_that_are_gone_leave_the_map_and_ones_analysed_anew_move() -> None:
    vectors, _ = planted(40, n_clusters=2)
    tracks = analysed(vectors)
    keep_up(now=NOW)
    before = maps.drawn(TasteMap.objects.get())
    TrackEmbedding.objects.filter(track=tracks[0]).delete()
    analysed(vectors[2:3], tracks=tracks[1:2], now=LATER - timedelta(hours=1))
    keep_up(now=LATER)
    stored = TasteMap.objects.get()
    after = maps.drawn(stored)
    assert (stored.n_tracks, stored.n_fitted) == (39, 38)
    assert after.of([tracks[0].pk]) == {}
    assert after.of([tracks[1].pk])[tracks[1].pk] == pytest.approx(before.of([tracks[2].pk])[tracks[2].pk], abs=1e-4)


def test_a_new_version_of_the_model_is_a_new_map() -> None:
    vectors, _ = planted(30, n_clusters=2)
    analysed(vectors)
    keep_up(now=NOW)
    TrackEmbedding.objects.update(version="2")
    assert "Map 2" in keep_up(now=LATER)


def test_a_second_job_that_comes_late_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    analysed(planted(30, n_clusters=2)[0])
    known = keeping._known(MODEL)
    assert keeping._fit(MODEL, known, None, version=1, now=NOW).startswith("Map 1")
    assert keeping._fit(MODEL, known, None, version=1, now=NOW) == keeping.ANOTHER
    stored = maps.newest(MODEL)
    assert stored is not None
    analysed(planted(2, n_clusters=2, seed=5)[0], now=LATER)
    more = keeping._known(MODEL)
    assert "2 of them placed now" in keeping._extend(stored, more, now=LATER)
    assert keeping._extend(stored, more, now=LATER) == keeping.ANOTHER


def test_the_most_played_tracks_are_fitted_and_the_rest_is_placed(rin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from listening.models import TrackTotal

    monkeypatch.setattr(keeping, "MAX_FITTED", 20)
    vectors, _ = planted(30, n_clusters=2)
    tracks = analysed(vectors)
    TrackTotal.objects.bulk_create(
        TrackTotal(user=rin, track=track, n_listens=5, first_at=NOW, last_at=NOW) for track in tracks[10:]
    )
    keep_up(now=NOW)
    stored = TasteMap.objects.get()
    assert (stored.n_tracks, stored.n_fitted) == (30, 20)
    assert set(maps.drawn(stored).ids[:20].tolist()) == {track.pk for track in tracks[10:]}


def test_another_model_has_a_map_of_its_own_and_weeks_move_onto_it(rin: User) -> None:
    vectors, _ = planted(30, n_clusters=2)
    tracks = analysed(vectors)
    hear(rin, {tracks[0]: 1})
    week = week_of(rin)
    keep_up(now=NOW)
    TrackEmbedding.objects.update(model="musicnn")
    assert keep_up(now=LATER).startswith("Map 2 of musicnn drawn from scratch")
    week.refresh_from_db()
    assert week.map_version == 2


# --- Weeks ----------------------------------------------------------------------------------------------------------
def test_a_week_lies_at_the_mean_of_its_plays(rin: User) -> None:
    tracks = analysed(planted(30, n_clusters=3)[0])
    hear(rin, {tracks[0]: 3, tracks[1]: 1})
    week = week_of(rin)
    keep_up(now=NOW)
    places = maps.drawn(TasteMap.objects.get()).of([tracks[0].pk, tracks[1].pk])
    week.refresh_from_db()
    expected = (3 * np.array(places[tracks[0].pk]) + np.array(places[tracks[1].pk])) / 4
    assert (week.x, week.y) == pytest.approx(tuple(expected), abs=1e-5)
    assert week.map_version == 1


def test_a_week_of_unknown_music_has_no_place_and_is_not_asked_again(rin: User) -> None:
    from catalog.tests.factories import TrackFactory

    analysed(planted(30, n_clusters=3)[0])
    hear(rin, {TrackFactory(): 2})
    week = week_of(rin)
    keep_up(now=NOW)
    week.refresh_from_db()
    assert (week.x, week.y, week.map_version) == (None, None, 1)
    assert place_weeks(user=rin, now=NOW) == 0


def test_weeks_begin_where_the_listener_lives(rin: User) -> None:
    tracks = analysed(planted(30, n_clusters=3)[0])
    hear(rin, {tracks[0]: 1}, monday=MONDAY - timedelta(days=1), hour=16, zone="Asia/Tokyo")  # Monday 01:00 there
    week = week_of(rin)
    keep_up(now=NOW)
    week.refresh_from_db()
    assert (week.x, week.y) == pytest.approx(maps.drawn(TasteMap.objects.get()).of([tracks[0].pk])[tracks[0].pk])


def test_a_week_is_placed_anew_when_more_of_its_music_is_analysed(rin: User) -> None:
    vectors, _ = planted(31, n_clusters=3)
    tracks = analysed(vectors[:30])
    keep_up(now=NOW)
    new = analysed(vectors[30:], now=LATER - timedelta(hours=1))
    hear(rin, {tracks[0]: 1, new[0]: 1})
    hear(rin, {tracks[1]: 1}, monday=MONDAY + timedelta(weeks=1))
    heard, other = week_of(rin), week_of(rin, MONDAY + timedelta(weeks=1))
    place_weeks(user=rin, now=NOW)
    heard.refresh_from_db()
    alone = (heard.x, heard.y)
    assert keep_up(now=LATER).endswith("1 weeks placed.")
    heard.refresh_from_db()
    other.refresh_from_db()
    places = maps.drawn(TasteMap.objects.get()).of([tracks[0].pk, new[0].pk])
    assert (heard.x, heard.y) == pytest.approx(tuple(np.mean(list(places.values()), axis=0)), abs=1e-5)
    assert (heard.x, heard.y) != pytest.approx(alone)
    assert other.map_version == 1


def test_a_new_version_places_every_week_anew(rin: User) -> None:
    vectors, _ = planted(50, n_clusters=3)
    tracks = analysed(vectors[:40])
    mondays = [MONDAY + timedelta(weeks=n) for n in range(3)]
    for monday in mondays:
        hear(rin, dict.fromkeys(tracks[:4], 1), monday=monday)
        week_of(rin, monday)
    keep_up(now=NOW)
    analysed(vectors[40:], now=LATER)
    assert keep_up(now=LATER).endswith("3 weeks placed.")
    assert set(WeeklyTaste.objects.values_list("map_version", flat=True)) == {2}


def test_momentum_is_the_way_from_the_average_and_follows_a_recomputed_week(rin: User) -> None:
    analysed(planted(30, n_clusters=3)[0])
    keep_up(now=NOW)
    spots = [np.zeros(16), np.full(16, 1.0), np.full(16, 1.0)]
    weeks = [week_of(rin, MONDAY + timedelta(weeks=n), centroid=spot) for n, spot in enumerate(spots)]
    place_weeks(user=rin, now=NOW)
    found = list(WeeklyTaste.objects.order_by("starts_on").values_list("momentum", flat=True))
    assert found[0] is None
    assert found[1:] == pytest.approx([0.6 * 4, 0.36 * 4])
    weeks[0].centroid = np.full(16, 1.0, "<f4").tobytes()
    weeks[0].map_version = None
    weeks[0].save()
    assert place_weeks(user=rin, now=NOW) == 1
    assert list(WeeklyTaste.objects.order_by("starts_on").values_list("momentum", flat=True))[1:] == [0, 0]


@pytest.mark.parametrize("n_weeks", [1, 20])
def test_placing_asks_as_often_for_many_weeks_as_for_one(
    rin: User, n_weeks: int, django_assert_max_num_queries: Any
) -> None:
    tracks = analysed(planted(30, n_clusters=3)[0])
    keep_up(now=NOW)
    for n in range(n_weeks):
        hear(rin, {tracks[n]: 1}, monday=MONDAY - timedelta(weeks=2 * n))
        week_of(rin, MONDAY - timedelta(weeks=2 * n))
    with django_assert_max_num_queries(13):
        assert place_weeks(user=rin, now=NOW) == n_weeks


@contextmanager
def once_the_plays_are_read(act: Callable[[], object]) -> Iterator[None]:
    """Another job does this between a job's reading of plays and its next query."""
    seen: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if seen == ["plays"]:
            seen.append("done")
            act()
        elif not seen and "listening_listenevent" in sql:
            seen.append("plays")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield
    assert seen == ["plays", "done"]


def test_a_week_that_is_computed_anew_while_it_is_placed_lies_where_its_new_plays_do(rin: User) -> None:
    tracks = analysed(planted(30, n_clusters=3)[0])
    keep_up(now=NOW)
    hear(rin, {tracks[0]: 1})
    week = week_of(rin)

    def heard_more() -> None:
        hear(rin, {tracks[1]: 1})
        WeeklyTaste.objects.filter(pk=week.pk).update(fingerprint="y", map_version=None)

    with once_the_plays_are_read(heard_more):
        place_weeks(user=rin, now=NOW)
    week.refresh_from_db()
    places = maps.drawn(TasteMap.objects.get()).of([tracks[0].pk, tracks[1].pk])
    assert (week.x, week.y) == pytest.approx(tuple(np.mean(list(places.values()), axis=0)), abs=1e-5)


def test_a_map_that_grows_while_weeks_are_placed_is_looked_at_once_more(rin: User) -> None:
    vectors, _ = planted(31, n_clusters=3)
    tracks = analysed(vectors[:30])
    keep_up(now=NOW)
    new = analysed(vectors[30:], now=LATER - timedelta(hours=1))
    hear(rin, {tracks[0]: 1, new[0]: 1})
    week = week_of(rin)
    with once_the_plays_are_read(lambda: keep_up(now=LATER)):
        place_weeks(user=rin, now=NOW)
    week.refresh_from_db()
    places = maps.drawn(TasteMap.objects.get()).of([tracks[0].pk, new[0].pk])
    assert (week.x, week.y) == pytest.approx(tuple(np.mean(list(places.values()), axis=0)), abs=1e-5)
