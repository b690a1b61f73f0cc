"""Failure mode 1: killed at every step of a phase change, the bot goes on from there; each thing stands once.

A step is a request that Discord carried out, or something that the bot wrote down. Between two steps nothing changes
anywhere, so to be killed after each of them, and before the first, is to be killed everywhere: before a request leaves,
when Discord has acted and nobody hears its answer, when the answer is written down. (The shipped process is killed in
`test_runbot_slow`.)
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from club.models import Phase, Week
from club.tests.factories import NominationFactory, WeekFactory
from club.voting import cast_ballot
from discordbot.database import in_database
from discordbot.keeping import memory
from discordbot.port import DiscordPort
from discordbot.tests.agreement import disagreements
from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.rounds import Rounds
from discordbot.ticker import Ticker
from social.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACES = {
    Phase.NOMINATIONS: ["NOMINATIONS"],
    Phase.POLL: ["NOMINATIONS", "POLL"],
    Phase.LISTENING: ["NOMINATIONS", "POLL", "WINNER"],
    Phase.DISCUSSION: ["NOMINATIONS", "POLL", "WINNER", "RATINGS"],
    Phase.CLOSED: ["NOMINATIONS", "POLL", "WINNER", "RATINGS"],
}
ENDS = ["nominations_close_at", "poll_close_at", "discussion_at", "ratings_close_at"]


class Killed(BaseException):
    """Nothing in the bot may catch it, as nothing catches SIGKILL."""


class Life:
    """Counts steps; after the last one everything ends, whatever runs beside it."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def require(self) -> None:
        if self.left <= 0:
            raise Killed

    def step(self) -> None:
        self.left -= 1
        self.require()

    async def write(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """In place of the memory's way to the database."""
        self.require()
        answer = await in_database(function, *args, **kwargs)
        self.step()
        return answer


class DyingHTTP:
    def __init__(self, http: Any, life: Life) -> None:
        self.http, self.life = http, life

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        self.life.require()
        answer = await self.http.request(*args, **kwargs)
        self.life.step()
        return answer


def dies(rounds: Rounds, steps: int, patch: pytest.MonkeyPatch) -> bool:
    """One round, killed after so many steps; False when it came to its end before."""

    async def act(port: DiscordPort) -> bool:
        life = Life(steps)
        port.http = DyingHTTP(port.http, life)  # type: ignore[assignment]
        ticker = Ticker(may_act=lambda: True, note=rounds.note, now=lambda: rounds.now)
        ticker._verified_at = rounds.now
        with patch.context() as here:
            here.setattr(memory, "in_database", life.write)
            try:
                await ticker.round(port)
            except (Killed, BaseExceptionGroup):
                return True
        return False

    return bool(rounds.with_port(act))


def week_in(rounds: Rounds, phase: Phase) -> Week:
    """A week that has just come into `phase`, of which nobody in Discord has heard; what came before stands."""
    before = list(PLACES)[: list(PLACES).index(phase)]
    week: Week = WeekFactory(opens_at=rounds.now - timedelta(minutes=1), phase=Phase.NOMINATIONS)
    nominations = [NominationFactory(week=week, created_at=rounds.now) for _ in range(2)]
    for name in ENDS:
        if week.phase == phase:
            break
        if week.phase == Phase.POLL:
            cast_ballot(voter=UserFactory(), week=week, first=nominations[1], second=nominations[0], now=rounds.now)
        if week.phase == before[-1]:
            rounds.settle()
        rounds.now = getattr(week, name) + timedelta(seconds=5)
        rounds.advance()
        week.refresh_from_db()
    assert week.phase == phase
    return week


@pytest.mark.parametrize(
    ("phase", "forum"),
    [*((phase, False) for phase in PLACES), (Phase.NOMINATIONS, True), (Phase.LISTENING, True)],
    ids=lambda value: str(value) if isinstance(value, Phase) else "forum" if value else "channel",
)
def test_failure_01_killed_at_every_step_of_a_phase_change(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch, phase: Phase, forum: bool
) -> None:
    fake.world.nonce_memory_s = 0  # when it is started again, Discord has forgotten every nonce
    rounds = Rounds(fake, forum=forum)
    week_in(rounds, phase)
    for steps in count():
        with rounds.for_nothing():
            has_died = dies(rounds, steps, monkeypatch)
            rounds.settle()
            assert disagreements(fake, rounds.now) == [], f"killed after {steps} steps of {phase}"
            assert sorted(each.name.split(" - ")[1] for each in fake.guild.threads) == sorted(PLACES[phase])
            for thread in fake.guild.threads:
                assert len(fake.pins(thread)) == 1, f"killed after {steps} steps of {phase}: {thread.name}"
            wanted = phase in {Phase.LISTENING, Phase.DISCUSSION}  # a closed week was first heard of in its discussion
            assert len(fake.events) == wanted, f"killed after {steps} steps of {phase}: {fake.events}"
        if not has_died:
            break
    assert steps > 8
    assert fake.violations == []
