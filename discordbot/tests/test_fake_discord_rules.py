"""The local Discord refuses what Discord refuses, with its codes; asked through discord.py's own HTTP client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest

from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.plain_bot import PlainBot

BUTTON = {"type": 2, "style": 1, "label": "Vote", "custom_id": "vote"}


@pytest.fixture
def bot(fake: FakeDiscord) -> Iterator[PlainBot]:
    with PlainBot(fake) as bot:
        yield bot


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def buttons(n: int) -> list[dict[str, Any]]:
    return [BUTTON | {"custom_id": str(number)} for number in range(n)]


def post(bot: PlainBot, channel: int, **body: Any) -> Any:
    return bot.do(bot.request("POST", f"/channels/{channel}/messages", json=body))


def refused(bot: PlainBot, method: str, path: str, **kwargs: Any) -> discord.HTTPException:
    with pytest.raises(discord.HTTPException) as caught:
        bot.do(bot.request(method, path, **kwargs))
    return caught.value


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "embeds"),
        ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, "embeds.0.fields.0.name"),
        ({"embeds": [{"title": "x", "url": "ftp://x"}]}, "embeds.0.url"),
        ({"embeds": [{"title": "x", "image": {"url": "attachment://none.png"}}]}, "embeds.0.image.url"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds"),
        ({"content": "x", "components": [row(BUTTON, BUTTON)]}, "components.0.components.1.custom_id"),
        ({"content": "x", "components": [row(*buttons(6))]}, "components.0.components"),
        ({"content": "x", "components": [row(button) for button in buttons(6)]}, "components"),
        ({"components": [row(BUTTON | {"custom_id": "x" * 101})]}, "components.0.components.0.custom_id"),
        ({"content": "x", "components": [row(BUTTON | {"label": "x" * 81})]}, "components.0.components.0.label"),
        ({"content": "x", "components": [BUTTON]}, "components.0.type"),
        ({"components": [row({"type": 3, "custom_id": "s", "options": []})]}, "components.0.components.0.options"),
        ({"content": "x", "nonce": "x" * 26}, "nonce"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ],
)  # fmt: skip
def test_a_bad_message_is_refused_with_the_place_of_its_fault(
    fake: FakeDiscord, bot: PlainBot, body: dict[str, Any], where: str
) -> None:
    error = refused(bot, "POST", f"/channels/{fake.club.id}/messages", json=body)
    assert (error.status, error.code) == (400, 50035)
    assert f"In {where}:" in str(error)
    assert fake.messages(fake.club) == []
    assert len(fake.violations) == 1


def test_what_discord_would_drop_in_silence_is_noted(fake: FakeDiscord, bot: PlainBot) -> None:
    post(bot, fake.club.id, content="x", compnents=[])
    assert fake.ignored_keys == ["POST /channels/{channel_id}/messages: compnents"]


def test_an_empty_message_is_refused(fake: FakeDiscord, bot: PlainBot) -> None:
    assert refused(bot, "POST", f"/channels/{fake.club.id}/messages", json={"content": "  "}).code == 50006


def test_a_nonce_brings_the_first_message_back(fake: FakeDiscord, bot: PlainBot) -> None:
    first = post(bot, fake.club.id, content="one", nonce="abc", enforce_nonce=True)
    assert post(bot, fake.club.id, content="two", nonce="abc", enforce_nonce=True)["id"] == first["id"]
    assert post(bot, fake.club.id, content="two", nonce="abc")["id"] != first["id"]
    assert post(bot, fake.moderators.id, content="two", nonce="abc", enforce_nonce=True)["id"] != first["id"]
    fake.world.nonce_memory_s = 0
    assert post(bot, fake.club.id, content="one", nonce="abc", enforce_nonce=True)["id"] != first["id"]


def test_a_message_has_one_thread_at_most(fake: FakeDiscord, bot: PlainBot) -> None:
    card = post(bot, fake.club.id, content="WEEK 001")
    path = f"/channels/{fake.club.id}/messages/{card['id']}/threads"
    thread = bot.do(bot.request("POST", path, json={"name": "WEEK 001", "auto_archive_duration": 10080}))
    assert thread["id"] == card["id"]
    assert refused(bot, "POST", path, json={"name": "again"}).code == 160004
    assert refused(bot, "POST", path, json={"name": "x" * 101}).code == 50035
    assert refused(bot, "POST", path, json={"name": "x", "auto_archive_duration": 7}).code == 50035
    assert [row.name for row in fake.guild.threads] == ["WEEK 001"]


def test_an_archived_thread_wakes_when_written_to_and_takes_nothing_else(fake: FakeDiscord, bot: PlainBot) -> None:
    card = post(bot, fake.club.id, content="WEEK 001")
    bot.do(bot.request("POST", f"/channels/{fake.club.id}/messages/{card['id']}/threads", json={"name": "WEEK 001"}))
    thread = fake.thread("WEEK 001")
    inside = post(bot, thread.id, content="hello")
    path = f"/channels/{thread.id}/messages/{inside['id']}"
    fake.hands.archive(thread)
    assert refused(bot, "PATCH", path, json={"content": "changed"}).code == 50083
    assert refused(bot, "PUT", f"/channels/{thread.id}/messages/pins/{inside['id']}").code == 50083
    assert refused(bot, "PATCH", f"/channels/{thread.id}", json={"name": "new"}).code == 50083
    post(bot, thread.id, content="awake")
    assert not thread.archived
    fake.hands.archive(thread, locked=True)
    assert refused(bot, "POST", f"/channels/{thread.id}/messages", json={"content": "x"}).code == 50083
    bot.do(bot.request("PATCH", f"/channels/{thread.id}", json={"archived": False, "locked": False, "name": "new"}))
    assert (thread.archived, thread.locked, thread.name) == (False, False, "new")
    bot.do(bot.request("PATCH", path, json={"content": "changed"}))
    assert fake.world.message(thread, int(inside["id"])).content == "changed"


def test_pins_follow_their_own_permission_and_leave_a_notice(fake: FakeDiscord, bot: PlainBot) -> None:
    card = post(bot, fake.club.id, content="card")
    for base in ("messages/pins", "pins"):
        fake.hands.take("PIN_MESSAGES", channel=fake.club)
        path = f"/channels/{fake.club.id}/{base}/{card['id']}"
        error = refused(bot, "PUT", path)
        assert (error.status, error.code) == (403, 50013)
        fake.hands.give("PIN_MESSAGES", channel=fake.club)
        bot.do(bot.request("PUT", path))
        assert [row.text for row in fake.pins(fake.club)] == ["card"]
        new = bot.do(bot.request("GET", f"/channels/{fake.club.id}/messages/pins"))
        old = bot.do(bot.request("GET", f"/channels/{fake.club.id}/pins"))
        assert [row["message"]["id"] for row in new["items"]] == [row["id"] for row in old] == [card["id"]]
        bot.do(bot.request("DELETE", path))
    notices = [row.type for row in fake.messages(fake.club, system=True) if row.is_system]
    assert notices == [6, 6]
    fake.world.max_pins = 0
    assert refused(bot, "PUT", path).code == 30003


def test_each_permission_is_asked_for_where_it_counts(fake: FakeDiscord, bot: PlainBot) -> None:
    path = f"/channels/{fake.club.id}/messages"
    card = post(bot, fake.club.id, content="card")
    for permission, method, where, body in (
        ("SEND_MESSAGES", "POST", path, {"content": "x"}),
        ("EMBED_LINKS", "POST", path, {"embeds": [{"title": "x"}]}),
        ("CREATE_PUBLIC_THREADS", "POST", f"{path}/{card['id']}/threads", {"name": "x"}),
        ("ADD_REACTIONS", "PUT", f"{path}/{card['id']}/reactions/%E2%AD%90/@me", None),
        ("READ_MESSAGE_HISTORY", "GET", f"{path}/{card['id']}", None),
    ):
        fake.hands.take(permission, channel=fake.club)
        error = refused(bot, method, where, **({"json": body} if body else {}))
        assert (error.status, error.code) == (403, 50013), permission
        fake.hands.give(permission, channel=fake.club)
        bot.do(bot.request(method, where, **({"json": body} if body else {})))
    fake.hands.take("VIEW_CHANNEL", channel=fake.club)
    assert refused(bot, "POST", path, json={"content": "x"}).code == 50001
    assert fake.violations == []


def test_a_picture_is_stored_shown_and_described(fake: FakeDiscord, bot: PlainBot) -> None:
    async def send() -> discord.Message:
        channel: Any = bot.get_channel(fake.club.id)
        embed = discord.Embed(title="Points").set_image(url="attachment://points.png")
        picture = discord.File(__file__, filename="points.png", description="Blue 5, Hejira 3")
        sent: discord.Message = await channel.send(embed=embed, file=picture)
        return sent

    message = bot.do(send())
    assert message.attachments[0].description == "Blue 5, Hejira 3"
    assert message.embeds[0].image.url == message.attachments[0].url
    stored = fake.messages(fake.club)[0].attachments[0]
    assert (stored.filename, stored.content_type) == ("points.png", "image/png")
    assert bot.do(message.attachments[0].read()) == stored.data
    path = f"/channels/{fake.club.id}/messages/{message.id}"
    bot.do(bot.request("PATCH", path, json={"attachments": [], "embeds": [], "content": "x"}))
    assert fake.messages(fake.club)[0].attachments == []


def test_a_forum_takes_posts_and_no_bare_messages(fake: FakeDiscord, bot: PlainBot) -> None:
    path = f"/channels/{fake.forum.id}"
    assert refused(bot, "POST", f"{path}/messages", json={"content": "x"}).code == 50008
    made = bot.do(bot.request("POST", f"{path}/threads", json={"name": "WEEK 001", "message": {"content": "card"}}))
    assert made["message"]["id"] == made["id"]
    assert [row.text for row in fake.messages(fake.thread("WEEK 001"))] == ["card"]
    error = refused(bot, "POST", f"{path}/threads", json={"name": "x", "message": {"content": "x" * 2001}})
    assert "In message.content:" in str(error)
    active = bot.do(bot.request("GET", f"/guilds/{fake.guild.id}/threads/active"))
    assert [row["name"] for row in active["threads"]] == ["WEEK 001"]


def test_a_direct_message_needs_the_others_consent(fake: FakeDiscord, bot: PlainBot) -> None:
    ana = fake.person("Ana")
    dm = bot.do(bot.request("POST", "/users/@me/channels", json={"recipient_id": str(ana.id)}))
    post(bot, dm["id"], content="psst")
    assert [row.text for row in ana.dms] == ["psst"]
    fake.hands.close_dms(ana)
    assert refused(bot, "POST", f"/channels/{dm['id']}/messages", json={"content": "x"}).code == 50007


def test_events_lie_ahead_and_end_after_they_begin(fake: FakeDiscord, bot: PlainBot) -> None:
    path, now = f"/guilds/{fake.guild.id}/scheduled-events", datetime.now(UTC)
    body = {
        "name": "Blue",
        "privacy_level": 2,
        "entity_type": 2,
        "channel_id": str(fake.voice.id),
        "scheduled_start_time": (now + timedelta(days=1)).isoformat(),
        "scheduled_end_time": (now + timedelta(days=1, hours=1)).isoformat(),
    }
    past = {"scheduled_start_time": (now - timedelta(hours=1)).isoformat()}
    assert "scheduled_start_time: Cannot schedule event in the past" in str(
        refused(bot, "POST", path, json=body | past)
    )
    assert refused(bot, "POST", path, json=body | {"entity_type": 3}).code == 50035
    event = bot.do(bot.request("POST", path, json=body))
    assert [row.name for row in fake.events] == ["Blue"]
    fake.hands.take("CREATE_EVENTS")
    assert refused(bot, "PATCH", f"{path}/{event['id']}", json={"name": "Hejira"}).code == 50013
    fake.hands.give("CREATE_EVENTS")
    bot.do(bot.request("PATCH", f"{path}/{event['id']}", json={"name": "Hejira"}))
    assert [row.name for row in fake.events] == ["Hejira"]
    fake.hands.delete(fake.events[0])
    assert refused(bot, "PATCH", f"{path}/{event['id']}", json={"name": "x"}).code == 10070


def test_what_is_not_there_is_named(fake: FakeDiscord, bot: PlainBot) -> None:
    assert refused(bot, "GET", "/channels/1").code == 10003
    assert refused(bot, "GET", f"/channels/{fake.club.id}/messages/1").code == 10008
    assert refused(bot, "GET", f"/guilds/{fake.guild.id}/members/1").code == 10013
    leaver = fake.person("Lea")
    fake.hands.leave(leaver)
    assert refused(bot, "GET", f"/guilds/{fake.guild.id}/members/{leaver.id}").code == 10007
    assert refused(bot, "GET", "/nothing/here").status == 404


def test_pings_are_what_allowed_mentions_lets_through(fake: FakeDiscord, bot: PlainBot) -> None:
    ana, ben = fake.person("Ana"), fake.person("Ben")
    text = f"<@{ana.id}> <@{ben.id}> @everyone"
    post(bot, fake.club.id, content=text, allowed_mentions={"parse": []})
    assert (ana.pings, ben.pings) == ([], [])
    post(bot, fake.club.id, content=text, allowed_mentions={"users": [str(ana.id)]})
    assert (len(ana.pings), ben.pings) == (1, [])
    post(bot, fake.club.id, content=text)
    assert (len(ana.pings), len(ben.pings)) == (2, 1)
    assert not any(row.pinged_everyone for row in fake.messages(fake.club))


def test_words_of_others_are_hidden_without_the_intent(fake: FakeDiscord, bot: PlainBot) -> None:
    ana = fake.person("Ana")
    said = ana.type(fake.club, "Blue — Joni Mitchell")
    path = f"/channels/{fake.club.id}/messages/{said.id}"
    assert bot.do(bot.request("GET", path))["content"] == ""
    fake.world.privileged = {"message_content"}
    assert bot.do(bot.request("GET", path))["content"] == "Blue — Joni Mitchell"
    assert refused(bot, "PATCH", path, json={"content": "mine"}).code == 50005


def test_rate_limits_are_told_and_kept(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.rest.limits.set("POST /channels/{channel_id}/messages", 2, 0.5)
    for number in range(3):
        post(bot, fake.club.id, content=str(number))
    assert len(fake.messages(fake.club)) == 3
    sent = fake.sent("POST /channels/*/messages")
    assert sent[2].at - sent[0].at > 0.4


def test_a_wrong_token_is_nobody(fake: FakeDiscord, bot: PlainBot) -> None:
    bot.http.token = "wrong"
    assert refused(bot, "GET", "/users/@me").status == 401
