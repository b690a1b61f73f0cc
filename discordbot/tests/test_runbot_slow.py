"""The shipped bot as a process: starting, stopping, one at a time, surviving its gateway, killed at every step."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.processes import Club
from sidetrack.tests.running import wait_for

pytestmark = pytest.mark.slow


# --- Starting and stopping ------------------------------------------------------------------------------------------
def test_it_opens_a_week_shows_its_heart_and_ends_cleanly(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS") and fake.pins(fake.thread("NOMINATIONS")), seconds=20)
        wait_for(lambda: club.lease.get("reconciled_at"), seconds=15, what="the first round")
        assert club.lease["connected_at"]
        assert fake.commands
        assert bot.stop() == 0, bot.said
        assert fake.gateway.closed_with == [1000]
    assert club.lease["holder"] == ""
    assert "Traceback" not in bot.said
    assert fake.violations == []


def test_a_change_on_the_web_shows_within_seconds(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS") and fake.pins(fake.thread("NOMINATIONS")), seconds=20)
        thread = fake.thread("NOMINATIONS")
        club.python("NominationFactory(week=Week.objects.get())\nfrom club.revision import bump; bump()")
        fake.wait_until(lambda: "3 albums" in fake.pins(thread)[0].text, seconds=20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_while_it_answers_it_finishes_the_answer(fake: FakeDiscord, club: Club, number: int) -> None:
    ana = fake.person("Ana")
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        slow = fake.on_request("POST /interactions/*", before=lambda _: time.sleep(1.2))
        answering = fake.begin(ana.slash, "week")
        time.sleep(0.3)
        assert bot.stop(number) == 0, bot.said
        assert answering.result(10).kind == "message"
        assert slow.n_hits == 1
        assert fake.gateway.closed_with == [1000]
    assert not fake.failed_interactions


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_before_it_is_a_bot_it_ends_well_and_holds_no_lease(fake: FakeDiscord, club: Club, number: int) -> None:
    with club.bot() as bot:
        assert bot.listens().stop(number) == 0, bot.said
        assert "Traceback" not in bot.said
        assert "Connected" not in bot.said
    assert not club.lease.get("holder")
    assert fake.gateway.n_identified == 0


# --- One line that says what to mend --------------------------------------------------------------------------------
Spoil = Callable[[FakeDiscord, Club], None]


MISTAKES: dict[str, tuple[Spoil, str]] = {
    "no token": (lambda fake, club: club.environment.pop("DISCORD_BOT_TOKEN"), "DISCORD_BOT_TOKEN is not set"),
    "no server": (lambda fake, club: club.environment.pop("DISCORD_GUILD_ID"), "DISCORD_GUILD_ID is not set"),
    "wrong token": (
        lambda fake, club: club.environment.update(DISCORD_BOT_TOKEN="1.2.3"),
        "Discord does not accept DISCORD_BOT_TOKEN",
    ),
    "not invited": (lambda fake, club: setattr(fake.guild, "has_bot", False), "not a member of the server"),
    "another server": (lambda fake, club: club.environment.update(DISCORD_GUILD_ID="123"), "server 123"),
    "old database": (
        lambda fake, club: club.python(
            "connection.cursor().execute(\"DELETE FROM django_migrations WHERE app = 'discordbot'\")"
        ),
        "migrations are not applied",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_a_person_must_mend_is_one_clear_line_and_the_end(fake: FakeDiscord, club: Club, mistake: str) -> None:
    spoil, words = MISTAKES[mistake]
    spoil(fake, club)
    with club.bot() as bot:
        assert bot.process.wait(30) == 1
    last = bot.said.strip().splitlines()[-1]
    assert last.startswith("CommandError: ")
    assert words in last
    assert "Traceback" not in bot.said


def test_beside_the_site_it_says_what_is_wrong_stays_and_ends_cleanly(fake: FakeDiscord, club: Club) -> None:
    """As `manage.py up` starts it: a mistake in the bot's settings does not take the site down."""
    fake.guild.has_bot = False
    with club.bot("--keep-trying") as bot:
        bot.says("not a member of the server")
        bot.says("tries again in 60 seconds")
        assert bot.process.poll() is None
        assert bot.stop() == 0


