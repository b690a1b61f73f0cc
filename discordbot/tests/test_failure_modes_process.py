"""Failure modes of the shipped process: signals, the gateway, a second bot, the database, being thrown out."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest

from discordbot.tests.acting import ballot, card, vote
from discordbot.tests.agreement import defects
from discordbot.tests.fake_discord import Answer, FakeDiscord, Person
from discordbot.tests.fake_discord.faults import hang
from discordbot.tests.processes import Club
from sidetrack.tests.running import wait_for

pytestmark = pytest.mark.slow
PATIENCE_S = 60.0


def stands(fake: FakeDiscord, place: str) -> None:
    """Wait until the place's thread has its card."""
    fake.wait_until(lambda: any(fake.pins(each) for each in fake.threads(f"- {place}")), seconds=PATIENCE_S, what=place)


def once(fake: FakeDiscord, *places: str) -> None:
    assert sorted(thread.name.split(" - ")[1] for thread in fake.guild.threads) == sorted(places)
    for thread in fake.guild.threads:
        assert len(fake.pins(thread)) == 1, thread.name
    assert len(fake.messages(fake.club, by_bot=True)) == len(places)
    assert defects(fake) == []


def poll(fake: FakeDiscord, club: Club) -> None:
    """A poll between two albums; the bot, whenever it comes, finds it."""
    club.open_week()
    club.end_phase()


def options(form: Answer) -> list[str]:
    assert form.form, form
    return [option["value"] for option in form.form.field("First").options]


def n_votes(club: Club) -> int:
    return int(club.python("answer = Vote.objects.count()"))


# --- 2: SIGTERM while a member is answered ----------------------------------------------------------------------------
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_failure_02_told_to_stop_in_the_midst_of_an_answer_it_finishes_and_closes_in_good_order(
    fake: FakeDiscord, club: Club, number: int
) -> None:
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        form = ana.press(card(fake, "POLL"), "Vote")
        fault = fake.fault("POST /interactions/*", hang(1.5, after=True))
        answering = fake.begin(ana.submit, form, ballot(options(form)[0]))
        wait_for(lambda: fault.n_hits, seconds=20, what="the answer on its way")
        assert bot.stop(number) == 0, bot.said
        assert "Your first choice" in answering.result(20).text
        assert fake.gateway.closed_with == [1000]
    assert n_votes(club) == 1
    assert "Traceback" not in bot.said


# --- 6: the gateway ---------------------------------------------------------------------------------------------------
def off_the_network(fake: FakeDiscord) -> None:
    fake.go_offline()
    time.sleep(3)  # the length of the outage, not a wait for something
    fake.go_offline(offline=False)


TROUBLES: dict[str, Callable[[FakeDiscord], Any]] = {
    "closed with 4000": lambda fake: fake.on_loop(fake.gateway.close, 4000),
    "op 7": lambda fake: fake.on_loop(fake.gateway.ask_to_reconnect),
    "op 9, resumable": lambda fake: fake.on_loop(lambda: fake.gateway.invalidate(resumable=True)),
    "op 9": lambda fake: fake.on_loop(fake.gateway.invalidate),
    "line cut": lambda fake: fake.on_loop(fake.gateway.drop),
    "a field is missing": lambda fake: fake.on_loop(fake.gateway.send_event, "MESSAGE_CREATE", {"id": "1"}),
    "every field is missing": lambda fake: fake.on_loop(fake.gateway.send_event, "INTERACTION_CREATE", {}),
    "a payload that is a list": lambda fake: fake.on_loop(fake.gateway.send_raw, "[1, 2]"),
    "a payload that is no JSON": lambda fake: fake.on_loop(fake.gateway.send_raw, "{"),
    "READY without a session": lambda fake: fake.on_loop(fake.gateway.send_event, "READY", {}),
    "no network": off_the_network,
}


def test_failure_06_one_trouble_of_the_gateway_after_the_other(fake: FakeDiscord, club: Club) -> None:
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        for name, trouble in TROUBLES.items():
            trouble(fake)
            wait_for(lambda: answers(fake, ana), seconds=PATIENCE_S, what=f"an answer after: {name}")
            once(fake, "NOMINATIONS", "POLL")
        form = ana.press(card(fake, "POLL"), "Vote")
        assert "Your first choice" in ana.submit(form, ballot(options(form)[0])).text
        assert bot.stop() == 0, bot.said
    assert n_votes(club) == 1


