"""Faults of the local Discord strike the request they were meant for, before or after it acted, and are counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import aiohttp
import discord
import pytest

from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.fake_discord.faults import (
    Exchange,
    answered,
    hang,
    malformed,
    refusal,
    reset,
    server_error,
    too_many,
)
from discordbot.tests.plain_bot import PlainBot

SEND = "POST /channels/*/messages"


@pytest.fixture
def bot(fake: FakeDiscord) -> Iterator[PlainBot]:
    with PlainBot(fake) as bot:
        yield bot


def post(bot: PlainBot, fake: FakeDiscord, content: str = "x", **more: Any) -> Any:
    path = f"/channels/{fake.club.id}/messages"
    return bot.do(bot.request("POST", path, json={"content": content, **more}))


def test_too_many_requests_are_waited_for(fake: FakeDiscord, bot: PlainBot) -> None:
    fault = fake.fault(SEND, too_many(0.2), nth=2, times=2)
    for number in range(3):
        post(bot, fake, str(number))
    assert fault.n_hits == 2
    assert [row.status for row in fake.sent(SEND)] == [200, 429, 429, 200, 200]
    assert [row.content for row in fake.messages(fake.club)] == ["0", "1", "2"]


def test_a_global_limit_holds_everything_up(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.fault("GET *", too_many(0.2, is_global=True))
    began = time.perf_counter()
    bot.do(bot.request("GET", "/users/@me"))
    assert time.perf_counter() - began >= 0.2


def test_without_via_it_is_taken_for_a_ban(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.fault(SEND, too_many(0.2, via=False))
    with pytest.raises(discord.HTTPException) as caught:
        post(bot, fake)
    assert caught.value.status == 429
    assert len(fake.sent(SEND)) == 1


def test_an_error_after_acting_leaves_what_was_done(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.fault(SEND, server_error(after=True))
    post(bot, fake)
    assert len(fake.messages(fake.club)) == 2, "discord.py sends again; without a nonce there are two"
    fake.fault(SEND, server_error(after=True))
    post(bot, fake, nonce="n", enforce_nonce=True)
    assert len(fake.messages(fake.club)) == 3, "with a nonce there is one"


def test_an_error_before_acting_does_nothing(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.fault(SEND, server_error(503))
    with pytest.raises(discord.DiscordServerError):
        post(bot, fake)
    assert fake.messages(fake.club) == []
    assert fake.requests[-1].fault == "503 before acting"


def test_two_threads_grow_after_a_500_that_had_worked_as_finding_10_says(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.fault("POST */threads", server_error(after=True))
    made: Any = bot.request("POST", f"/channels/{fake.club.id}/threads", json={"name": "twin", "type": 11})
    bot.do(made)
    assert len(fake.threads("twin")) == 2
    card = post(bot, fake, "card")
    fake.fault("POST */threads", server_error(after=True))
    path = f"/channels/{fake.club.id}/messages/{card['id']}/threads"
    with pytest.raises(discord.HTTPException) as caught:
        bot.do(bot.request("POST", path, json={"name": "only"}))
    assert caught.value.code == 160004
    assert len(fake.threads("only")) == 1


@pytest.mark.parametrize(("remedy", "n_messages"), [(reset(), 0), (reset(after=True), 1), (hang(0.1), 0)])
def test_a_cut_connection_says_nothing(fake: FakeDiscord, bot: PlainBot, remedy: Any, n_messages: int) -> None:
    fake.fault(SEND, remedy)
    with pytest.raises((OSError, aiohttp.ClientError)):
        post(bot, fake)
    assert len(fake.messages(fake.club)) == n_messages
    assert fake.requests[-1].status == 0


def test_malformed_and_strange_answers_arrive_as_they_are(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.fault("GET /users/@me", malformed())
    with pytest.raises(ValueError, match=r"Unterminated|unexpected|char"):
        bot.do(bot.request("GET", "/users/@me"))
    fake.fault("GET /users/@me", answered(200, {"odd": True}))
    assert bot.do(bot.request("GET", "/users/@me")) == {"odd": True}
    fake.fault("GET /users/@me", refusal(50013))
    with pytest.raises(discord.Forbidden):
        bot.do(bot.request("GET", "/users/@me"))


def test_a_rule_strikes_what_it_was_meant_for(fake: FakeDiscord, bot: PlainBot) -> None:
    fault = fake.fault(SEND, refusal(50013), where=lambda row: row.body["content"] == "bad", times=9)
    post(bot, fake, "good")
    with pytest.raises(discord.Forbidden):
        post(bot, fake, "bad")
    fault.stop()
    post(bot, fake, "bad")
    fake.fault(SEND, refusal(50013), times=9)
    fake.clear_faults()
    post(bot, fake, "good")


def test_chaos_falls_as_the_dice_do(fake: FakeDiscord, bot: PlainBot) -> None:
    faults = fake.chaos(Random(7), 0.5, refusal(50013), refusal(10003), pattern=SEND)
    codes = []
    for _ in range(40):
        try:
            post(bot, fake)
            codes.append(0)
        except discord.HTTPException as error:
            codes.append(error.code)
    assert 8 < sum(bool(code) for code in codes) < 32
    assert [sum(code == wanted for code in codes) for wanted in (50013, 10003)] == [row.n_hits for row in faults]
    assert all(row.n_hits for row in faults)


def test_offline_cuts_everything_and_the_bot_comes_back(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.go_offline()
    with pytest.raises((OSError, aiohttp.ClientError)):
        post(bot, fake)
    assert fake.gateway.connected == []
    fake.go_offline(offline=False)
    fake.wait_until(lambda: fake.gateway.n_resumed == 1, seconds=20)
    post(bot, fake)


@pytest.mark.parametrize(("when", "n_messages"), [("before", 0), ("acted", 1), ("after", 1)])
def test_a_process_dies_at_the_very_step(fake: FakeDiscord, when: str, n_messages: int) -> None:
    code = f"""
