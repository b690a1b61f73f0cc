"""A crowd presses vote: 200 members within ten seconds, against the shipped bot and a local Discord.

Every member presses the poll's button, fills in the form and sends it: two interactions each, at a random moment of the
ten seconds. Wanted: each first answer within the three seconds that Discord allows, and every ballot in the database.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.server import ROOT, Installation
from benchmarks.tables import Tables

MEMBERS, WITHIN_S, DEADLINE_S, PATIENCE_S = 200, 10.0, 3.0, 90.0
ALBUMS = 12


def measure(site: Installation, tables: Tables) -> None:
    from discordbot.tests.fake_discord import FakeDiscord

    with FakeDiscord() as fake:
        site.environment.update(fake.environment)
        site.python(FILL.format(channel=fake.club.id, moderators=fake.moderators.id, albums=ALBUMS))
        people = fake.people(MEMBERS)
        with bot(site):
            fake.wait_until(lambda: any(fake.pins(each) for each in fake.threads("- POLL")), seconds=PATIENCE_S)
            (card,) = fake.pins(fake.thread("- POLL"))
            began = time.perf_counter()
            answers = fake.together(lambda: [vote(person, card, n) for n, person in enumerate(people)])
            took = time.perf_counter() - began
            n_ballots = int(site.python(COUNT))
            fake.wait_until(lambda: f"{MEMBERS} members have voted" in fake.pins(fake.thread("- POLL"))[0].text,
                            seconds=PATIENCE_S)  # fmt: skip
        seconds = fake.answer_seconds
        said = sum("Your first choice" in answer.text for answer in answers)
        in_time = len(seconds) == 2 * MEMBERS and seconds[-1] < DEADLINE_S and not fake.failed_interactions
        rows = [
            row("opened and sent", seconds, tables.verdict(in_time)),
            ["ballots stored", "", "", "", f"{n_ballots // 2} of {MEMBERS}", tables.verdict(n_ballots == 2 * MEMBERS)],
            ["told what they chose", "", "", "", f"{said} of {MEMBERS}", tables.verdict(said == MEMBERS)],
            ["refused by Discord", "", "", "", str(len(fake.violations)), tables.verdict(not fake.violations)],
        ]
    title = f"Discord, {site.database}: {MEMBERS} members vote within {WITHIN_S:g} s (it took {took:.1f} s)"
    tables.show(title, ["first answers", "p50 ms", "p95 ms", "max ms", f"wanted < {DEADLINE_S:g} s", ""], rows)


def row(name: str, seconds: list[float], verdict: str) -> list[str]:
    """seconds: shortest first."""
    at = [seconds[min(int(len(seconds) * share), len(seconds) - 1)] for share in (0.5, 0.95, 1.0)]
    return [name, *(f"{each * 1000:.0f}" for each in at), f"{len(seconds)} answers", verdict]


async def vote(person: Any, card: Any, number: int) -> Any:
    """At a moment of their own, as people do."""
    dice = random.Random(number)
    await asyncio.sleep(dice.random() * WITHIN_S * 0.9)
    form = await person.press(card, "Vote")
    options = [option["value"] for option in form.form.field("First").options]
    first, second = dice.sample(options, 2)
    return await person.submit(form, {"First": first, "Second": second})


@contextmanager
def bot(site: Installation) -> Iterator[None]:
    """The shipped command."""
    process = subprocess.Popen([sys.executable, "manage.py", "runbot"], cwd=ROOT, env=site.environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


COUNT = """
from club.models import Vote, Week
print(Vote.objects.filter(week=Week.objects.order_by("-number").first()).count())
"""
FILL = """
from datetime import timedelta
from django.utils import timezone
from catalog.naming import get_or_create_album
from club.models import Nomination, Phase, Week
from discordbot.models import BotLease, DiscordSettings
from social.models import User
now = timezone.now()
Week.objects.exclude(phase__in=["closed", "cancelled"]).update(phase="closed")
number = (Week.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
week = Week.objects.create(
    number=number, phase=Phase.POLL, opens_at=now - timedelta(days=4), nominations_close_at=now - timedelta(days=1),
    poll_close_at=now + timedelta(days=1), discussion_at=now + timedelta(days=9),
    ratings_close_at=now + timedelta(days=12),
)
for n in range({albums}):
    album, _ = get_or_create_album(title=f"Record {{n}}", artist=f"Band {{n}}", year=1970 + n, is_demo=True)
    user = User.objects.create_user(f"nominator{{n}}")
    Nomination.objects.create(week=week, user=user, album=album, created_at=now - timedelta(days=2))
DiscordSettings.load()
DiscordSettings.objects.update(club_channel_snowflake={channel}, moderators_channel_snowflake={moderators})
"""