# --- One at a time --------------------------------------------------------------------------------------------------
def test_a_second_bot_waits_then_says_who_runs_and_ends(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as first:
        first.is_up()
        with club.bot("--wait", "2") as second:
            assert second.process.wait(30) == 1
            assert "Another bot of this club is running" in second.said
            assert f"process {first.pid}" in second.said
        assert fake.gateway.n_identified == 1
        assert first.stop() == 0


def test_a_bot_takes_over_at_once_from_one_that_was_killed_or_stopped(fake: FakeDiscord, club: Club) -> None:
    with club.bot() as first:
        first.is_up()
        with club.bot() as waiting:
            waiting.says("Waiting for it to end")
            first.stop(signal.SIGKILL)
            waiting.is_up(seconds=10)
            with club.bot() as third:
                third.says("Waiting for it to end")
                assert waiting.stop() == 0
                third.is_up(seconds=10)
                assert third.stop() == 0


def test_a_bot_whose_lease_was_taken_stops_acting(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS"), seconds=20)
        club.python("BotLease.objects.update(holder='another', host='elsewhere', pid=1)")
        assert bot.process.wait(30) == 1
        assert "taken the bot's lease" in bot.said
    assert club.lease["holder"] == "another"


# --- The gateway ----------------------------------------------------------------------------------------------------
def test_without_network_for_a_while_it_comes_back_by_itself(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS") and fake.pins(fake.thread("NOMINATIONS")), seconds=20)
        fake.go_offline()
        club.end_phase()
        time.sleep(6)
        assert bot.process.poll() is None
        fake.go_offline(offline=False)
        fake.wait_until(lambda: fake.threads("POLL") and fake.pins(fake.thread("POLL")), seconds=45)
        assert bot.stop() == 0, bot.said


def test_removed_from_the_server_and_invited_again_it_goes_on_where_it_was(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS") and fake.pins(fake.thread("NOMINATIONS")), seconds=20)
        fake.hands.remove_bot()
        bot.says("not a member of the server")
        club.python("NominationFactory(week=Week.objects.get())\nfrom club.revision import bump; bump()")
        time.sleep(3)
        fake.hands.invite_bot()
        fake.wait_until(lambda: "3 albums" in fake.pins(fake.thread("NOMINATIONS"))[0].text, seconds=20)
        fake.wait_until(lambda: fake.commands, seconds=10)
        assert len(fake.threads("NOMINATIONS")) == 1
        assert bot.stop() == 0, bot.said


# --- Deleted behind its back ----------------------------------------------------------------------------------------
def test_what_is_deleted_or_archived_by_hand_is_back_within_seconds(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS") and fake.pins(fake.thread("NOMINATIONS")), seconds=20)
        thread = fake.thread("NOMINATIONS")
        card = fake.pins(thread)[0]
        fake.hands.delete(card)
        fake.wait_until(lambda: fake.pins(thread) and fake.pins(thread)[0] is not card, seconds=15)
        fake.hands.unpin(fake.pins(thread)[0])
        fake.wait_until(lambda: fake.pins(thread), seconds=15)
        fake.hands.archive(thread)
        fake.wait_until(lambda: not thread.archived, seconds=15)
        fake.hands.delete(thread)
        fake.wait_until(lambda: fake.threads("NOMINATIONS") and fake.pins(fake.thread("NOMINATIONS")), seconds=15)
        fake.hands.take("PIN_MESSAGES", channel=fake.club)
        fake.hands.unpin(fake.pins(fake.thread("NOMINATIONS"))[0])
        fake.wait_until(
            lambda: any("Pin Messages" in row.content for row in fake.messages(fake.moderators)), seconds=15
        )
        fake.hands.give("PIN_MESSAGES", channel=fake.club)  # Discord tells, and it is tried again at once
        fake.wait_until(lambda: fake.pins(fake.thread("NOMINATIONS")), seconds=15)
        assert bot.stop() == 0, bot.said


# --- Killed ---------------------------------------------------------------------------------------------------------
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def lives_until_done(fake: FakeDiscord, club: Club, done: Callable[[], bool], *, when: str, nth: int) -> list[str]:
    """Start the bot again and again, killed each time at its nth or next request that changes something.

    By turns, for an edit that was made and not noted is made again: at the nth alone no life would get past it.
    Gives the requests at which it died.
    """
    deaths: list[str] = []
    for life in range(80):
        with club.bot() as bot:
            struck: list[str] = []

            def strike(exchange: Any, pid: int = bot.pid, struck: list[str] = struck) -> None:
                if not struck:
                    struck.append(f"{exchange.method} {exchange.template}")
                    os.kill(pid, signal.SIGKILL)

            watch = fake.on_request(
                "*",
                nth=nth + life % 2,
                where=lambda seen: seen.method in WRITES and not seen.path.endswith("/commands"),
                **{when: strike},
            )
            try:
                wait_for(lambda b=bot: b.process.poll() is not None or done(), seconds=40, what="death or success")
            finally:
                watch.stop()
            is_done = bot.process.poll() is None
            code = bot.listens().stop() if is_done else bot.process.returncode
            assert code == (-signal.SIGKILL if struck else 0), bot.said  # success and death may come together
            deaths += struck
            if is_done:
                return deaths
    raise AssertionError(f"It never came to its end: {deaths}")


def test_killed_at_every_step_of_a_phase_change_each_thing_stands_once(fake: FakeDiscord, club: Club) -> None:
    """One moment of a request in each phase; all of them in all phases within the process: failure 01."""
    fake.world.nonce_memory_s = 0
    club.open_week()

    def stands(*places: str) -> bool:
        threads = [fake.threads(f"- {place}") for place in places]
        return all(len(each) == 1 and len(fake.pins(each[0])) == 1 for each in threads) and not club.python(
            "answer = Post.objects.exclude(state='standing').count()"
            " + Post.objects.filter(kind='card', is_pinned=False).count()"
        )

    deaths = lives_until_done(fake, club, lambda: stands("NOMINATIONS"), when="acted", nth=1)
    club.end_phase()
    deaths += lives_until_done(fake, club, lambda: stands("NOMINATIONS", "POLL"), when="after", nth=1)
    club.python(
        "from club.voting import cast_ballot\nweek = Week.objects.get()\nfirst = week.nominations.first()\n"
        "cast_ballot(voter=UserFactory(), week=week, first=first, second=None, now=timezone.now())"
    )
    club.end_phase()
    everything = ("NOMINATIONS", "POLL", "WINNER")
    deaths += lives_until_done(fake, club, lambda: stands(*everything) and bool(fake.events), when="before", nth=2)
    assert len(deaths) >= 9
    assert len(set(deaths)) >= 2, deaths  # messages, threads, pins, the event, edits
    with club.bot() as bot:  # one quiet life, to end on
        bot.is_up()
        bot_is_done = club.python("answer = str(timezone.now())")
        wait_for(lambda: str(club.lease.get("reconciled_at")) > bot_is_done, seconds=20, what="a round")
        assert bot.stop() == 0
    for place in everything:
        thread = fake.thread(f"- {place}")
        there = [row.id for row in fake.messages(thread, by_bot=True)]
        kept = club.python(
            f"answer = sorted(Post.objects.filter(channel_snowflake={thread.id})"
            ".exclude(kind='thread').values_list('message_snowflake', flat=True))"
        )
        assert there == kept, place
        assert len(fake.pins(thread)) == 1
    assert len(fake.messages(fake.club, by_bot=True)) == 3
    assert len(fake.events) == 1
    assert fake.violations == []


def test_down_over_two_deadlines_it_comes_back_to_the_right_place(fake: FakeDiscord, club: Club) -> None:
    """Nobody voted meanwhile; the poll was given its day and that is over too."""
    club.open_week()
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("NOMINATIONS"), seconds=20)
        bot.stop(signal.SIGKILL)
    club.python(
        "week = Week.objects.get()\n"
        "for name in ['opens_at', 'nominations_close_at', 'poll_close_at', 'discussion_at', 'ratings_close_at']:\n"
        "    setattr(week, name, getattr(week, name) - timedelta(days=7))\nweek.save()"
    )
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.threads("WINNER") and fake.pins(fake.thread("WINNER")), seconds=30)
        thread = fake.thread("WINNER")
        assert "late" in fake.pins(thread)[0].text
        assert not [row for row in fake.messages(thread) if row.pinged]
        assert len(fake.threads("POLL")) == 1
        assert bot.stop() == 0, bot.said