def answers(fake: FakeDiscord, person: Person) -> bool:
    if not fake.gateway.connected:
        return False
    deadline, fake.world.deadline_s = fake.world.deadline_s, 1.5
    try:
        return bool(person.slash("ping").kind == "message")
    finally:
        fake.world.deadline_s = deadline


@pytest.mark.parametrize(
    ("code", "words"), [(4004, "Discord does not accept DISCORD_BOT_TOKEN"), (4014, "Message Content Intent")]
)
def test_failure_06_what_only_a_person_can_mend_ends_with_one_line(
    fake: FakeDiscord, club: Club, code: int, words: str
) -> None:
    if code == 4014:
        club.environment["DISCORD_READ_MESSAGES"] = "1"
    else:
        fake.gateway.refuse_identify_with = code
    with club.bot() as bot:
        assert bot.process.wait(PATIENCE_S) == 1
    assert words in bot.said.strip().splitlines()[-1]
    assert "Traceback" not in bot.said


# --- 7: Discord hangs, the bot does not -------------------------------------------------------------------------------
def test_failure_07_while_posts_hang_members_are_answered(fake: FakeDiscord, club: Club) -> None:
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        hanging = fake.fault("PATCH /channels/*", hang(8), times=99)
        form = ana.press(card(fake, "POLL"), "Vote")
        assert "Your first choice" in ana.submit(form, ballot(options(form)[0])).text
        wait_for(lambda: hanging.n_hits, seconds=PATIENCE_S, what="an edit that hangs")
        assert "Your first choice" in vote(ana, card(fake, "POLL"), options(form)[1]).text
        hanging.stop()
        fake.wait_until(lambda: "1 member has voted" in card(fake, "POLL").text, seconds=PATIENCE_S)
        assert bot.stop() == 0, bot.said
    assert not fake.failed_interactions


# --- 11: two processes ------------------------------------------------------------------------------------------------
def test_failure_11_a_second_process_refuses_to_start_and_nothing_is_doubled(fake: FakeDiscord, club: Club) -> None:
    club.open_week()
    with club.bot("--wait", "1") as first, club.bot("--wait", "1") as second, club.bot("--wait", "1") as third:
        codes = {}
        others = [first, second, third]
        wait_for(
            lambda: sum(each.process.poll() is not None for each in others) == 2, seconds=PATIENCE_S, what="two to end"
        )
        for each in others:
            codes[each.log] = each.process.poll()
        living = next(each for each in others if each.process.poll() is None)
        assert sorted(code for code in codes.values() if code is not None) == [1, 1]
        living.is_up()
        stands(fake, "NOMINATIONS")
        once(fake, "NOMINATIONS")
        assert fake.gateway.n_identified == 1
        assert all("Another bot of this club is running" in each.said for each in others if each is not living)
        assert living.stop() == 0


