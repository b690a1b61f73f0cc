"""Whatever a handler does, its member is answered once, in time, in words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from club.errors import ClubRuleBroken
from discordbot.answer import Answer
from discordbot.database import in_database
from discordbot.handling import handles, modules_of, submits
from discordbot.models import DiscordSettings
from discordbot.routes import Route, encode
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.fake_discord.things import Message
from discordbot.tests.whole_bot import WholeBot, choose_channels

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES = ("refuses", "breaks", "forgets", "dawdles", "late-form", "twice", "changes")


@handles(*(f"test.{name}" for name in PRESSES))
async def act(answer: Answer, route: Route) -> None:
    match route.verb.removeprefix("test."):
        case "refuses":
            raise ClubRuleBroken("The poll is over.", code="wrong_phase")
        case "breaks":
            raise RuntimeError("The secret reason.")
        case "dawdles":
            await in_database(time.sleep, 2.2)
            await answer.reply("At last.")
        case "late-form":
            await in_database(time.sleep, 2.2)
            await answer.modal(FORM)
        case "twice":
            await answer.defer()
            await answer.reply("One.")
            await answer.reply("Two.")
        case "changes":
            await answer.update_message({"content": "Changed.", "components": []})


@submits("test.form")
async def submitted(answer: Answer, route: Route) -> None:
    raise RuntimeError("The secret reason.")


TEXT_INPUT = {"type": 4, "custom_id": "words", "style": 1}
FORM = {
    "custom_id": "st:test.form:::",
    "title": "Form",
    "components": [{"type": 18, "label": "Words", "component": TEXT_INPUT}],
}


@pytest.fixture
def bot(fake: FakeDiscord) -> Iterator[WholeBot]:
    choose_channels(fake)
    with WholeBot(fake) as bot:
        yield bot
    assert not fake.failed_interactions
    assert fake.violations == []


@pytest.fixture
def ana(fake: FakeDiscord) -> Person:
    return fake.person("Ana")


@pytest.fixture
def buttons(fake: FakeDiscord, bot: WholeBot) -> Message:
    """A message with one button for each kind of handler."""
    parts = [{"type": 2, "style": 1, "label": name, "custom_id": encode(f"test.{name}", 1)} for name in PRESSES]
    rows = [{"type": 1, "components": parts[start : start + 5]} for start in (0, 5)]
    sent = bot.do(bot.ticker.port.send_message(fake.club.id, {"content": "Press.", "components": rows}, nonce="n"))
    return fake.club.messages[int(sent["id"])]


def test_a_refusal_of_the_club_is_said_as_it_is(buttons: Message, ana: Person) -> None:
    answer = ana.press(buttons, "refuses")
    assert (answer.text, answer.is_ephemeral) == ("The poll is over.", True)


def test_what_breaks_is_answered_with_a_number_that_the_log_knows(
    buttons: Message, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ana.press(buttons, "breaks")
    assert answer.is_ephemeral
    assert "secret" not in answer.text
    number = answer.text.split("`")[1]
    assert any(number in row.getMessage() and row.exc_info for row in caplog.records)


def test_who_forgets_to_answer_is_answered_for(buttons: Message, ana: Person) -> None:
    assert ana.press(buttons, "forgets").kind == "acknowledged"


def test_a_slow_database_is_waited_for_and_the_press_is_acknowledged_meanwhile(buttons: Message, ana: Person) -> None:
    answer = ana.press(buttons, "dawdles")
    assert answer.seconds < 2.2
    assert answer.text == "At last."


def test_a_form_that_would_come_too_late_is_asked_for_again(buttons: Message, ana: Person) -> None:
    answer = ana.press(buttons, "late-form")
    assert answer.kind == "message"
    assert "press again" in answer.text


def test_two_answers_are_two_messages_and_the_first_fills_the_promised_one(buttons: Message, ana: Person) -> None:
    ana.press(buttons, "twice")
    ana.fake.wait_until(lambda: len(ana.ephemerals) > 1)
    assert [row.content for row in ana.ephemerals] == ["One.", "Two."]


def test_a_press_may_change_its_own_message(buttons: Message, ana: Person) -> None:
    ana.press(buttons, "changes")
    assert (buttons.content, buttons.buttons) == ("Changed.", [])


def test_what_is_slow_for_one_member_costs_the_others_no_answer(
    fake: FakeDiscord, buttons: Message, ana: Person
) -> None:
    people = fake.people(10)
    slow = fake.begin(ana.press, buttons, "dawdles")
    answers = fake.together(lambda: [person.press(buttons, "refuses") for person in people])
    assert {answer.text for answer in answers} == {"The poll is over."}
    assert max(answer.seconds for answer in answers) < 1.5
    assert slow.result(10).text == "At last."


def test_a_person_of_another_server_is_told_so(fake: FakeDiscord, bot: WholeBot) -> None:
    other = fake.world.add_guild("Elsewhere", fake.owner)
    hall = fake.world.add_channel(other, "hall")
    sent = bot.do(
        bot.ticker.port.send_message(
            hall.id,
            {"content": "x", "components": [{"type": 1, "components": [
                {"type": 2, "style": 1, "label": "Vote", "custom_id": "st:vote:1::"}]}]},
            nonce="o",
        )
    )  # fmt: skip
    zoe = fake.person("Zoe", guild=other)
    answer = zoe.press(hall.messages[int(sent["id"])], "Vote")
    assert "another server" in answer.text


def test_commands_are_told_to_discord_only_when_they_changed(fake: FakeDiscord, bot: WholeBot) -> None:
    told = len(fake.sent("PUT */commands"))
    assert told == 1
    with WholeBot(fake):
        assert len(fake.sent("PUT */commands")) == told
    fake.guild.commands = []  # a bot that was removed and invited again
    with WholeBot(fake):
        assert len(fake.sent("PUT */commands")) == told + 1
    DiscordSettings.objects.update(commands_hash="of an older version")
    with WholeBot(fake):
        assert len(fake.sent("PUT */commands")) == told + 2


def test_every_command_and_handler_module_is_found() -> None:
    assert {module.__name__.rpartition(".")[2] for module in modules_of("discordbot.handlers")} >= {"vote", "rate"}
    assert modules_of("discordbot.commands")


@pytest.mark.postgres
def test_failure_17_killed_database_connections_heal_without_anybody_noticing(
    fake: FakeDiscord, bot: WholeBot, ana: Person
) -> None:
    assert ana.slash("week").kind == "message"
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    for _ in range(3):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")
            assert cursor.rowcount >= 1
        answer: Any = ana.slash("week")
        assert answer.kind == "message"
        assert "`" not in answer.text  # no number of an error
        assert bot.round() is not None
