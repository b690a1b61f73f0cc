"""Killed at any step, the bot goes on from there: one announcement, one pin, one thread of each."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from club.models import Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from club.voting import cast_ballot
from discordbot.models import Post
from discordbot.port import DiscordPort
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.rounds import Rounds
from discordbot.ticker import Ticker
from social.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Killed(BaseException):
    """Nothing in the bot may catch it, as nothing catches SIGKILL."""


class Dying:
    """The HTTP client of a process that dies at its nth request: before it leaves, or when the answer would come."""

    def __init__(self, http: Any, *, nth: int, after: bool) -> None:
        self.http, self.nth, self.after = http, nth, after
        self.n = 0

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        self.n += 1
        if self.n > self.nth or (self.n == self.nth and not self.after):
            raise Killed
        answer = await self.http.request(*args, **kwargs)
        if self.n == self.nth:
            raise Killed
        return answer


def killed_round(rounds: Rounds, *, nth: int, after: bool) -> bool:
    """One round that dies at its nth request; False when it came to its end before."""

    async def act(port: DiscordPort) -> bool:
        port.http = Dying(port.http, nth=nth, after=after)  # type: ignore[assignment]
        ticker = Ticker(may_act=lambda: True, note=rounds.note, now=lambda: rounds.now)
        ticker._verified_at = rounds.now
        try:
            await ticker.round(port)
        except (Killed, BaseExceptionGroup):
            return True
        return False

    return bool(rounds.with_port(act))


def everything_once(fake: FakeDiscord, week: Week, *places: str) -> None:
    """One thread of each place, one pin in it, no message twice, and memory that agrees with what stands."""
    assert sorted(thread.name.split(" - ")[1] for thread in fake.guild.threads) == sorted(places)
    for place in places:
        thread = fake.thread(f"- {place}")
        assert len(fake.pins(thread)) == 1, place
        said = [(row.content, str(row.embeds)) for row in fake.messages(thread, by_bot=True) if row.id != thread.id]
        assert len(said) == len(set(said)), place
        kept = Post.objects.filter(channel_snowflake=thread.id).exclude(kind="thread").order_by("message_snowflake")
        there = [row.id for row in fake.messages(thread, by_bot=True) if row.id != thread.id]
        assert list(kept.values_list("message_snowflake", flat=True)) == there, place
    n_starters = len(fake.messages(fake.club, by_bot=True))
    assert n_starters == (len(places) if fake.threads()[0].parent_id == fake.club.id else 0)
    assert set(Post.objects.values_list("state", flat=True)) == {Post.State.STANDING}
    assert fake.violations == []


def open_week(rounds: Rounds, phase: Phase = Phase.NOMINATIONS) -> Week:
    week = WeekFactory(opens_at=rounds.now - timedelta(hours=1), phase=phase)
    for _ in range(2):
        NominationFactory(week=week, created_at=rounds.now)
    return week


@pytest.mark.parametrize("forum", [False, True], ids=["channel", "forum"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_every_request_of_an_opening(fake: FakeDiscord, after: bool, forum: bool) -> None:
    fake.world.nonce_memory_s = 0  # an hour later Discord has forgotten every nonce
    rounds = Rounds(fake, forum=forum)
    week = open_week(rounds)
    for nth in count(1):
        if not killed_round(rounds, nth=nth, after=after):
            break
        rounds.settle()
        everything_once(fake, week, "NOMINATIONS")
        for thread in fake.threads():
            fake.hands.delete(thread)
        for message in fake.messages(fake.club):
            fake.hands.delete(message)
        Post.objects.all().delete()
    assert nth >= 5


@pytest.mark.parametrize("forum", [False, True], ids=["channel", "forum"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_again_and_again_through_a_whole_week(fake: FakeDiscord, after: bool, forum: bool) -> None:
    """Each round dies after a few requests, and the next one must take up where it broke off."""
    fake.world.nonce_memory_s = 0
    rounds = Rounds(fake, forum=forum)
    week = open_week(rounds)
    first, second = week.nominations.order_by("pk")
    places = {
        Phase.NOMINATIONS: ["NOMINATIONS"],
        Phase.POLL: ["NOMINATIONS", "POLL"],
        Phase.LISTENING: ["NOMINATIONS", "POLL", "WINNER"],
        Phase.DISCUSSION: ["NOMINATIONS", "POLL", "WINNER", "RATINGS"],
        Phase.CLOSED: ["NOMINATIONS", "POLL", "WINNER", "RATINGS"],
    }
    deadlines = ["nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at", None]
    for deadline in deadlines:
        for n in range(200):
            if not killed_round(rounds, nth=1 + n % 6, after=after):
                break
        else:
            pytest.fail("It never came to its end.")
        rounds.settle()
        week.refresh_from_db()
        everything_once(fake, week, *places[week.phase])
        if week.phase == Phase.POLL:
            cast_ballot(voter=UserFactory(), week=week, first=second, second=first, now=rounds.now)
        if deadline:
            rounds.now = getattr(week, deadline) + timedelta(seconds=5)
            rounds.advance()
    assert week.phase == Phase.CLOSED
    assert len(fake.events) == 1
