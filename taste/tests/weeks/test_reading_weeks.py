"""What is asked of weeks and plays: moods by filter, drift, overview."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from catalog.models import Track
from catalog.tests.factories import AlbumFactory, TrackFactory
from listening.figures.ranges import Range, between, parse
from listening.tests.histories import NOW, counted, heard, listener, track
from social.models import User
from taste.models import WeeklyTaste
from taste.tests.weeks.sounding import called, sounds
from taste.weeks.aggregating import aggregate
from taste.weeks.drift import UNKNOWN, drift_of
from taste.weeks.moods import shares
from taste.weeks.overview import LEAST_WEEKS, overview_of

pytestmark = pytest.mark.django_db
AUTUMN = {"since": date(2025, 9, 1), "until": date(2025, 11, 30)}


@pytest.fixture
def ana() -> User:
    return listener("ana")


@pytest.fixture
def listening(ana: User) -> User:
    """Two weeks: a driving record of one label on Last.fm, then a brooding one of another on Spotify."""
    drive = AlbumFactory(title="Drive", artist__name="Neu!", label="Brain")
    brood = AlbumFactory(title="Brood", artist__name="Low", label="Kranky")
    loud = sounds(TrackFactory(artist=drive.artist, album=drive), energy=0.9, valence=0.5)
    dark = sounds(TrackFactory(artist=brood.artist, album=brood), energy=0.3, valence=0.18)
    called(drive.artist, "Krautrock")
    called(brood, "slowcore")
    heard(ana, loud, "2025-11-03 09:00", "2025-11-04 09:00", "2025-11-10 09:00", album=drive)
    heard(ana, dark, "2025-11-10 10:00", album=brood, source="spotify")
    heard(ana, dark, "2025-11-11 10:00", source="spotify")
    heard(ana, track("Silent", "Faust"), "2025-11-12 09:00")
    counted(ana)
    return ana


def days(first: str, last: str) -> Range:
    return between(first, last, zone=ZoneInfo("UTC"))


def test_moods_of_a_span_are_shares_by_week(listening: User) -> None:
    found = shares(listening, **AUTUMN)
    assert [(str(each.starts_on), each.n, each.n_listens) for each in found] == [
        ("2025-11-03", 2, 2),
        ("2025-11-10", 3, 4),
    ]
    assert all(sum(each.shares.values()) == pytest.approx(1) for each in found)
    assert [max(each.shares, key=lambda key: each.shares[key]) for each in found] == ["driving", "brooding"]


def test_moods_are_what_the_weeks_say(listening: User) -> None:
    aggregate(user=listening, now=NOW)
    stored = {row.starts_on: row.moods for row in WeeklyTaste.objects.filter(user=listening)}
    for each in shares(listening, **AUTUMN):
        assert each.shares == pytest.approx(stored[each.starts_on], abs=1e-5)


@pytest.mark.parametrize(
    ("asked", "plays"),
    [
        ({"label": "Brain"}, [2, 1]),
        ({"label": "Kranky"}, [2]),
        ({"tag": "krautrock"}, [2, 1]),
        ({"tag": "KRAUTROCK"}, [2, 1]),
        ({"tag": "slowcore"}, [2]),
        ({"source": "spotify"}, [2]),
        ({"source": "lastfm", "tag": "slowcore"}, []),
        ({"tag": "no such tag"}, []),
    ],
)
def test_moods_by_label_tag_and_source(listening: User, asked: dict[str, Any], plays: list[int]) -> None:
    assert [each.n_listens for each in shares(listening, **AUTUMN, **asked)] == plays


def test_a_record_without_a_label_counts_for_the_one_that_its_track_is_known_from(listening: User) -> None:
    loud = Track.objects.get(album__title="Drive")
    heard(listening, loud, "2025-11-17 09:00", album=AlbumFactory(title="Sampler", label=""))
    counted(listening)
    assert [each.n_listens for each in shares(listening, **AUTUMN, label="Brain")] == [2, 1, 1]
    span = days("2025-11-17", "2025-11-23")
    found = drift_of(listening, axis="energy", before=span, after=span, by="label")
    assert found is not None
    assert [part.name for part in found.parts] == ["Brain"]


def test_moods_by_artist_and_span(listening: User) -> None:
    neu = track("Hallogallo", "Neu!").artist
    assert [each.n_listens for each in shares(listening, **AUTUMN, artist_id=neu.pk)] == [2, 1]
    assert [each.n_listens for each in shares(listening, since=date(2025, 11, 10), until=date(2025, 11, 10))] == [2]
    assert shares(listening, since=date(2024, 1, 1), until=date(2024, 2, 1)) == []


def test_a_drift_names_who_moved_the_axis_and_sums_up(listening: User) -> None:
    found = drift_of(
        listening, axis="energy", before=days("2025-11-03", "2025-11-09"), after=days("2025-11-10", "2025-11-16")
    )
    assert found is not None
    assert (found.before, found.after, found.n_before, found.n_after) == (0.9, pytest.approx(0.5), 2, 3)
    assert [part.name for part in found.parts[:2]] == ["Low", "Neu!"]
    assert sum(part.effect for part in found.parts) + found.rest == pytest.approx(found.after - found.before)
    assert found.parts[0].mean_before is None
    assert found.parts[0].share_after == pytest.approx(2 / 3)


def test_a_drift_by_record_label_takes_the_tracks_own_album_where_none_was_said(listening: User) -> None:
    extra = sounds(track("Homeless", "Nobody"), energy=0.1)
    heard(listening, extra, "2025-11-13 09:00")
    counted(listening)
    found = drift_of(
        listening,
        axis="energy",
        before=days("2025-11-03", "2025-11-09"),
        after=days("2025-11-10", "2025-11-16"),
        by="label",
    )
    assert found is not None
    assert {part.name: round(part.share_after, 2) for part in found.parts} == {
        "Brain": 0.25,
        "Kranky": 0.5,
        UNKNOWN: 0.25,
    }


def test_a_period_without_values_has_no_drift(listening: User) -> None:
    silent = days("2025-11-12", "2025-11-12")
    assert drift_of(listening, axis="energy", before=silent, after=days("2025-11-10", "2025-11-11")) is None
    assert drift_of(listening, axis="energy", before=days("2024-01-01", "2024-01-02"), after=silent) is None


def kpis(member: User, span: Range) -> dict[str, tuple[Any, Any, int]]:
    return {each.key: (each.value, each.before, each.n) for each in overview_of(member, span, now=NOW).kpis}


def test_the_overview_stands_beside_the_period_before(listening: User) -> None:
    found = kpis(listening, days("2025-11-10", "2025-11-16"))
    assert found["listens"] == (4, 2, 4)
    assert found["diversity"] == (pytest.approx(np.exp(1.5 * np.log(2))), pytest.approx(1), 4)
    assert found["new_artists"] == (2, 1, 4)
    assert found["momentum"] == (None, None, 0)


def test_a_running_week_is_compared_with_as_much_of_the_one_before(listening: User) -> None:
    span = parse("week", now=NOW - timedelta(days=8), zone=ZoneInfo("UTC"))
    found = overview_of(listening, span, now=NOW - timedelta(days=8))
    assert found.than is not None
    assert found.than.n_days == 3
    assert all(each.method and each.how and each.n_of for each in found.kpis)


def test_momentum_is_told_in_the_spread_of_the_members_own_weeks(ana: User) -> None:
    song = track("One")
    mondays = [NOW - timedelta(days=3 + 7 * back) for back in range(LEAST_WEEKS)]
    heard(ana, song, *mondays)
    counted(ana)
    aggregate(user=ana, now=NOW)
    for place, row in enumerate(WeeklyTaste.objects.filter(user=ana).order_by("starts_on")):
        row.momentum = float(place % 2)
        row.save()
    value, before, n = kpis(ana, days("2025-11-17", "2025-11-23"))["momentum"]
    assert (value, before, n) == (pytest.approx(2.0), pytest.approx(0.0), LEAST_WEEKS)


def test_everything_has_nothing_before_it(listening: User) -> None:
    found = kpis(listening, parse("all", now=NOW, zone=ZoneInfo("UTC")))
    assert found["listens"] == (6, None, 6)
    assert found["new_artists"] == (3, None, 6)


def test_a_period_without_plays_has_no_diversity(listening: User) -> None:
    assert kpis(listening, days("2024-01-01", "2024-01-07"))["diversity"] == (None, None, 0)


@pytest.mark.parametrize("n", [1, 20])
def test_the_overview_costs_the_same_with_one_and_with_twenty_weeks(
    ana: User, django_assert_max_num_queries: Any, n: int
) -> None:
    heard(ana, track("One"), *(NOW - timedelta(days=3 + 7 * back) for back in range(n)))
    counted(ana)
    aggregate(user=ana, now=NOW)
    with django_assert_max_num_queries(7):
        overview_of(ana, days("2025-11-10", "2025-11-16"), now=NOW)
    with django_assert_max_num_queries(4):
        shares(ana, **AUTUMN)
