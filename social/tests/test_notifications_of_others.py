"""Notifications that name who did it: “Ana and 3 others”, and never somebody of whom the reader does not hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils.timezone import now

from social.models import LinkedAccount, Notification, NotificationSwitch, User
from social.notifying import mark_read, n_unread, notify, of_member, sentences, unread
from social.relations import block, mute
from social.tests.factories import UserFactory
from social.visibility import Visibility

pytestmark = pytest.mark.django_db


def followed(reader: User, actor: User, *, at: datetime | None = None, **more: Any) -> Notification | None:
    said = {"kind": "follow", "subject": "followers", "text": "{who} follows you now.", **more}
    return notify(user=reader, actor=actor, now=at or now(), **said)


def read_by(reader: User) -> list[str]:
    return sentences(list(of_member(reader)), reader)


@pytest.fixture
def crowd(db: None) -> list[User]:
    return [UserFactory(display_name=name) for name in ("Ana", "Ben", "Cai", "Dot", "Eli")]


def test_several_actors_are_one_row_that_names_the_newest(rin: User, crowd: list[User]) -> None:
    expected = ["Ana", "Ben and Ana", "Cai and 2 others", "Dot and 3 others"]
    for actor, who in zip(crowd, expected, strict=False):
        followed(rin, actor)
        assert read_by(rin) == [f"{who} follows you now."]
    assert Notification.objects.count() == 1


def test_the_same_actor_again_changes_nothing(rin: User, crowd: list[User]) -> None:
    followed(rin, crowd[0])
    mark_read(user=rin, now=now())
    followed(rin, crowd[0])
    assert n_unread(rin) == 0
    followed(rin, crowd[1])
    assert n_unread(rin) == 1


def test_whoever_is_blocked_muted_gone_or_private_is_not_named(rin: User, crowd: list[User]) -> None:
    ana, ben, cai, dot, eli = crowd
    for actor in crowd:
        followed(rin, actor)
    block(by=rin, whom=ana)
    block(by=ben, whom=rin)
    mute(by=rin, whom=cai)
    User.objects.filter(pk=dot.pk).update(is_active=False, deleted_at=now())
    assert read_by(rin) == ["Eli follows you now."]
    User.objects.filter(pk=eli.pk).update(visibility=Visibility.ME)
    assert read_by(rin) == []
    assert n_unread(rin) == 0


@pytest.mark.parametrize("why", ["blocked", "blocks", "muted", "suspended", "inactive", "oneself"])
def test_nothing_is_told_of_somebody_of_whom_the_reader_does_not_hear(rin: User, stranger: User, why: str) -> None:
    actor = stranger
    match why:
        case "blocked":
            block(by=rin, whom=stranger)
        case "blocks":
            block(by=stranger, whom=rin)
        case "muted":
            mute(by=rin, whom=stranger)
        case "suspended":
            stranger.suspended_at = now()
        case "inactive":
            stranger.is_active = False
            stranger.save()
        case "oneself":
            actor = rin
    assert followed(rin, actor) is None
    assert not Notification.objects.exists()


def test_who_left_is_told_nothing(rin: User, stranger: User) -> None:
    rin.is_active = False
    assert followed(rin, stranger) is None


def test_a_kind_that_is_switched_off_is_not_told(rin: User, stranger: User) -> None:
    NotificationSwitch.objects.create(user=rin, kind="follow", on_site=False)
    assert followed(rin, stranger) is None
    assert notify(user=rin, kind="taste_change", subject="1", text="Energy rose.", now=now()) is not None


def test_a_kind_for_discord_alone_is_not_in_the_list(rin: User, stranger: User) -> None:
    LinkedAccount.objects.create(user=rin, provider="discord", provider_user_id="1")
    NotificationSwitch.objects.create(user=rin, kind="follow", on_site=False, in_discord=True)
    row = followed(rin, stranger)
    assert row is not None
    assert row.direct == Notification.Direct.DUE
    assert not unread(rin).exists()


def test_discord_is_not_asked_for_who_has_no_account_there(rin: User, stranger: User) -> None:
    NotificationSwitch.objects.create(user=rin, kind="follow", in_discord=True)
    row = followed(rin, stranger)
    assert row is not None
    assert row.direct == Notification.Direct.NONE


def test_one_more_name_on_an_unread_row_is_no_second_message(rin: User, crowd: list[User]) -> None:
    LinkedAccount.objects.create(user=rin, provider="discord", provider_user_id="1")
    NotificationSwitch.objects.create(user=rin, kind="follow", in_discord=True)
    followed(rin, crowd[0])
    Notification.objects.update(direct=Notification.Direct.SENT)
    followed(rin, crowd[1])
    assert Notification.objects.get().direct == Notification.Direct.SENT
    mark_read(user=rin, now=now())
    followed(rin, crowd[2])
    assert Notification.objects.get().direct == Notification.Direct.DUE


def test_a_long_sentence_is_cut_to_what_fits(rin: User) -> None:
    row = notify(user=rin, kind="follow", subject="1", text="x" * 1000, now=now())
    assert row is not None
    assert len(row.text) == 300


@pytest.mark.parametrize("n", [1, 20])
def test_names_of_many_rows_cost_two_queries(
    rin: User, crowd: list[User], n: int, django_assert_num_queries: Any
) -> None:
    for number in range(n):
        for actor in crowd:
            followed(rin, actor, subject=str(number))
    with django_assert_num_queries(2):
        assert len(read_by(rin)) == n
    with django_assert_num_queries(1):
        assert n_unread(rin) == n
