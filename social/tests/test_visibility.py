"""The one rule of who sees what, on members: every kind of viewer against every level."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from social.models import Block, Follow, User
from social.tests.factories import UserFactory
from social.visibility import Viewer, Visibility, answers_kept, is_visible_to, opens

pytestmark = pytest.mark.django_db

SEES = {
    "guest": {"public"},
    "anonymous": {"public"},
    "stranger": {"public", "members"},
    "requested": {"public", "members"},
    "followed by": {"public", "members"},
    "follower": {"public", "members", "followers"},
    "blocked": set(),
    "blocker": set(),
    "blocked follower": set(),
    "moderator": {"public", "members"},
    "self": {"public", "members", "followers", "me"},
}


@pytest.fixture
def cast(mod: User, rin: User) -> dict[str, Viewer]:
    """Every kind of viewer that rin's pages can have."""
    people: dict[str, Any] = {
        name: UserFactory(handle=name.replace(" ", "_"))
        for name in SEES
        if name not in {"guest", "anonymous", "moderator", "self"}
    }
    Follow.objects.create(follower=people["follower"], followed=rin)
    Follow.objects.create(follower=people["requested"], followed=rin, state=Follow.State.REQUESTED)
    Follow.objects.create(follower=rin, followed=people["followed by"])
    Follow.objects.create(follower=people["blocked follower"], followed=rin)
    Block.objects.create(blocker=rin, blocked=people["blocked"])
    Block.objects.create(blocker=people["blocker"], blocked=rin)
    Block.objects.create(blocker=rin, blocked=people["blocked follower"])
    return {**people, "guest": None, "anonymous": AnonymousUser(), "moderator": mod, "self": rin}


@pytest.mark.parametrize("level", Visibility.values)
@pytest.mark.parametrize("viewer", SEES)
def test_a_profile_is_seen_by_whom_its_level_allows(
    cast: dict[str, Viewer], rin: User, viewer: str, level: str
) -> None:
    rin.visibility = level
    rin.save()
    assert is_visible_to(rin, cast[viewer]) is (level in SEES[viewer])
    assert User.objects.visible_to(cast[viewer]).filter(pk=rin.pk).exists() is (level in SEES[viewer])


def test_a_block_hides_only_the_pair(rin: User, sol: User, stranger: User) -> None:
    Block.objects.create(blocker=rin, blocked=sol)
    assert set(User.objects.visible_to(sol)) == {sol, stranger}
    assert set(User.objects.visible_to(rin)) == {rin, stranger}
    assert set(User.objects.visible_to(stranger)) == {rin, sol, stranger}


def test_the_rule_is_one_query_however_many_members(rin: User, django_assert_num_queries: Any) -> None:
    for n in range(20):
        Follow.objects.create(follower=rin, followed=UserFactory(visibility=Visibility.FOLLOWERS))
        Block.objects.create(blocker=rin, blocked=UserFactory()) if n % 2 else None
    with django_assert_num_queries(1):
        assert len(User.objects.visible_to(rin)) == 21


def test_the_subqueries_ask_about_the_viewer_alone(rin: User) -> None:
    """No subquery mentions the outer row, so a database runs each once instead of once a row."""
    sql = str(User.objects.visible_to(rin).query)
    subqueries = [part.split(")")[0] for part in sql.split("(SELECT")[1:]]
    assert len(subqueries) == 2
    assert not any('"social_user"' in subquery for subquery in subqueries)


@pytest.mark.parametrize("level", Visibility)
@pytest.mark.parametrize("name", SEES)
def test_what_is_open_is_asked_once_a_page_and_of_each_viewer(
    rin: User, cast: dict[str, Viewer], name: str, level: str, django_assert_num_queries: Any
) -> None:
    rin.taste_visibility = level
    rin.save()
    with answers_kept():
        assert opens(rin, rin, "taste_visibility")
        assert opens(rin, cast[name], "taste_visibility") is (level in SEES[name])
        with django_assert_num_queries(0):
            assert opens(rin, cast[name], "taste_visibility") is (level in SEES[name])
            assert opens(rin, rin, "taste_visibility")


def test_nothing_is_remembered_beyond_a_page(rin: User, sol: User) -> None:
    with answers_kept():
        assert opens(rin, sol, "visibility", "taste_visibility")
        assert not opens(rin, None, "visibility", "taste_visibility")
    User.objects.filter(pk=rin.pk).update(taste_visibility=Visibility.ME)
    with answers_kept():
        assert not opens(rin, sol, "visibility", "taste_visibility")
        assert opens(rin, sol, "visibility")
    assert not opens(rin, sol, "visibility", "taste_visibility")
    User.objects.filter(pk=rin.pk).update(is_active=False)
    assert not opens(rin, rin, "visibility")


def test_a_members_page_asks_no_question_of_who_sees_what_twice(rin: User, sol: User) -> None:
    client = Client()
    client.force_login(sol)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/@rin/").status_code == 200
    asked = [each["sql"] for each in queries if 'SELECT 1 AS "a" FROM "social_user"' in each["sql"]]
    assert len(asked) == len(set(asked)) >= 3