import urllib.request as u
r = u.Request("{fake.api_base}/channels/{fake.club.id}/messages", b'{{"content": "x"}}', method="POST")
r.add_header("Authorization", "Bot {fake.token}"); r.add_header("Content-Type", "application/json")
u.urlopen(r).read(); import time; time.sleep(30)"""
    process = subprocess.Popen([sys.executable, "-c", code])
    watch = fake.kill_at(process.pid, SEND, when=when)
    try:
        assert process.wait(20) == -signal.SIGKILL
    finally:
        process.kill()
    fake.wait_until(lambda: watch.n_hits == 1)
    fake.wait_until(lambda: fake.sent(SEND)[0].seconds > 0)
    # A dead client may also end a request that Discord has received but not begun: it acts none the less.
    assert len(fake.messages(fake.club)) in {n_messages, 1}
    assert os.getpid() != process.pid


def test_watchers_see_each_request_in_its_moments(fake: FakeDiscord, bot: PlainBot) -> None:
    moments: list[tuple[str, int]] = []

    def note(name: str) -> Any:
        def look(_: Exchange) -> None:
            moments.append((name, len(fake.messages(fake.club))))

        return look

    watch = fake.on_request(SEND, before=note("before"), acted=note("acted"), after=note("after"), nth=2)
    post(bot, fake)
    post(bot, fake)
    post(bot, fake)
    assert watch.n_hits == 1
    assert moments == [("before", 1), ("acted", 2), ("after", 2)]


def test_the_bot_is_shown_out_and_asked_back(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.hands.remove_bot()
    fake.wait_until(lambda: "guild_remove" in bot.seen)
    with pytest.raises(discord.Forbidden):
        bot.do(bot.request("GET", f"/guilds/{fake.guild.id}"))
    fake.hands.invite_bot()
    fake.wait_until(lambda: "guild_join" in bot.seen)
    post(bot, fake)


def test_a_rotated_token_ends_the_old_life(fake: FakeDiscord, bot: PlainBot) -> None:
    new = fake.hands.rotate_token()
    fake.wait_until(lambda: bot.error is not None)
    assert isinstance(bot.error, discord.ConnectionClosed)
    assert fake.environment["DISCORD_BOT_TOKEN"] == new
    with PlainBot(fake) as again:
        assert again.error is None
