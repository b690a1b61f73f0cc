"""From the club's state and the clock to what should stand in Discord. Pure: the same in, the same out.

    plan(read_state(now), now) -> Plan

Threads come to exist with their phase and stay; cards in them change with the week. What is said once (`notices`) is
in the plan only while it is news. `places` knows the four threads, `notices` what is said once, `digest` what is
said on Mondays.
"""

from __future__ import annotations

from datetime import datetime

from discordbot.desired.digest import digest_of
from discordbot.desired.notices import notices_of
from discordbot.desired.places import posts_of
from discordbot.facts import ClubState
from discordbot.posts import Desired, DirectMessage, Plan

__all__ = ["plan"]


def plan(state: ClubState, now: datetime) -> Plan:
    """Week after week, oldest first: threads with their cards, then what is said once; the Monday digest at last."""
    posts: list[Desired] = []
    direct: list[DirectMessage] = []
    gone: list[tuple[int | None, str, str]] = []
    for week in sorted(state.weeks, key=lambda each: each.number):
        standing, unwanted = posts_of(week, state, now)
        said, personal = notices_of(week, state, now)
        posts += [*standing, *said]
        direct += personal
        gone += unwanted
    posts += digest_of(state)
    return Plan(tuple(posts), tuple(direct), tuple(gone))
