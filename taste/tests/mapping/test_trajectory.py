"""A member's way across the map, and the club's landmarks on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from catalog.tests.factories import AlbumFactory
from club.models import Phase
from club.tests.factories import WeekFactory
from social.models import User
from taste.mapping.keeping import keep_up
from taste.mapping.reading import NO_MAP, NO_PLACES, trajectory
from taste.tests.mapping.scenes import MODEL, MONDAY, NOW, analysed, hear, planted, week_of

pytestmark = pytest.mark.django_db


def test_without_a_map_it_says_so(rin: User) -> None:
    way = trajectory(rin, weeks=12)
    assert (way.points, way.words, way.map_version) == ([], NO_MAP, None)


def test_without_analysed_plays_it_says_so(rin: User) -> None:
    analysed(planted(30, n_clusters=3)[0])
    week_of(rin)
    keep_up(now=NOW)
    way = trajectory(rin, weeks="all")
    assert (way.points, way.words, way.n_listens) == ([], NO_PLACES, 1)


def test_points_arrows_and_momentum_in_the_order_of_time(rin: User) -> None:
    tracks = analysed(planted(30, n_clusters=3)[0])
    mondays = [MONDAY, MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=4)]
    for n, monday in enumerate(mondays):
        hear(rin, {tracks[n]: 2}, monday=monday)
        week_of(rin, monday, centroid=np.full(16, float(n)), n_placed=2, moods={"calm": 0.2, "sunny": 0.8})
    keep_up(now=NOW)
    way = trajectory(rin, weeks=12)
    assert [point.iso_week for point in way.points] == ["2025-W46", "2025-W47", "2025-W50"]
    assert {point.mood for point in way.points} == {"sunny"}
    assert [(arrow.from_week, arrow.to_week, arrow.n_weeks) for arrow in way.arrows] == [
        ("2025-W46", "2025-W47", 1),
        ("2025-W47", "2025-W50", 3),
    ]
    for arrow, point in zip(way.arrows, way.points[1:], strict=True):
        assert (arrow.x + arrow.dx, arrow.y + arrow.dy) == pytest.approx((point.x, point.y))
        assert arrow.moved == pytest.approx(4)
    assert way.momentum == way.points[-1].momentum
    assert (way.n_weeks, way.n_placed, way.n_listens, way.model) == (3, 6, 3, MODEL)
    assert "PCA" in way.method


def test_the_span_takes_the_newest_weeks(rin: User) -> None:
    tracks = analysed(planted(30, n_clusters=3)[0])
    for n in range(14):
        hear(rin, {tracks[n]: 1}, monday=MONDAY - timedelta(weeks=n))
        week_of(rin, MONDAY - timedelta(weeks=n))
    keep_up(now=NOW)
    assert trajectory(rin, weeks=12).points[0].starts_on == MONDAY - timedelta(weeks=11)
    assert trajectory(rin, weeks="all").n_weeks == 14


@pytest.mark.parametrize("n_winners", [1, 20])
def test_winners_are_landmarks_at_the_mean_of_their_albums(
    rin: User, n_winners: int, django_assert_max_num_queries: Any
) -> None:
    albums = [AlbumFactory(n_tracks=2) for _ in range(n_winners)]
    lines = [line.track for album in albums for line in album.lines.order_by("position")]
    analysed(planted(len(lines), n_clusters=2)[0], tracks=lines)
    WeekFactory(phase=Phase.CLOSED, winner__album=AlbumFactory())  # nothing of it is analysed
    weeks = [WeekFactory(phase=Phase.CLOSED, winner__album=album) for album in albums]
    keep_up(now=NOW)
    with django_assert_max_num_queries(8):
        way = trajectory(rin, weeks=12)
    assert [mark.week_number for mark in way.landmarks] == [week.number for week in weeks]
    assert way.landmarks[0].label == f"{albums[0].title} · {weeks[0]}"
    assert {mark.n_tracks for mark in way.landmarks} == {2}