# --- 17: the database -------------------------------------------------------------------------------------------------
def test_failure_17_a_database_that_is_locked_for_seconds_costs_no_answer_and_no_ballot(
    fake: FakeDiscord, club: Club
) -> None:
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        form = ana.press(card(fake, "POLL"), "Vote")
        chosen = options(form)[0]
        holder = sqlite3.connect(club.folder / "sidetrack.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        sending = fake.begin(ana.submit, form, ballot(chosen))
        wait_for(lambda: sending.done() or answered_first(fake), seconds=20, what="a first answer")
        holder.execute("ROLLBACK")
        holder.close()
        answer = sending.result(PATIENCE_S)
        if "Your first choice" not in answer.text:
            answer = vote(ana, card(fake, "POLL"), chosen)
        assert "Your first choice" in answer.text
        assert bot.stop() == 0, bot.said
    assert n_votes(club) == 1
    assert not fake.failed_interactions


def answered_first(fake: FakeDiscord) -> bool:
    """Everybody who did something has had a first answer."""
    return all(row.answer_type is not None for row in list(fake.world.interactions.values()))


def test_failure_17_a_table_that_is_gone_for_a_while_is_survived(fake: FakeDiscord, club: Club) -> None:
    """The nearest thing to a database that is down: every statement on it fails, and then it is back."""
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        form = ana.press(card(fake, "POLL"), "Vote")
        club.python("connection.cursor().execute('ALTER TABLE club_vote RENAME TO club_vote_away')")
        broken = ana.submit(form, ballot(options(form)[0]))
        assert broken.message, broken
        assert "Your first choice" not in broken.text
        club.python("connection.cursor().execute('ALTER TABLE club_vote_away RENAME TO club_vote')")
        assert "Your first choice" in vote(ana, card(fake, "POLL"), options(form)[0]).text
        fake.wait_until(lambda: "1 member has voted" in card(fake, "POLL").text, seconds=PATIENCE_S)
        assert bot.process.poll() is None
        assert bot.stop() == 0, bot.said
    assert n_votes(club) == 1


# --- 20: out of the server and in again -------------------------------------------------------------------------------
def test_failure_20_removed_invited_again_commands_lost_token_rotated_second_server(
    fake: FakeDiscord, club: Club
) -> None:
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        elsewhere = fake.add_server("Elsewhere")
        stranger = fake.person("Zoe", guild=elsewhere)
        fake.guild.commands, kept = fake.guild.commands, fake.guild.commands
        elsewhere.commands = list(kept)
        assert "server" in stranger.slash("week", force=True).text
        fake.hands.remove_bot()
        bot.says("not a member of the server")
        wait_for(lambda: "not a member" in club.lease["problem"], seconds=PATIENCE_S, what="/ready to know it")
        fake.hands.invite_bot()
        fake.wait_until(lambda: fake.commands, seconds=PATIENCE_S, what="its commands")
        wait_for(lambda: answers(fake, ana), seconds=PATIENCE_S, what="an answer")
        once(fake, "NOMINATIONS", "POLL")
        wait_for(lambda: not club.lease["problem"], seconds=PATIENCE_S, what="/ready to be green")
        fake.hands.rotate_token()
        assert bot.process.wait(PATIENCE_S) == 1
        assert "Discord does not accept DISCORD_BOT_TOKEN" in bot.said.strip().splitlines()[-1]
        assert "Discord does not accept DISCORD_BOT_TOKEN" in club.lease["problem"]
    club.environment |= fake.environment
    fake.guild.commands = []
    with club.bot() as bot:
        bot.is_up()
        fake.wait_until(lambda: fake.commands, seconds=PATIENCE_S, what="its commands, told anew")
        form = ana.press(card(fake, "POLL"), "Vote")
        assert "Your first choice" in ana.submit(form, ballot(options(form)[0])).text
        once(fake, "NOMINATIONS", "POLL")
        assert bot.stop() == 0, bot.said
    assert n_votes(club) == 1


# --- 1: killed, with members in the midst of it -----------------------------------------------------------------------
@pytest.mark.parametrize("when", ["before", "acted", "after"])
def test_failure_01_killed_while_a_ballot_is_answered_the_ballot_counts_once(
    fake: FakeDiscord, club: Club, when: Any
) -> None:
    ana = fake.person("Ana")
    poll(fake, club)
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        form = ana.press(card(fake, "POLL"), "Vote")
        fake.kill_at(bot.pid, "POST /interactions/*", when=when)
        fake.world.deadline_s = 1.5
        ana.submit(form, ballot(options(form)[0], options(form)[1]))
        assert bot.process.wait(20) == -signal.SIGKILL
    fake.world.deadline_s = 3.0
    with club.bot() as bot:
        bot.is_up()
        stands(fake, "POLL")
        assert "Your first choice" in vote(ana, card(fake, "POLL"), options(form)[0], options(form)[1]).text
        fake.wait_until(lambda: "1 member has voted" in card(fake, "POLL").text, seconds=PATIENCE_S)
        once(fake, "NOMINATIONS", "POLL")
        assert bot.stop() == 0, bot.said
    assert n_votes(club) == 2, "a first and a second choice"
