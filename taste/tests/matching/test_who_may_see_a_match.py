"""Both tastes must be open to whoever looks; music is named where both members' listens are."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from catalog.tests.factories import AlbumFactory
from club.tests.factories import RatingFactory
from social.models import Block, Follow, User
from social.tests.callers import Caller, caller_of, refused
from social.visibility import Visibility
from taste.tests.matching.tastes import NOW, artists, member, plays_albums, profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_today")]
PUBLIC = {"visibility": Visibility.PUBLIC, "taste_visibility": Visibility.PUBLIC}


@pytest.fixture
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pair() -> tuple[User, User]:
    bands, album = artists(12), AlbumFactory(title="Future Days", artist__name="Can")
    ana, bo = (member(handle, {band: 10 + place for place, band in enumerate(bands)}) for handle in ("ana", "bo"))
    for each in (ana, bo):
        profile(each, genres={"krautrock": 1.0})
        plays_albums(each, {album: 7})
    return ana, bo


def let(who: User, **fields: Any) -> None:
    User.objects.filter(pk=who.pk).update(**fields)


def test_an_answer_has_the_shape_that_is_promised(pair: tuple[User, User], rin: User) -> None:
    answer = caller_of(rin).get("users/ana/compatibility/BO")
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["score", "word", "enough", "shared_artists", "shared_albums", "reasons", "computed_at"]
    assert (body["enough"], body["computed_at"]) == (True, "2025-11-20T12:00:00Z")
    assert 80 < body["score"] <= 100
    assert len(body["shared_artists"]) == 12
    assert [album["title"] for album in body["shared_albums"]] == ["Future Days"]
    assert [reason["term"] for reason in body["reasons"]] == ["artists", "genres"]
    assert caller_of(rin).get("users/bo/compatibility/ana").json() == body


@pytest.mark.parametrize("area", ["visibility", "taste_visibility"])
@pytest.mark.parametrize("level", [Visibility.MEMBERS, Visibility.FOLLOWERS, Visibility.ME])
def test_both_tastes_must_be_open(pair: tuple[User, User], stranger: User, area: str, level: Visibility) -> None:
    ana, bo = pair
    let(ana, **PUBLIC)
    let(bo, **(PUBLIC | {area: level}))
    follower = member("follower")
    Follow.objects.create(follower=follower, followed=bo)
    callers = {"visitor": Caller(), **{each.handle: caller_of(each) for each in (stranger, follower, ana, bo)}}
    may = {
        Visibility.MEMBERS: {"stranger", "follower", "ana", "bo"},
        Visibility.FOLLOWERS: {"follower", "bo"},
        Visibility.ME: {"bo"},
    }[level]
    for who, caller in callers.items():
        answer = caller.get("users/ana/compatibility/bo")
        assert answer.status_code == (200 if who in may else 404), who


def test_music_is_named_only_where_both_listens_are_open(pair: tuple[User, User], rin: User) -> None:
    _ana, bo = pair
    let(bo, listens_visibility=Visibility.ME)
    seen = caller_of(rin).get("users/ana/compatibility/bo").json()
    assert seen["score"] > 80
    assert (seen["shared_artists"], seen["shared_albums"]) == ([], [])
    assert [reason["term"] for reason in seen["reasons"]] == ["genres"]
    own = caller_of(bo).get("users/ana/compatibility/bo").json()
    assert len(own["shared_artists"]) == 12


def test_ratings_for_members_are_told_to_no_visitor(pair: tuple[User, User], stranger: User) -> None:
    for each in pair:
        let(each, **PUBLIC, listens_visibility=Visibility.PUBLIC, club_visibility=Visibility.PUBLIC)
    for album in AlbumFactory.create_batch(5):
        for each in pair:
            RatingFactory(user=each, week=None, album=album, half_stars=8, visibility=Visibility.MEMBERS)
    terms = {
        name: [reason["term"] for reason in caller.get("users/ana/compatibility/bo").json()["reasons"]]
        for name, caller in {"visitor": Caller(), "member": caller_of(stranger)}.items()
    }
    assert terms == {"visitor": ["artists", "genres"], "member": ["artists", "genres", "ratings"]}


@pytest.mark.parametrize("blocker", ["ana", "bo"])
def test_a_block_hides_it_from_both(pair: tuple[User, User], rin: User, blocker: str) -> None:
    ana, bo = pair
    first, second = (ana, bo) if blocker == "ana" else (bo, ana)
    Block.objects.create(blocker=first, blocked=second)
    for each in pair:
        refused(caller_of(each).get("users/ana/compatibility/bo"), 404, "not_found")
    assert caller_of(rin).get("users/ana/compatibility/bo").status_code == 200  # it tells nobody else of the block


def test_too_little_is_said_without_a_number(rin: User, stranger: User) -> None:
    body = caller_of(rin).get("users/rin/compatibility/stranger").json()
    assert (body["score"], body["enough"], body["reasons"]) == (None, False, [])


def test_one_handle_twice_and_unknown_ones_are_refused(pair: tuple[User, User], rin: User) -> None:
    refused(caller_of(rin).get("users/ana/compatibility/ANA"), 400, "invalid")
    refused(caller_of(rin).get("users/ana/compatibility/nobody"), 404, "not_found")
