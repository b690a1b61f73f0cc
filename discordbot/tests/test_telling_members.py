"""What members are told on the site reaches them in Discord too, where they asked for it: once, in their hours."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from discordbot.telling_members import mark, take, tell
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.whole_bot import Clock, WholeBot
from social.models import LinkedAccount, Notification, NotificationSwitch, User
from social.notifying import notify
from social.relations import block
from social.tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
Direct = Notification.Direct


@pytest.fixture
def reader(ana: Person) -> User:
    """A member who wants to hear of followers in Discord."""
    member: User = UserFactory(handle="ana_reads")
    LinkedAccount.objects.create(user=member, provider="discord", provider_user_id=str(ana.account.id))
    NotificationSwitch.objects.create(user=member, kind="follow", in_discord=True)
    return member


def told(reader: User, clock: Clock, *, subject: str = "1", **more: Any) -> Notification:
    said = {"kind": "follow", "subject": subject, "text": "Ben follows you.", "address": "/community/", **more}
    row = notify(user=reader, now=clock.now, **said)
    assert row is not None
    return row


def letters(bot: WholeBot, clock: Clock) -> int:
    assert bot.ticker.port
    n_sent: int = bot.do(tell(bot.ticker.port, clock.now))
    return n_sent


def state(row: Notification) -> str:
    row.refresh_from_db()
    return str(row.direct)


def test_each_is_sent_once(clock: Clock, bot: WholeBot, ana: Person, reader: User) -> None:
    row = told(reader, clock)
    assert (letters(bot, clock), letters(bot, clock)) == (1, 0)
    [message] = ana.dms
    assert "Ben follows you." in message.content
    assert "/community/" in message.content
    assert "/settings/notifications/" in message.content
    assert state(row) == Direct.SENT


def test_what_somebody_is_called_pings_nobody_and_formats_nothing(
    clock: Clock, bot: WholeBot, ana: Person, reader: User
) -> None:
    told(reader, clock, text="{who} follows you.", actor=UserFactory(display_name="@everyone **x** <@1>"))
    letters(bot, clock)
    [message] = ana.dms
    assert "@everyone" not in message.content
    assert "**x**" not in message.content
    assert "<@1>" not in message.content
    assert not ana.pings


def test_several_that_wait_are_one_message_that_fits(clock: Clock, bot: WholeBot, ana: Person, reader: User) -> None:
    rows = [told(reader, clock, subject=str(n), text="*" * 300) for n in range(12)]
    assert letters(bot, clock) == 1
    [message] = ana.dms
    assert len(message.content) <= 2000
    assert "more: " in message.content
    assert {state(row) for row in rows} == {Direct.SENT}


def test_quiet_hours_are_waited_out(clock: Clock, bot: WholeBot, ana: Person, reader: User) -> None:
    hour = clock.now.hour
    quiet = {"quiet_from": time(hour), "quiet_until": time((hour + 2) % 24)}
    User.objects.filter(pk=reader.pk).update(**quiet, timezone="UTC")
    row = told(reader, clock)
    assert letters(bot, clock) == 0
    assert state(row) == Direct.DUE
    clock.now += timedelta(hours=3)
    assert letters(bot, clock) == 1
    assert len(ana.dms) == 1


def test_a_closed_door_is_remembered_and_not_knocked_at_again(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person, reader: User
) -> None:
    fake.hands.close_dms(ana)
    row = told(reader, clock)
    assert (letters(bot, clock), letters(bot, clock)) == (0, 0)
    assert state(row) == Direct.FAILED
    assert not ana.dms


def test_a_bot_that_dies_while_it_sends_says_nothing_twice(
    clock: Clock, bot: WholeBot, ana: Person, reader: User
) -> None:
    """It claimed the row and was gone: the next one finds nothing that is due."""
    row = told(reader, clock)
    assert len(take(clock.now)) == 1
    assert letters(bot, clock) == 0
    assert state(row) == Direct.SENT


def test_twenty_a_minute_at_most(clock: Clock, bot: WholeBot, reader: User) -> None:
    for n in range(12):
        member = UserFactory()
        LinkedAccount.objects.create(user=member, provider="discord", provider_user_id=str(9000 + n))
        NotificationSwitch.objects.create(user=member, kind="follow", in_discord=True)
        told(member, clock)
    sizes = [len(take(clock.now)) for _ in range(4)]
    assert sizes == [5, 5, 2, 0]


@pytest.mark.parametrize("why", ["read", "stale", "blocked", "unlinked", "left"])
def test_what_need_not_be_said_any_more_is_not(clock: Clock, reader: User, why: str) -> None:
    ben = UserFactory()
    row = told(reader, clock, text="{who} follows you.", actor=ben)
    moment = clock.now
    match why:
        case "read":
            Notification.objects.update(read_at=clock.now)
        case "stale":
            moment += timedelta(days=3)
        case "blocked":
            block(by=reader, whom=ben)
        case "unlinked":
            LinkedAccount.objects.all().delete()
        case "left":
            User.objects.filter(pk=reader.pk).update(is_active=False)
    assert take(moment) == []
    assert state(row) == Direct.NONE


def test_a_letter_that_was_not_sent_waits_again_unless_it_was_told_anew(clock: Clock, reader: User) -> None:
    row = told(reader, clock)
    [letter] = take(clock.now)
    assert mark(letter.ids, Direct.DUE) == 1
    assert state(row) == Direct.DUE
