"""An outside account becomes a member once, and only its owner's."""

from __future__ import annotations

from datetime import datetime

import pytest

from social.errors import Refused
from social.handles import RESERVED, check_handle, free_handle
from social.identity import link_identity, member_for_identity, unlink_identity
from social.models import LinkedAccount, User
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SNOWFLAKE = "80351110224678912"


def test_first_sight_makes_a_member_whose_link_is_not_proved(monday: datetime) -> None:
    member, created = member_for_identity(
        provider="discord", provider_user_id=SNOWFLAKE, display_name="Nelly ✨", now=monday
    )
    link = member.linked_accounts.get()
    assert created
    assert (member.handle, member.display_name) == ("Nelly", "Nelly ✨")
    assert (link.provider, link.provider_user_id, link.verified_at) == ("discord", SNOWFLAKE, None)
    assert not member.has_usable_password()


def test_second_sight_finds_the_same_member_and_keeps_the_name_they_chose(monday: datetime) -> None:
    first, _ = member_for_identity(provider="discord", provider_user_id=SNOWFLAKE, display_name="Nelly", now=monday)
    again, created = member_for_identity(provider="discord", provider_user_id=SNOWFLAKE, display_name="N.", now=monday)
    assert (again, created, again.display_name) == (first, False, "Nelly")
    assert User.objects.count() == 1


def test_two_people_of_one_name_get_two_handles(monday: datetime) -> None:
    handles = [
        member_for_identity(provider="discord", provider_user_id=str(n), display_name="Ana", now=monday)[0].handle
        for n in range(3)
    ]
    assert handles == ["Ana", "Ana2", "Ana3"]


@pytest.mark.parametrize(
    ("wanted", "handle"),
    [
        ("Björk Guðmundsdóttir", "Bjork_Gudmundsdottir"),
        ("", "member"),
        ("✨", "member"),
        ("a", "member_a"),
        ("_._", "member"),
        ("x" * 50, "x" * 32),
        ("me", "me2"),
        ("Admin", "Admin2"),
        ("nelly#1337", "nelly_1337"),
    ],
)
def test_a_free_handle_is_always_a_valid_one(wanted: str, handle: str) -> None:
    assert free_handle(wanted) == handle
    check_handle(handle)


def test_a_taken_handle_gets_a_number_whatever_the_case_and_length() -> None:
    UserFactory(handle="NELLY")
    UserFactory(handle="nelly2")
    UserFactory(handle="y" * 32)
    assert free_handle("nelly") == "nelly3"
    assert free_handle("y" * 40) == "y" * 26 + "2"


def test_linking_proves_the_identity_and_twice_is_once(rin: User, monday: datetime) -> None:
    first = link_identity(
        user=rin, provider="discord", provider_user_id=SNOWFLAKE, now=monday, metadata={"username": "rin"}
    )
    again = link_identity(user=rin, provider="discord", provider_user_id=SNOWFLAKE, now=monday.replace(hour=23))
    assert first.pk == again.pk
    assert again.verified_at == monday
    assert again.metadata == {"username": "rin"}


def test_a_claim_is_not_a_proof(rin: User, monday: datetime) -> None:
    link = link_identity(user=rin, provider="lastfm", provider_user_id="rin", now=monday, verified=False)
    assert link.verified_at is None


def test_an_identity_of_somebody_else_is_refused_in_words(rin: User, stranger: User, monday: datetime) -> None:
    link_identity(user=rin, provider="discord", provider_user_id=SNOWFLAKE, now=monday)
    with pytest.raises(Refused, match="belongs to another member") as refusal:
        link_identity(user=stranger, provider="discord", provider_user_id=SNOWFLAKE, now=monday)
    assert refusal.value.code == "identity_taken"
    assert LinkedAccount.objects.get().user == rin


def test_a_second_account_of_one_service_is_refused_in_words(rin: User, monday: datetime) -> None:
    link_identity(user=rin, provider="spotify", provider_user_id="one", now=monday)
    with pytest.raises(Refused, match="another Spotify account already"):
        link_identity(user=rin, provider="spotify", provider_user_id="two", now=monday)


def test_tokens_given_later_are_kept_and_a_missing_refresh_token_keeps_the_old_one(rin: User, monday: datetime) -> None:
    link_identity(
        user=rin, provider="spotify", provider_user_id="r", now=monday, access_token="one", refresh_token="long"
    )
    link = link_identity(user=rin, provider="spotify", provider_user_id="r", now=monday, access_token="two")
    link.refresh_from_db()
    assert (link.access_token, link.refresh_token) == ("two", "long")


def test_unlinking_forgets_the_account(rin: User, monday: datetime) -> None:
    link_identity(user=rin, provider="spotify", provider_user_id="r", now=monday)
    assert unlink_identity(user=rin, provider="spotify")
    assert not unlink_identity(user=rin, provider="spotify")
    assert not rin.linked_accounts.exists()


def test_the_only_way_in_stays(monday: datetime) -> None:
    member, _ = member_for_identity(provider="discord", provider_user_id=SNOWFLAKE, display_name="Nelly", now=monday)
    with pytest.raises(Refused, match="only way to sign in"):
        unlink_identity(user=member, provider="discord")
    link_identity(user=member, provider="google", provider_user_id="g", now=monday)
    assert unlink_identity(user=member, provider="discord")


@pytest.mark.parametrize("handle", sorted(RESERVED))
def test_a_kept_back_handle_is_never_given_out(handle: str) -> None:
    assert free_handle(handle).lower() not in RESERVED
