"""An interaction in the local Discord: one first answer within 3 s, then 15 minutes; only one person sees a whisper."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from discordbot.tests.fake_discord import CannotDo, FakeDiscord
from discordbot.tests.fake_discord.people import Person
from discordbot.tests.plain_bot import PlainBot

EPHEMERAL = 64
VOTE = {"type": 2, "style": 1, "label": "Vote", "custom_id": "vote"}
CLOSED = {"type": 2, "style": 2, "label": "Closed", "custom_id": "closed", "disabled": True}
LINK = {"type": 2, "style": 5, "label": "Archive", "url": "https://example.org"}
ALBUMS = [{"label": "Blue", "value": "1"}, {"label": "Hejira", "value": "2"}, {"label": "Mingus", "value": "3"}]
SELECT = {"type": 3, "custom_id": "pick", "placeholder": "Which", "options": ALBUMS, "max_values": 2}


class Silent(PlainBot):
    """Leaves interactions to the test."""

    def __init__(self, fake: FakeDiscord) -> None:
        super().__init__(fake)
        self.came: list[discord.Interaction] = []

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.came.append(interaction)

    def answer(self, kind: int, data: dict[str, Any] | None = None, *, at: int = -1) -> Any:
        row = self.came[at]
        body = {"type": kind} | ({"data": data} if data is not None else {})
        return self.do(self.request("POST", f"/interactions/{row.id}/{row.token}/callback", json=body))

    def hook(self, method: str, path: str = "", **kwargs: Any) -> Any:
        row = self.came[-1]
        return self.do(self.request(method, f"/webhooks/{row.application_id}/{row.token}{path}", **kwargs))


@pytest.fixture
def bot(fake: FakeDiscord) -> Iterator[Silent]:
    with Silent(fake) as bot:
        yield bot


@pytest.fixture
def ana(fake: FakeDiscord) -> Person:
    return fake.person("Ana")


def some_options(n: int) -> list[dict[str, str]]:
    return [{"label": str(number), "value": str(number)} for number in range(n)]


def card(fake: FakeDiscord, bot: Silent) -> int:
    rows = [{"type": 1, "components": [VOTE, CLOSED, LINK]}, {"type": 1, "components": [SELECT]}]
    made = bot.do(
        bot.request("POST", f"/channels/{fake.club.id}/messages", json={"content": "card", "components": rows})
    )
    return int(made["id"])


def pressed(fake: FakeDiscord, bot: Silent, person: Person, message: int, button: str = "Vote") -> Any:
    """A future with what the person is shown, once the bot has heard of the press."""
    before = len(bot.came)
    future = fake.begin(person.press, message, button)
    fake.wait_until(lambda: len(bot.came) > before)
    return future


def code_of(call: Any) -> int:
    with pytest.raises(discord.HTTPException) as caught:
        call()
    return caught.value.code


def test_no_answer_within_the_deadline_is_a_failure_and_too_late(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    fake.world.deadline_s = 0.3
    answer = pressed(fake, bot, ana, card(fake, bot)).result(5)
    assert (answer.kind, answer.failed, answer.seconds) == ("failed", True, None)
    assert len(fake.failed_interactions) == 1
    assert code_of(lambda: bot.answer(4, {"content": "late"})) == 10062
    assert code_of(lambda: bot.hook("POST", json={"content": "late"})) == 10015


def test_a_second_first_answer_is_refused(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    future = pressed(fake, bot, ana, card(fake, bot))
    bot.answer(4, {"content": "once", "flags": EPHEMERAL})
    assert code_of(lambda: bot.answer(4, {"content": "twice"})) == 40060
    assert future.result(5).text == "once"
    (violation,) = fake.violations
    assert str(violation).endswith("'data': {'content': 'twice'}}")


def test_a_deferred_answer_is_waited_for(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    future = pressed(fake, bot, ana, card(fake, bot))
    bot.answer(5, {"flags": EPHEMERAL})
    assert ana.ephemerals[0].is_loading
    bot.hook("PATCH", "/messages/@original", json={"content": "done"})
    answer = future.result(5)
    assert (answer.kind, answer.text, answer.is_ephemeral) == ("message", "done", True)
    bot.hook("POST", json={"content": "and more", "flags": EPHEMERAL})
    assert [row.text for row in ana.ephemerals] == ["done", "and more"]
    assert fake.person("Ben").sees(fake.club)[-1].text == "card"
    bot.hook("DELETE", "/messages/@original")
    assert [row.text for row in ana.ephemerals] == ["and more"]
    assert code_of(lambda: bot.hook("GET", "/messages/@original")) == 10008


def test_the_first_follow_up_takes_the_place_of_thinking(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    future = pressed(fake, bot, ana, card(fake, bot))
    bot.answer(5, {"flags": EPHEMERAL})
    bot.hook("POST", json={"content": "here"})
    assert future.result(5).text == "here"
    assert [row.text for row in ana.ephemerals] == ["here"]


def test_one_who_thinks_for_ever_is_seen_as_stuck(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    ana.patience_s = 0.2
    future = pressed(fake, bot, ana, card(fake, bot))
    bot.answer(5, {"flags": EPHEMERAL})
    assert future.result(5).kind == "stuck"


def test_the_pressed_message_itself_can_change(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    message = card(fake, bot)
    future = pressed(fake, bot, ana, message)
    bot.answer(7, {"content": "changed", "components": []})
    answer = future.result(5)
    assert (answer.kind, answer.text, answer.message.buttons) == ("updated", "changed", [])
    with pytest.raises(CannotDo, match="there are: none"):
        ana.press(message, "Vote")
    late = fake.begin(ana.press, message, "vote", force=True)
    fake.wait_until(lambda: len(bot.came) == 2)
    bot.answer(6)
    bot.hook("PATCH", "/messages/@original", json={"content": "again"})
    assert late.result(5).text == "again"


def test_the_token_runs_out(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    pressed(fake, bot, ana, card(fake, bot))
    bot.answer(4, {"content": "x", "flags": EPHEMERAL})
    fake.world.token_lifetime_s = 0.0
    assert code_of(lambda: bot.hook("PATCH", "/messages/@original", json={"content": "y"})) == 50027


def test_a_whisper_is_not_in_the_channel(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    future = pressed(fake, bot, ana, card(fake, bot))
    bot.answer(4, {"content": "psst", "flags": EPHEMERAL, "components": [{"type": 1, "components": [VOTE]}]})
    whisper = future.result(5).message
    path = f"/channels/{fake.club.id}/messages/{whisper.id}"
    assert code_of(lambda: bot.do(bot.request("GET", path))) == 10008
    with pytest.raises(CannotDo, match="sees no message"):
        fake.person("Ben").press(whisper, "Vote")
    pressed(fake, bot, ana, whisper.id)
    assert bot.came[-1].message is not None
    assert bot.came[-1].message.flags.ephemeral


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"custom_id": "m", "title": "x" * 46}, "data.title"),
        ({"custom_id": "x" * 101, "title": "x"}, "data.custom_id"),
        ({"custom_id": "m", "title": "x", "n": 6}, "data.components"),
        ({"custom_id": "m", "title": "x", "label": "x" * 46}, "data.components.0.label"),
        ({"custom_id": "m", "title": "x", "same": True, "n": 2}, "data.components.1.component.custom_id"),
        ({"custom_id": "m", "title": "x", "part": {"type": 4, "style": 1, "value": "x" * 11, "max_length": 10}},
         "data.components.0.component.value"),
        ({"custom_id": "m", "title": "x", "part": {"type": 3, "options": some_options(26)}},
         "data.components.0.component.options"),
        ({"custom_id": "m", "title": "x", "part": {"type": 21, "options": some_options(11)}},
         "data.components.0.component.options"),
        ({"custom_id": "m", "title": "x", "part": {"type": 3, "options": some_options(1) * 2}},
         "data.components.0.component.options.1.value"),
    ],
)  # fmt: skip
def test_a_bad_form_is_refused(fake: FakeDiscord, bot: Silent, ana: Person, data: dict[str, Any], where: str) -> None:
    pressed(fake, bot, ana, card(fake, bot))
    part = data.pop("part", {"type": 4, "style": 1})
    n, same, label = data.pop("n", 1), data.pop("same", False), data.pop("label", "Album")
    data["components"] = [
        {"type": 18, "label": label, "component": part | {"custom_id": "a" if same else f"a{number}"}}
        for number in range(n)
    ]
    with pytest.raises(discord.HTTPException) as caught:
        bot.answer(9, data)
    assert caught.value.code == 50035
    assert f"In {where}:" in str(caught.value)
    assert len(fake.violations) == 1


def test_each_kind_of_interaction_takes_its_kinds_of_answer(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    pressed(fake, bot, ana, card(fake, bot))
    assert code_of(lambda: bot.answer(8, {"choices": []})) == 50035
    assert code_of(lambda: bot.answer(42)) == 50035
    assert code_of(lambda: bot.answer(4, {"content": "x" * 2001})) == 50035
    assert code_of(lambda: bot.answer(4, {"content": ""})) == 50006


def test_a_person_cannot_do_what_the_client_does_not_let_them(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    message = card(fake, bot)
    with pytest.raises(CannotDo, match="greyed out"):
        ana.press(message, "Closed")
    with pytest.raises(CannotDo, match="link to"):
        ana.press(message, "Archive")
    with pytest.raises(CannotDo, match="does not offer 'Court and Spark'"):
        ana.choose(message, "", ["Court and Spark"])
    with pytest.raises(CannotDo, match="takes 1 to 2 choices"):
        ana.choose(message, "Which", ["Blue", "Hejira", "Mingus"])
    future = fake.begin(ana.choose, message, "pick", ["Hejira", "1"])
    fake.wait_until(lambda: bot.came)
    assert bot.came[0].data["values"] == ["2", "1"]
    bot.answer(6)
    ana.patience_s = 0.1
    future.cancel()
    fake.hands.leave(ana)
    with pytest.raises(CannotDo):
        ana.press(message, "Vote")


def test_people_can_be_awaited_where_a_loop_runs(fake: FakeDiscord, bot: Silent, ana: Person) -> None:
    message = card(fake, bot)

    async def both() -> tuple[Any, Any]:
        async def reply() -> None:
            while not bot.came:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(bot.answer, 4, {"content": "hi", "flags": EPHEMERAL})

        answer, _ = await asyncio.gather(ana.press(message, "Vote"), reply())
        return answer.text, await ana.type(fake.club, "typed")

    text, typed = asyncio.run(both())
    assert (text, typed.content) == ("hi", "typed")
