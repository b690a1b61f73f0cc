"""Direct messages carry the same buttons as the thread, and they work there: no server is named in such a press."""

from __future__ import annotations

from datetime import timedelta

import pytest

from club.models import Phase, Vote, Week
from club.tests.factories import WeekFactory
from discordbot.tests.acting import ballot, card, nominate
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.fake_discord.faults import Remedy, hang, refusal, server_error
from discordbot.tests.whole_bot import Clock, WholeBot
from discordbot.tests.whole_bot_stage import BLUE, KID_A
from social.models import LinkedAccount, User

pytestmark = pytest.mark.django_db(transaction=True)


def reminded_of_the_poll(fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person) -> None:
    """A poll of two albums, a day before its end; whoever nominated hears of it directly."""
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    bot.settle()
    nominate(ana, card(fake, "NOMINATIONS"), KID_A)
    nominate(fake.person("Ben"), card(fake, "NOMINATIONS"), BLUE)
    User.objects.update(wants_direct_messages=True)
    clock.now = week.nominations_close_at
    bot.settle()
    clock.now = Week.objects.get().poll_close_at - timedelta(hours=23)
    bot.settle()


def test_a_reminded_member_votes_from_the_direct_message(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person
) -> None:
    reminded_of_the_poll(fake, clock, bot, ana)
    [message] = ana.dms
    asked = ana.press(message, "Vote")
    assert asked.kind == "form", asked.text
    done = ana.submit(asked, ballot(BLUE))
    assert "Your first choice: **Blue**" in done.text
    assert Vote.objects.get().user.display_name == "Ana"
    assert ana.press(done, "Clear").kind == "updated"
    assert not Vote.objects.exists()


def test_the_name_of_this_server_stays_whatever_a_member_is_called_elsewhere(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person
) -> None:
    ana.member.nick = "Ana of the club"
    reminded_of_the_poll(fake, clock, bot, ana)
    ana.press(ana.submit(ana.press(ana.dms[0], "Vote"), ballot(BLUE)), "Clear")
    assert User.objects.filter(display_name="Ana of the club").count() == 1


# --- Whoever is no member any more ------------------------------------------------------------------------------------
MEMBER = "GET /guilds/*/members/*"


def test_who_left_or_was_banned_is_told_kindly_and_nothing_is_written(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person
) -> None:
    reminded_of_the_poll(fake, clock, bot, ana)
    [message] = ana.dms
    opened = ana.press(message, "Vote")
    fake.hands.leave(ana)
    before = list(User.objects.values())
    for answer in (ana.press(message, "Vote"), ana.submit(opened, ballot(BLUE))):
        assert answer.kind == "message"
        assert "not in the club's server any more" in answer.text
    assert not Vote.objects.exists()
    assert list(User.objects.values()) == before
    fake.hands.rejoin(ana)
    assert "Your first choice" in ana.submit(ana.press(message, "Vote"), ballot(BLUE)).text


def test_who_is_not_in_the_server_is_not_made_a_member_by_a_press(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person
) -> None:
    reminded_of_the_poll(fake, clock, bot, ana)
    [message] = ana.dms
    accounts = LinkedAccount.objects.filter(provider_user_id=str(ana.id))
    accounts.delete()
    fake.hands.leave(ana)
    ana.press(message, "Vote")
    assert not accounts.exists()


@pytest.mark.parametrize("trouble", [server_error(503), hang(9), refusal(50001)], ids=["503", "silence", "no access"])
def test_where_discord_does_not_say_nothing_is_done_and_typed_words_go_back(
    fake: FakeDiscord, clock: Clock, bot: WholeBot, ana: Person, trouble: Remedy
) -> None:
    reminded_of_the_poll(fake, clock, bot, ana)
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=clock.now - timedelta(hours=1))
    opened = ana.slash("nominate")
    opened.interaction.channel_id, opened.interaction.source = ana.dms[0].channel_id, ana.dms[0]
    fault = fake.fault(MEMBER, trouble, times=99)
    answer = ana.submit(opened, {"Album": "Red — King Crimson (1974)", "Why": "The brass at the end."})
    assert fault.n_hits
    assert "Discord does not tell me just now" in answer.text
    assert "Red — King Crimson (1974)\nThe brass at the end." in answer.text
    assert not week.nominations.exists()
