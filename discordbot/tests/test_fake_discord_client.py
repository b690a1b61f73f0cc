"""discord.py itself lives in the local Discord: connecting, commands, interactions, forms, threads, pins, resuming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord
import pytest

from discordbot.tests.fake_discord import CannotDo, FakeDiscord
from discordbot.tests.plain_bot import PlainBot


@pytest.fixture
def bot(fake: FakeDiscord) -> Iterator[PlainBot]:
    bot = PlainBot(fake)

    @bot.tree.command(description="Pong.")
    @discord.app_commands.describe(album="Which album")
    async def ping(interaction: discord.Interaction, album: str = "") -> None:
        await interaction.response.send_message(f"pong {album}", ephemeral=True)

    @ping.autocomplete("album")
    async def albums(interaction: discord.Interaction, typed: str) -> list[discord.app_commands.Choice[str]]:
        return [discord.app_commands.Choice(name=f"{typed}!", value=typed)]

    with bot:
        yield bot


def test_a_client_connects_and_sees_the_server(fake: FakeDiscord, bot: PlainBot) -> None:
    guild = bot.get_guild(fake.guild.id)
    assert guild is not None
    assert {channel.name for channel in guild.channels} >= {"album-club", "album-forum", "listening-room"}
    assert guild.me.guild_permissions.pin_messages
    assert not guild.me.guild_permissions.administrator
    order = [str(row.path) for row in fake.requests[:3]]
    assert order[:2] == ["/users/@me", "/oauth2/applications/@me"]
    assert order[2].endswith("/commands")
    assert fake.commands == ["ping"]


def test_a_command_is_answered_to_one_person_alone(fake: FakeDiscord, bot: PlainBot) -> None:
    ana, ben = fake.person("Ana"), fake.person("Ben")
    answer = ana.slash("ping", album="Blue")
    assert (answer.kind, answer.text, answer.is_ephemeral) == ("message", "pong Blue", True)
    assert answer.seconds is not None
    assert answer.seconds < 3
    assert [row.text for row in ana.ephemerals] == ["pong Blue"]
    assert ben.sees() == []
    assert ana.autocomplete("ping", "album", "Hounds") == [{"name": "Hounds!", "value": "Hounds"}]
    with pytest.raises(CannotDo, match="offered: /ping"):
        ana.slash("pong")
    assert fake.violations == []
    assert fake.ignored_keys == []


def test_a_button_opens_a_form_and_the_form_arrives_whole(fake: FakeDiscord, bot: PlainBot) -> None:
    arrived: list[Any] = []

    async def answering(interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(rating_form())
        elif interaction.type is discord.InteractionType.modal_submit:
            arrived.append(data)
            await interaction.response.defer(ephemeral=True, thinking=True)
            await interaction.edit_original_response(content="Thank you.")

    bot.answering = answering
    card = bot.do(send_card(bot, fake))
    ana = fake.person("Ana")
    form = ana.press(card.id, "Rate")
    assert form.kind == "form"
    assert [field.label for field in form.form.fields] == ["Rating", "Favourite", "Tags", "Thoughts"]
    with pytest.raises(CannotDo, match="must be answered"):
        ana.submit(form, {"Thoughts": "Lovely."})
    answer = ana.submit(form, {"Rating": "4.5", "Favourite": [], "Tags": ["Warm", "Odd"], "Thoughts": "Lovely."})
    assert (answer.kind, answer.text) == ("message", "Thank you.")
    parts = [part["component"] for part in arrived[0]["components"]]
    assert parts[0]["value"] == "9"
    assert parts[1]["values"] == []
    assert parts[2]["values"] == ["warm", "odd"]
    assert parts[3]["value"] == "Lovely."
    assert fake.violations == []


def rating_form() -> discord.ui.Modal:
    form = discord.ui.Modal(title="Rate", custom_id="st:rate:1")
    steps = [discord.RadioGroupOption(label=f"{n / 2:.1f}", value=str(n)) for n in range(2, 11)]
    tracks = [discord.SelectOption(label="River", value="1"), discord.SelectOption(label="Carey", value="2")]
    tags = [
        discord.CheckboxGroupOption(label="Warm", value="warm"),
        discord.CheckboxGroupOption(label="Odd", value="odd"),
    ]
    form.add_item(discord.ui.Label(text="Rating", component=discord.ui.RadioGroup(custom_id="rating", options=steps)))
    select = discord.ui.Select(custom_id="track", options=tracks, min_values=0, required=False)
    form.add_item(discord.ui.Label(text="Favourite", component=select))
    boxes = discord.ui.CheckboxGroup(custom_id="tags", options=tags, required=False)
    form.add_item(discord.ui.Label(text="Tags", component=boxes))
    words = discord.ui.TextInput(custom_id="words", style=discord.TextStyle.paragraph, required=False)
    form.add_item(discord.ui.Label(text="Thoughts", component=words))
    return form


async def send_card(bot: PlainBot, fake: FakeDiscord) -> discord.Message:
    channel: Any = bot.get_channel(fake.club.id)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Rate", custom_id="st:rate:1:-:x"))
    message: discord.Message = await channel.send("WEEK 001", view=view, embed=discord.Embed(title="Blue"))
    return message


def test_a_thread_grows_from_a_card_and_the_client_hears_of_it(fake: FakeDiscord, bot: PlainBot) -> None:
    async def post() -> discord.Thread:
        channel: Any = bot.get_channel(fake.club.id)
        card = await channel.send("WEEK 001 is open")
        await card.pin()
        thread: discord.Thread = await card.create_thread(name="WEEK 001 - NOMINATIONS", auto_archive_duration=10080)
        inside = await thread.send("Nominate here")
        await inside.pin()
        return thread

    thread = bot.do(post())
    assert [row.text for row in fake.pins(fake.club)] == ["WEEK 001 is open"]
    made = fake.thread("NOMINATIONS")
    assert made.id == thread.id
    assert [row.text for row in fake.pins(made)] == ["Nominate here"]
    starter = fake.messages(made, system=True)[0]
    assert (starter.type, starter.replies_to) == (21, made.id)
    fake.wait_until(lambda: bot.seen.count("guild_channel_pins_update") + bot.seen.count("thread_create") >= 2)
    fake.hands.rename(made, "renamed")
    fake.hands.delete(made)
    fake.wait_until(lambda: "raw_thread_delete" in bot.seen)


def test_a_broken_line_is_resumed_and_nothing_is_missed(fake: FakeDiscord, bot: PlainBot) -> None:
    heard: list[str] = []

    async def answering(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            heard.append(str((interaction.data or {}).get("custom_id")))
            await interaction.response.send_message("Heard.", ephemeral=True)

    bot.answering = answering
    card = bot.do(send_card(bot, fake))
    ana = fake.person("Ana")
    fake.on_loop(fake.gateway.drop)
    assert ana.press(card.id, "Rate").text == "Heard."
    fake.on_loop(fake.gateway.close, 4000)
    assert ana.press(card.id, "Rate").text == "Heard."
    fake.on_loop(fake.gateway.ask_to_reconnect)
    assert ana.press(card.id, "Rate").text == "Heard."
    fake.on_loop(fake.gateway.invalidate, resumable=True)
    assert ana.press(card.id, "Rate").text == "Heard."
    assert (fake.gateway.n_identified, fake.gateway.n_resumed) == (1, 4)
    assert len(heard) == 4
    assert bot.seen.count("ready") == 1


def test_an_invalid_session_is_begun_anew(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.on_loop(fake.gateway.invalidate)
    fake.wait_until(lambda: bot.seen.count("ready") == 2, seconds=15)
    assert (fake.gateway.n_identified, fake.gateway.n_resumed) == (2, 0)
    assert fake.person("Ana").slash("ping").text == "pong"


def test_a_client_that_leaves_in_good_order_ends_its_session(fake: FakeDiscord) -> None:
    with PlainBot(fake):
        assert len(fake.gateway.connected) == 1
    fake.wait_until(lambda: not fake.gateway.sessions)
    assert fake.gateway.closed_with[-1] == 1000


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"privileged": False}, discord.PrivilegedIntentsRequired),
        ({"code": 4004}, discord.ConnectionClosed),
    ],
)
def test_who_may_not_connect_is_told_why(fake: FakeDiscord, change: dict[str, Any], error: type[Exception]) -> None:
    fake.gateway.refuse_identify_with = change.get("code")
    intents = discord.Intents(guilds=True, message_content="privileged" in change)
    with PlainBot(fake, intents=intents) as bot:
        assert isinstance(bot.error, error)
    fake.world.privileged = {"message_content"}
    fake.gateway.refuse_identify_with = None
    with PlainBot(fake, intents=intents) as bot:
        assert bot.error is None


def test_words_reach_the_gateway_only_with_the_intent(fake: FakeDiscord) -> None:
    fake.world.privileged = {"message_content"}
    ana = fake.person("Ana")
    for is_allowed in (True, False):
        said: list[str] = []
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=is_allowed)
        with PlainBot(fake, intents=intents) as bot:

            @bot.event
            async def on_message(message: discord.Message, said: list[str] = said) -> None:
                said.append(message.content)

            message = ana.type(fake.club, "Blue — Joni Mitchell")
            mention = ana.type(fake.club, f"{fake.world.bot.mention} hello")
            fake.wait_until(lambda said=said: len(said) == 2)
            assert said == [message.content if is_allowed else "", mention.content]


def test_twice_the_same_interaction_is_two_events_and_one_answer(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.gateway.copies_of_interactions = 2
    assert fake.person("Ana").slash("ping").text == "pong"
    fake.wait_until(lambda: fake.refused(40060))
    assert len(fake.world.interactions) == 1


def test_held_interactions_arrive_in_another_order(fake: FakeDiscord, bot: PlainBot) -> None:
    order: list[int] = []

    async def answering(interaction: discord.Interaction) -> None:
        order.append(interaction.user.id)

    bot.answering = answering
    ana, ben = fake.person("Ana"), fake.person("Ben")
    fake.on_loop(fake.gateway.hold)
    first, second = fake.begin(ana.slash, "ping"), fake.begin(ben.slash, "ping")
    fake.wait_until(lambda: len(fake.gateway.held) == 2)
    fake.on_loop(fake.gateway.release, reverse=True)
    assert first.result(5).text == second.result(5).text == "pong"
    assert sorted(order, reverse=True) == order


def test_a_silent_gateway_is_left_and_found_again(fake: FakeDiscord) -> None:
    fake.gateway.heartbeat_ms = 300
    with PlainBot(fake, heartbeat_timeout=1.0):
        fake.gateway.acks_heartbeats = False
        fake.wait_until(lambda: 4000 in fake.gateway.closed_with, seconds=10)
        fake.gateway.acks_heartbeats = True
        fake.wait_until(lambda: fake.gateway.n_resumed, seconds=10)


def test_an_odd_payload_ends_the_client_as_finding_2_says(fake: FakeDiscord, bot: PlainBot) -> None:
    fake.on_loop(fake.gateway.send_event, "INTERACTION_CREATE", {})
    fake.wait_until(lambda: bot.error is not None)
    assert isinstance(bot.error, KeyError)


def test_two_hundred_press_at_once(fake: FakeDiscord, bot: PlainBot) -> None:
    async def answering(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_message(f"Thank you, {interaction.user.name}.", ephemeral=True)

    bot.answering = answering
    card = bot.do(send_card(bot, fake))
    people = fake.people(200)
    answers = fake.together(lambda: [person.press(card.id, "Rate") for person in people])
    assert [answer.text for answer in answers] == [f"Thank you, {person.account.name}." for person in people]
    assert fake.failed_interactions == []
    assert len(fake.answer_seconds) == 200
    assert fake.answer_seconds[-1] < 3


def test_a_second_server_has_its_own_people_and_commands(fake: FakeDiscord, bot: PlainBot) -> None:
    other = fake.add_server("Elsewhere")
    fake.wait_until(lambda: "guild_join" in bot.seen)
    guest = fake.person("Gus", guild=other)
    with pytest.raises(CannotDo, match="not offered in Elsewhere; offered: nothing"):
        guest.slash("ping")
    assert fake.person("Beep", is_bot=True).account.is_bot
