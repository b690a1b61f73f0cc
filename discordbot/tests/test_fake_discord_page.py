"""The page and the log of the local Discord, and the extract of Discord's own description."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from discordbot.models import DiscordSettings
from discordbot.tests.fake_discord import FakeDiscord, schemas
from discordbot.tests.fake_discord.extract import extract, names_in
from discordbot.tests.fake_discord.page import Page, read_command
from discordbot.tests.living_bot import LivingBot
from discordbot.tests.plain_bot import PlainBot
from discordbot.tests.test_fake_discord_client import rating_form, send_card


@pytest.fixture
def watched() -> Iterator[FakeDiscord]:
    fake = FakeDiscord()
    page = Page(fake, [fake.person("Ana"), fake.person("Ben")])
    fake.pages.append(page.add_to)
    with fake:
        yield fake


def field(html: str, name: str) -> str:
    found = re.search(rf'name={name} value="?([^">]+)"?', html)
    assert found, f"{name} is not on the page"
    return found[1]


def test_a_person_can_watch_and_press(watched: FakeDiscord) -> None:
    arrived: list[Any] = []

    async def answering(interaction: Any) -> None:
        if interaction.type.value == 3:
            await interaction.response.send_modal(rating_form())
        else:
            arrived.append(interaction.data)
            await interaction.response.send_message("Kept.", ephemeral=True)

    with PlainBot(watched) as bot, httpx.Client(base_url=watched.world.address, follow_redirects=True) as browser:
        bot.answering = answering
        bot.do(send_card(bot, watched))
        view = browser.get("/view").text
        assert "WEEK 001" in view
        assert "<b>Blue</b>" in view
        hidden = {name: field(view, name) for name in ("as", "in", "message", "part")}
        shown = browser.post("/act", data={"verb": "press", **hidden}).text
        assert "<h2>Rate</h2>" in shown
        assert "Thoughts" in shown
        answers = {"q:rating": "9", "q:track": "1", "q:tags": ["warm", "odd"], "q:words": "Lovely"}
        shown = browser.post("/act", data={"verb": "submit", "as": hidden["as"], "in": hidden["in"], **answers}).text
        assert "Kept." in shown
        parts = [part["component"] for part in arrived[0]["components"]]
        assert [part.get("value") or part.get("values") for part in parts] == ["9", ["1"], ["warm", "odd"], "Lovely"]
        browser.post("/act", data={"verb": "type", "as": hidden["as"], "in": hidden["in"], "text": "<b>hello</b>"})
        assert "&lt;b&gt;hello&lt;/b&gt;" in browser.get("/view").text
        assert f"POST /channels/{watched.club.id}/messages -> 200" in browser.get("/log").text
        refused = browser.post("/act", data={"verb": "slash", "as": hidden["as"], "in": hidden["in"], "text": "/none"})
        assert (refused.status_code, "not offered" in refused.text) == (400, True)


def test_commands_are_read_with_spaces_in_their_values() -> None:
    assert read_command("/nominate album=Kind of Blue year=1959") == (
        "nominate",
        {"album": "Kind of Blue", "year": "1959"},
    )
    assert read_command("club close") == ("club close", {})


@pytest.mark.slow
def test_it_runs_by_itself_and_prints_the_bots_environment() -> None:
    command = [
        sys.executable,
        "-m",
        "discordbot.tests.fake_discord",
        "--port",
        "0",
        "--guild",
        "77",
        "--token",
        "a.b.c",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = [process.stdout.readline().strip() for _ in range(8)]  # type: ignore[union-attr]
            found = dict(line.split("=", 1) for line in lines if line.startswith("DISCORD"))
            assert (found["DISCORD_BOT_TOKEN"], found["DISCORD_GUILD_ID"]) == ("a.b.c", "77")
            me = httpx.get(f"{found['DISCORD_API_BASE']}/users/@me", headers={"Authorization": "Bot a.b.c"})
            assert me.json()["username"] == "sidetrack"
            address = found["DISCORD_API_BASE"].removesuffix("/api/v10")
            assert "Mo Moderator" in httpx.get(address).text
        finally:
            process.terminate()
        assert process.wait(10) == 0


@pytest.mark.django_db(transaction=True)
def test_a_moderator_chooses_the_clubs_forum_on_the_page() -> None:
    """Selects of channels and roles bring no options of their own: Discord's client has them, so the page must."""
    fake = FakeDiscord()
    moderator = fake.person("Mo", "Moderator")
    fake.pages.append(Page(fake, [moderator]).add_to)
    here = {"as": str(moderator.id), "in": str(fake.club.id)}
    with fake, LivingBot(fake) as bot, httpx.Client(base_url=fake.world.address, follow_redirects=True) as browser:
        browser.post("/act", data={"verb": "slash", "text": "club settings", **here})
        view = browser.get("/view", params=here).text
        forms = re.findall(r"<form method=post.*?</form>", view, re.DOTALL)
        form = next(each for each in forms if f'<option value="{fake.forum.id}">▤' in each)
        assert str(fake.voice.id) not in form
        chosen = {"message": field(form, "message"), "part": field(form, "part")}
        shown = browser.post(
            "/act", data={"verb": "choose", f"q:{chosen['part']}": str(fake.forum.id), **chosen, **here}
        ).text
        assert f"&lt;#{fake.forum.id}&gt;" in shown
        assert "channel: <b>▤ album-forum</b>" in browser.get("/view", params=here).text
        shown = browser.post("/act", data={"verb": "slash", "text": "results week=77", **here}).text
        assert "no week 77" in shown, "what is typed for a whole number is sent as one"
        pressed = moderator.press(moderator.ephemerals[-2], "Confirm")
        assert "Done" in pressed.text
        assert bot.error is None
    places = DiscordSettings.load()
    assert (places.club_channel_snowflake, places.is_forum) == (fake.forum.id, True)


def test_the_extract_holds_all_it_refers_to_and_no_words() -> None:
    description = schemas.DESCRIPTION
    assert names_in(description["bodies"]) | names_in(description["schemas"]) == description["schemas"].keys()
    assert (description["api_version"], len(description["sha256_of_source"])) == ("10", 64)


def test_extracting_keeps_what_the_bodies_lead_to_and_properties_of_any_name() -> None:
    def body(name: str) -> dict[str, Any]:
        schema = {"$ref": f"#/components/schemas/{name}"}
        return {"requestBody": {"content": {"application/json": {"schema": schema}}}}

    routes = [row.split() for row in schemas.DESCRIPTION["bodies"]]
    paths: dict[str, Any] = {}
    for method, path in routes:
        paths.setdefault(path, {})[method.lower()] = body("Form")
    part = {"type": "object", "description": "words", "properties": {"title": {"type": "string"}}}
    form = {
        "type": "object",
        "properties": {"part": {"$ref": "#/components/schemas/Part"}, "description": {"type": "string"}},
    }
    official = {"openapi": "3.1.0", "info": {"version": "10"}, "paths": paths}
    official |= {"components": {"schemas": {"Form": form, "Part": part, "Other": part}}}
    made = extract(official, "0" * 64)
    assert made["schemas"] == {"Form": form, "Part": {"type": "object", "properties": {"title": {"type": "string"}}}}
    assert json.loads(json.dumps(made)) == made
