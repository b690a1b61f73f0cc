"""The bot as the site shows it: /ready, the doctor, ways into Discord, the admin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from club.models import Phase, Week
from club.tests.factories import WeekFactory
from discordbot.lease import LASTS, release
from discordbot.models import BotLease, DiscordSettings, Post
from discordbot.readiness import lines, problems
from social.models import ModerationAction, User
from social.models.user import MODERATORS

pytestmark = pytest.mark.django_db


@pytest.fixture
def configured(settings: Any) -> None:
    settings.DISCORD_BOT_TOKEN, settings.DISCORD_GUILD_ID = "1.2.3", 42


def hold(now: datetime, **facts: Any) -> None:
    BotLease.objects.update_or_create(
        pk=1, defaults={"holder": "x", "renewed_at": now, "expires_at": now + LASTS, "connected_at": now} | facts
    )


# --- Readiness ------------------------------------------------------------------------------------------------------
def test_without_a_token_nothing_is_missing(monday: datetime, settings: Any) -> None:
    settings.DISCORD_BOT_TOKEN = ""
    assert problems(monday) == []
    assert list(lines()) == []


@pytest.mark.usefixtures("configured")
def test_ready_says_what_the_bot_lacks(monday: datetime) -> None:
    assert problems(monday) == ["The Discord bot is not running: start it with manage.py runbot."]
    hold(monday)
    assert problems(monday) == []
    assert "silent for 5 minutes" in problems(monday + timedelta(minutes=5))[0]
    hold(monday, connected_at=None)
    assert "not connected" in problems(monday)[0]
    hold(monday, holder="")
    assert "not running" in problems(monday)[0]


@pytest.mark.usefixtures("configured")
def test_ready_repeats_what_the_bot_itself_says_is_wrong(client: Client) -> None:
    hold(timezone.now(), problem="The bot is not a member of the server 42.")
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert "The Discord bot says: The bot is not a member of the server 42." in answer.json()["problems"]


@pytest.mark.usefixtures("configured")
def test_ready_says_why_the_bot_ended(monday: datetime) -> None:
    hold(monday)
    release(holder="x", problem="Discord does not accept DISCORD_BOT_TOKEN.")
    assert problems(monday) == [
        "The Discord bot is not running: start it with manage.py runbot.",
        "The Discord bot says: Discord does not accept DISCORD_BOT_TOKEN.",
    ]
    hold(monday)
    release(holder="x")
    assert len(problems(monday)) == 1


@pytest.mark.usefixtures("configured")
def test_ready_names_the_setting_without_which_no_bot_starts(monday: datetime, settings: Any) -> None:
    settings.DISCORD_GUILD_ID = 0
    hold(monday)
    assert "DISCORD_GUILD_ID is not set" in problems(monday)[1]


@pytest.mark.usefixtures("configured")
def test_ready_is_not_ready_without_the_bot(client: Client) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert any("Discord bot" in problem for problem in answer.json()["problems"])
    hold(timezone.now())
    assert not any("Discord" in problem for problem in client.get("/ready").json()["problems"])


@pytest.mark.usefixtures("configured")
def test_the_doctor_names_the_channel_to_choose_and_the_posts_that_wait() -> None:
    said = {line.name: line for line in lines()}
    assert "/club settings" in said["Club channel in Discord"].says
    hold(timezone.now(), problem="No club channel is chosen yet.")
    DiscordSettings.objects.create(pk=1, club_channel_snowflake=99, is_forum=True)
    Post.objects.create(kind="card", key="x", nonce="n", problem="The bot lacks the permission “Pin Messages”.")
    said = {line.name: line for line in lines()}
    assert said["Club channel in Discord"].says == "99, a forum"
    assert not said["Discord bot's process"].is_on
    assert "1 post waits" in said["Discord bot's process"].says


@pytest.mark.usefixtures("configured")
def test_the_doctor_names_a_missing_server(settings: Any) -> None:
    settings.DISCORD_GUILD_ID = 0
    (line,) = lines()
    assert "DISCORD_GUILD_ID" in line.says


# --- Ways into Discord ----------------------------------------------------------------------------------------------
@pytest.fixture
def week() -> Week:
    week = WeekFactory(phase=Phase.DISCUSSION)
    for n, key in enumerate(("ratings", "winner", "nominations"), 1000):
        Post.objects.create(week=week, kind="thread", key=key, thread_snowflake=n, nonce=key, state=Post.State.STANDING)
    return week


@pytest.mark.usefixtures("configured")
def test_a_week_and_its_album_lead_to_their_threads(client: Client, week: Week) -> None:
    page = client.get(week.get_absolute_url()).content.decode()
    for thread in (1000, 1001, 1002):
        assert f"https://discord.com/channels/42/{thread}" in page
    assert page.index("channels/42/1002") < page.index("channels/42/1001") < page.index("channels/42/1000")
    album = client.get(week.winner.album.get_absolute_url()).content.decode()
    assert "https://discord.com/channels/42/1001" in album
    assert "channels/42/1002" not in album


@pytest.mark.usefixtures("configured")
def test_what_is_gone_is_not_led_to(client: Client, week: Week) -> None:
    Post.objects.update(state=Post.State.GONE)
    assert "discord.com/channels" not in client.get(week.get_absolute_url()).content.decode()


def test_without_a_server_no_page_speaks_of_discord(client: Client, week: Week, settings: Any) -> None:
    settings.DISCORD_GUILD_ID = 0
    assert "discord.com/channels" not in client.get(week.get_absolute_url()).content.decode()


# --- The admin ------------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(client: Client, mod: User) -> Client:
    client.force_login(mod)
    return client


def test_moderators_read_posts_and_lease_and_change_neither(desk: Client, week: Week) -> None:
    hold(timezone.now())
    post = Post.objects.first()
    for model, pk in (("post", post.pk), ("botlease", 1)):
        assert desk.get(reverse(f"admin:discordbot_{model}_changelist")).status_code == 200
        page = reverse(f"admin:discordbot_{model}_change", args=[pk])
        assert desk.get(page).status_code == 200
        assert desk.post(page, {}).status_code == 403
        assert desk.post(reverse(f"admin:discordbot_{model}_delete", args=[pk])).status_code == 403
        assert desk.get(reverse(f"admin:discordbot_{model}_add")).status_code == 403


def test_waiting_posts_are_found_by_their_problem(desk: Client, week: Week) -> None:
    Post.objects.filter(key="winner").update(problem="The bot lacks the permission “Pin Messages”.")
    page = desk.get(reverse("admin:discordbot_post_changelist"), {"problem": "yes"}).content.decode()
    assert "Pin Messages" in page
    assert page.count('name="_selected_action"') == 1 or "1 post" in page


def test_the_list_of_posts_asks_as_little_for_many_as_for_one(
    desk: Client, week: Week, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        Post.objects.create(week=WeekFactory(), kind="card", key=str(n), nonce=str(n))
    with django_assert_max_num_queries(12):
        desk.get(reverse("admin:discordbot_post_changelist"))


def test_moderators_choose_places_and_it_is_logged(desk: Client) -> None:
    DiscordSettings.load()
    page = reverse("admin:discordbot_discordsettings_change", args=[1])
    assert desk.get(reverse("admin:discordbot_discordsettings_changelist")).url == page
    answer = desk.post(page, {"club_channel_snowflake": "77", "is_forum": "on", "digest_hour": "8"})
    assert answer.status_code == 302, answer.content.decode()
    places = DiscordSettings.load()
    assert (places.club_channel_snowflake, places.is_forum, places.digest_hour) == (77, True, 8)
    assert ModerationAction.objects.filter(verb="change_places").count() == 1


def test_members_do_not_see_the_desk(client: Client, rin: User) -> None:
    client.force_login(rin)
    assert client.get(reverse("admin:discordbot_post_changelist")).status_code == 302
    assert Group.objects.get(name=MODERATORS).permissions.filter(codename="view_post").exists()
