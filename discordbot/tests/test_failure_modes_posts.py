"""Failure modes of posts: Discord fails, forgets, forbids; people delete, archive and move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from club.models import Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from discordbot.models import Post
from discordbot.tests.agreement import defects, disagreements
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.fake_discord.faults import Remedy, hang, malformed, refusal, reset, server_error, too_many
from discordbot.tests.rounds import Rounds
from discordbot.tests.rounds_stage import somebody_votes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


# --- 7: limits, errors, silence ---------------------------------------------------------------------------------------
REMEDIES: dict[str, Callable[[], Remedy]] = {
    "429": lambda: too_many(0.05),
    "429 everywhere": lambda: too_many(0.05, is_global=True),
    "429 without Via": lambda: too_many(0.05, via=False),
    "429 for ten minutes": lambda: too_many(600),
    "500": lambda: server_error(500),
    "500 after it acted": lambda: server_error(500, after=True),
    "502 after it acted": lambda: server_error(502, after=True),
    "503": lambda: server_error(503),
    "cut before": reset,
    "cut after it acted": lambda: reset(after=True),
    "silence after it acted": lambda: hang(0.2, after=True),
    "half an answer": lambda: malformed(after=True),
}


@pytest.mark.parametrize("trouble", REMEDIES)
def test_failure_07_whatever_discord_answers_nothing_is_posted_twice(
    fake: FakeDiscord, rounds: Rounds, trouble: str
) -> None:
    week = WeekFactory(opens_at=rounds.now - timedelta(days=6), phase=Phase.LISTENING)
    NominationFactory(week=week)
    for method, nth in (("POST", 1), ("POST", 2), ("POST", 4), ("PUT", 1), ("PATCH", 1)):
        fake.fault(f"{method} *", REMEDIES[trouble](), nth=nth)
    for _ in range(6):
        rounds.round()
        rounds.passes(minutes=20)
    rounds.settle()
    assert disagreements(fake, rounds.now) == []
    assert len(fake.guild.threads) == 3
    assert defects(fake) == []


@pytest.mark.parametrize("look", ["429", "forbidden", "half an answer"])
def test_failure_07_what_could_not_be_looked_for_is_not_made_a_second_time(
    fake: FakeDiscord, rounds: Rounds, nominated: Week, look: str
) -> None:
    """It acted, its answer was lost, and then even looking for what it made goes wrong."""
    remedies = {"429": too_many(600), "forbidden": refusal(50001), "half an answer": malformed()}
    fake.fault("POST /channels/*/messages", server_error(after=True), nth=2)
    looking = fake.fault("GET /channels/*/messages*", remedies[look], times=2)
    for _ in range(6):
        rounds.round()
        rounds.passes(minutes=40)
    assert looking.n_hits == 2
    rounds.settle()
    assert disagreements(fake, rounds.now) == []


# --- 9: deleted, archived, locked, moved, pins full -------------------------------------------------------------------
def by_thread(fake: FakeDiscord) -> None:
    fake.hands.delete(fake.thread("- POLL"))


def by_card(fake: FakeDiscord) -> None:
    fake.hands.delete(fake.pins(fake.thread("- POLL"))[0])


def by_archive(fake: FakeDiscord) -> None:
    fake.hands.archive(fake.thread("- POLL"), locked=True)


def by_move(fake: FakeDiscord) -> None:
    category = fake.world.add_channel(fake.guild, "category")
    fake.hands.move(fake.club, category.id)


BY_HAND = {"thread": by_thread, "card": by_card, "archived and locked": by_archive, "channel moved": by_move}


@pytest.mark.parametrize("what", BY_HAND)
def test_failure_09_what_people_delete_archive_or_move_is_put_right_once(
    fake: FakeDiscord, rounds: Rounds, nominated: Week, what: str
) -> None:
    rounds.now = nominated.nominations_close_at
    rounds.advance()
    rounds.settle()
    BY_HAND[what](fake)
    somebody_votes(nominated, rounds)
    rounds.round(verified=False)
    for _ in range(3):
        rounds.passes(minutes=20)
        rounds.round()
    rounds.settle()
    assert "1 member has voted" in fake.pins(fake.thread("- POLL"))[0].text
    assert disagreements(fake, rounds.now) == []
    assert len(fake.messages(fake.moderators)) == (what == "thread"), "told once, where it matters"


def test_failure_09_a_full_row_of_pins_costs_the_pin_only(fake: FakeDiscord, rounds: Rounds, nominated: Week) -> None:
    fault = fake.fault("PUT *pins*", refusal(30003), times=99)
    for _ in range(3):
        rounds.round()
        rounds.passes(minutes=40)
    assert len(fake.messages(fake.moderators)) == 1
    assert "3 albums" in "".join(row.text for row in fake.messages(fake.thread("NOMINATIONS")))
    fault.stop()
    rounds.passes(minutes=40)
    rounds.settle()
    assert disagreements(fake, rounds.now) == []


# --- 10: a permission is lost -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "permission",
    ["SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", "PIN_MESSAGES", "CREATE_PUBLIC_THREADS", "MANAGE_THREADS",
     "ATTACH_FILES", "EMBED_LINKS", "READ_MESSAGE_HISTORY", "VIEW_CHANNEL", "CREATE_EVENTS"],
)  # fmt: skip
def test_failure_10_a_lost_permission_stops_no_phase_is_told_once_and_heals(
    fake: FakeDiscord, rounds: Rounds, nominated: Week, permission: str
) -> None:
    rounds.settle()
    channel = None if permission == "CREATE_EVENTS" else fake.club
    fake.hands.take(permission, channel=channel)
    rounds.now = nominated.nominations_close_at
    rounds.advance()
    somebody_votes(nominated, rounds)
    rounds.now = nominated.poll_close_at
    rounds.advance()
    nominated.refresh_from_db()
    assert nominated.phase == Phase.LISTENING
    for _ in range(4):
        rounds.round()
        rounds.passes(minutes=20)
    assert len(fake.messages(fake.moderators)) <= 1, [row.content for row in fake.messages(fake.moderators)]
    fake.hands.give(permission, channel=channel)
    for _ in range(3):
        rounds.passes(minutes=40)
        rounds.round(verified=False)
    rounds.settle()
    assert disagreements(fake, rounds.now) == []
    assert not Post.objects.exclude(problem="").exists()
