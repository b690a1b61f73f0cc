"""`users/me` and `users/{handle}`."""

from __future__ import annotations

import pytest

from social.models import Block, User
from social.tests.callers import Caller, caller_of, refused

pytestmark = pytest.mark.django_db


def test_me_is_the_member_of_the_token(rin: User) -> None:
    me = caller_of(rin).get("users/me").json()
    assert me["handle"] == "rin"
    assert me["url"] == "http://testserver/@rin/"
    assert me["joined_at"].endswith("Z")
    assert me["is_moderator"] is False


def test_me_needs_somebody(visitor: Caller, service: Caller) -> None:
    refused(visitor.get("users/me"), 401, "not_authenticated")
    refused(service.get("users/me"), 400, "invalid")


def test_the_service_asks_for_the_member_in_the_header(service: Caller, mod: User) -> None:
    me = service.client.get("/api/v1/users/me", headers={"X-User-Id": "mod"}).json()
    assert (me["handle"], me["is_moderator"]) == ("mod", True)


@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        ("public", {"visitor", "stranger", "sol", "rin"}),
        ("members", {"stranger", "sol", "rin"}),
        ("followers", {"sol", "rin"}),
        ("me", {"rin"}),
    ],
)
def test_a_profile_exists_for_whoever_may_see_it(
    level: str, seen_by: set[str], visitor: Caller, rin: User, sol: User, stranger: User
) -> None:
    User.objects.filter(pk=rin.pk).update(visibility=level)
    callers = {"visitor": visitor} | {member.handle: caller_of(member) for member in (rin, sol, stranger)}
    answers = {name: caller.get("users/rin").status_code for name, caller in callers.items()}
    assert {name for name, status in answers.items() if status == 200} == seen_by
    assert set(answers.values()) <= {200, 404}


def test_a_block_hides_both_from_each_other(rin: User, sol: User) -> None:
    Block.objects.create(blocker=rin, blocked=sol)
    refused(caller_of(sol).get("users/rin"), 404, "not_found")
    refused(caller_of(rin).get("users/sol"), 404, "not_found")


def test_the_service_sees_what_the_public_sees_unless_it_names_a_member(service: Caller, rin: User, sol: User) -> None:
    refused(service.get("users/rin"), 404, "not_found")
    assert service.client.get("/api/v1/users/rin", headers={"X-User-Id": "sol"}).status_code == 200


def test_a_handle_is_found_in_any_case(rin: User, sol: User) -> None:
    assert caller_of(sol).get("users/RIN").json()["handle"] == "rin"


def test_a_closed_account_is_unknown(rin: User, sol: User) -> None:
    User.objects.filter(pk=rin.pk).update(is_active=False, visibility="public")
    refused(caller_of(sol).get("users/rin"), 404, "not_found")
