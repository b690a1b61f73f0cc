"""What taste tells of a member's year: its leading mood, for whoever may read it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from social.models import User
from taste.tests.mapping.scenes import week_of
from taste.views.recap_parts import cards, years
from taste.weeks.moods import MOODS

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 20, tzinfo=UTC)


@pytest.fixture
def year(rin: User) -> User:
    User.objects.filter(pk=rin.pk).update(visibility="public", listens_visibility="public", taste_visibility="members")
    first, second = (mood.key for mood in MOODS[:2])
    axes = {"energy": {"mean": 0.5, "n": 30, "confidence": 0.9}}
    said = [{"word": "dub", "lift": 3.0, "share": 0.4}]
    week_of(rin, date(2025, 3, 3), n_mooded=30, moods={first: 0.2, second: 0.8}, axes=axes, words=said)
    week_of(rin, date(2025, 3, 10), n_mooded=10, moods={first: 0.6, second: 0.4}, axes={}, words=[])
    rin.refresh_from_db()
    return rin


def test_the_leading_mood_counts_each_play_once(year: User, stranger: User) -> None:
    assert list(years(year, stranger)) == [2025]
    (card,) = cards(year, stranger, 2025, NOW)
    assert (card.headline, "70%" in card.under) == (str(MOODS[1].label), True)
    assert {row.label: row.value for row in card.rows} == {str(MOODS[0].label): "30%", "Energy": "0.50"}
    assert "dub" in card.note


def test_of_too_few_plays_no_mood_is_told(rin: User) -> None:
    week_of(rin, date(2025, 3, 3), n_mooded=5, moods={MOODS[0].key: 1.0})
    (card,) = cards(rin, rin, 2025, NOW)
    assert not card.is_full


@pytest.mark.parametrize("area", ["visibility", "listens_visibility", "taste_visibility"])
def test_each_of_the_three_areas_closes_it(year: User, stranger: User, sol: User, area: str) -> None:
    User.objects.filter(pk=year.pk).update(**{area: "followers"})
    for viewer, sees in [(None, False), (stranger, False), (sol, True), (year, True)]:
        assert bool(cards(year, viewer, 2025, NOW)) == sees
        assert bool(list(years(year, viewer))) == sees
