"""Forms typed into a week's threads, in Discord itself."""

from __future__ import annotations

from typing import Any

import pytest

from club.models import Nomination, Phase, Rating
from discordbot.models import Draft
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.living_bot import LivingBot
from discordbot.tests.week_stage import (
    acted,
    soon,
    thread_of,
    week_in,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot(living_bot: LivingBot) -> LivingBot:
    return living_bot


@pytest.fixture
def reads(settings: Any, fake: FakeDiscord) -> None:
    settings.DISCORD_READ_MESSAGES = True
    fake.world.privileged = {"message_content"}


@pytest.mark.usefixtures("reads")
def test_a_typed_nomination_is_marked_followed_and_taken_back(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    thread = thread_of(fake, week_in(Phase.NOMINATIONS), "nominations")
    ana.type(thread, "Morning everybody!")
    message = ana.type(thread, "Kid A\nWhy?: Start late.")
    fake.wait_until(lambda: fake.messages(thread, by_bot=True))
    (hint,) = fake.messages(thread, by_bot=True)
    assert "Who made “Kid A”?" in hint.content
    assert hint.replies_to == message.id
    assert not hint.pinged
    ana.edit(message, "Kid A — Radiohead (2000)\nWhy?: Start late.")
    fake.wait_until(lambda: "✅" in message.reactions and not fake.messages(thread, by_bot=True))
    soon(lambda: bot.n_nudges == 3)  # no form, misread, taken
    nomination = Nomination.objects.get()
    assert (nomination.album.title, nomination.pitch, str(nomination.user)) == ("Kid A", "Start late.", "Ana")
    acted(bot, lambda: ana.edit(message, "Kid A — Radiohead (2000)\nWhy?: Start early."))
    assert Nomination.objects.get().pitch == "Start early."
    acted(bot, lambda: ana.delete(message))
    assert not Nomination.objects.standing().exists()


@pytest.mark.usefixtures("reads")
def test_what_was_typed_while_the_bot_was_away_is_read_when_it_is_back(
    fake: FakeDiscord, ana: Person, ben: Person
) -> None:
    week = week_in(Phase.DISCUSSION)
    thread = thread_of(fake, week, "ratings")
    with LivingBot(fake):
        gone = ben.type(thread, "Rating: 2")
        fake.wait_until(lambda: "⭐" in gone.reactions)
    message = ana.type(thread, "Rating: ★★★★½\nfinal thoughts: Rain.")
    ben.delete(gone)
    with LivingBot(fake) as bot:
        soon(lambda: bot.n_nudges == 2)  # one read, one gone
    assert "⭐" in message.reactions
    assert Rating.objects.get().half_stars == 9


def test_nothing_is_read_unless_the_club_switched_it_on(fake: FakeDiscord, bot: LivingBot, ana: Person) -> None:
    thread = thread_of(fake, week_in(Phase.NOMINATIONS), "nominations")
    ana.type(thread, "Kid A — Radiohead (2000)\nWhy?: Start late.")
    ana.slash("ping")
    assert not Nomination.objects.exists()
    assert not fake.messages(thread, by_bot=True)
    assert not Draft.objects.exists()
