"""Who does not let themselves be compared has no match, in either direction and on no face; scores have words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from social.models import Block, Follow, User
from social.tests.callers import Caller, caller_of, refused
from social.visibility import Visibility
from taste.charts.matching import rail, wing
from taste.matching import compatibility, nearest
from taste.matching.showing import kept_scores, nearest_to, shown_to
from taste.matching.words import word_for
from taste.models import Compatibility
from taste.tests.matching.tastes import NOW, artists, member, profile

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def three() -> list[User]:
    bands = artists(15)
    made = []
    for place, handle in enumerate(("ana", "bo", "cy")):
        who = member(handle, {band: 10 + at for at, band in enumerate(bands[place : place + 12])})
        profile(who, genres={"krautrock": 1.0})
        made.append(who)
    return made


def let(who: User, **fields: object) -> None:
    User.objects.filter(pk=who.pk).update(**fields)
    who.refresh_from_db()


def test_consent_is_asked_for_pairs_lists_and_rest(three: list[User], rin: User) -> None:
    ana, bo, _cy = three
    nearest.renew(now=NOW)
    assert {each.member.handle for each in nearest_to(ana, n=9)} == {"bo", "cy"}
    let(bo, shows_matches=False)
    for viewer in (ana, bo, rin):
        assert shown_to(ana, bo, viewer, now=NOW) is None
        refused(caller_of(viewer).get("users/ana/compatibility/bo"), 404, "not_found")
    assert [each.member.handle for each in nearest_to(ana, n=9)] == ["cy"]
    assert nearest_to(bo, n=9) == []
    assert kept_scores(bo, [ana.pk]) == {}
    assert kept_scores(ana, [bo.pk]) == {}
    let(bo, shows_matches=True)
    assert len(nearest_to(bo, n=9)) == 2


def test_the_next_night_forgets_whoever_does_not_take_part(three: list[User]) -> None:
    ana, bo, cy = three
    nearest.renew(now=NOW)
    assert Compatibility.objects.count() == 3
    let(bo, shows_matches=False)
    assert nearest.renew(now=LATER) == "1 pairs scored, 1 kept, 2 forgotten"
    assert list(Compatibility.objects.values_list("user_a", "user_b")) == [(ana.pk, cy.pk)]
    let(cy, is_active=False)
    assert nearest.renew(now=LATER) == "0 pairs scored, 0 kept, 1 forgotten"


def test_ones_nearest_are_those_whose_taste_one_may_read(three: list[User]) -> None:
    ana, bo, cy = three
    nearest.renew(now=NOW)
    let(bo, taste_visibility=Visibility.FOLLOWERS)
    Block.objects.create(blocker=cy, blocked=ana)
    assert nearest_to(ana, n=9) == []
    Follow.objects.create(follower=ana, followed=bo)
    assert [each.member for each in nearest_to(ana, n=9)] == [bo]
    assert nearest_to(ana, n=9)[0].common == "Both play krautrock."


def test_ones_nearest_take_as_many_queries_whoever_they_are(three: list[User]) -> None:
    nearest.renew(now=NOW)
    with CaptureQueriesContext(connection) as of_one:
        nearest_to(three[0], n=1)
    with CaptureQueriesContext(connection) as of_all:
        assert len(nearest_to(three[0], n=9)) == 2
    assert len(of_one) == len(of_all) == 2


@pytest.mark.parametrize("area", ["visibility", "taste_visibility", "listens_visibility", "club_visibility"])
def test_without_a_token_every_area_that_a_match_is_drawn_from_is_public(three: list[User], area: str) -> None:
    public = dict.fromkeys(
        ("visibility", "taste_visibility", "listens_visibility", "club_visibility"), Visibility.PUBLIC
    )
    for each in three[:2]:
        let(each, **public)
    assert Caller().get("users/ana/compatibility/bo").status_code == 200
    let(three[0], **{area: Visibility.MEMBERS})
    assert Caller().get("users/ana/compatibility/bo").status_code == 404


def test_a_score_has_a_word_by_the_number_that_is_printed(three: list[User]) -> None:
    words = {
        19.4: "Different lines",
        19.6: "Parallel",
        40: "Crossing",
        59.5: "Close",
        79.4: "Close",
        79.6: "Same track",
    }
    assert {score: word_for(score) for score in words} == words
    assert word_for(0) == "Different lines"
    row = compatibility(three[0], three[1], now=NOW)
    answer = caller_of(three[0]).get("users/ana/compatibility/bo").json()
    assert answer["word"] == word_for(row.score)


def test_the_rail_closes_as_the_score_rises() -> None:
    def gap(score: float) -> float:
        left, right = (float(part.split('"')[0]) for part in rail(score, label="").split('class="stop" cx="')[1:])
        return right - left

    assert gap(10) > gap(50) > gap(90) > 0
    assert rail(100, label="").count('class="stop"') == 1
    assert 'class="stop"' not in rail(None, label="")
    assert 'aria-label="78 &amp; close"' in rail(78, label="78 & close")


def test_a_wing_grows_from_the_middle() -> None:
    assert 'x="100" y="0" width="100"' in wing(0.5, 1.0, is_left=True)
    assert 'x="0" y="0" width="100"' in wing(0.5, 1.0, is_left=False)
    assert 'width="0"' in wing(0, 0, is_left=True)
