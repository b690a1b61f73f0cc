"""Reading a plan in tests: what stands in it, by kind and key, with which buttons; and what each phase should have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from club.models.week import Phase
from discordbot.facts import Standing
from discordbot.posts import DesiredEvent, DesiredMessage, DesiredThread, Plan
from discordbot.routes import decode

HOUR = timedelta(hours=1)


def keys(made: Plan, *, lasting: bool = False) -> list[tuple[str, str]]:
    """Kind and key of each post in order; lasting: without what is said once, and the event, which passes."""
    return [
        (post.kind, post.key)
        for post in made.posts
        if not lasting or not (isinstance(post, DesiredEvent) or (isinstance(post, DesiredMessage) and post.is_once))
    ]


def threads(made: Plan) -> dict[str, DesiredThread]:
    return {post.key: post for post in made.posts if isinstance(post, DesiredThread)}


def message(made: Plan, kind: str, key: str) -> DesiredMessage:
    found = [post for post in made.posts if isinstance(post, DesiredMessage) and (post.kind, post.key) == (kind, key)]
    assert len(found) == 1, keys(made)
    return found[0]


def once(made: Plan) -> list[DesiredMessage]:
    return [post for post in made.posts if isinstance(post, DesiredMessage) and post.is_once]


def the_buttons(message: DesiredMessage) -> list[tuple[str, bool]]:
    """Verb and whether it can be pressed."""
    parts = [part for row in message.payload["components"] for part in row["components"] if "custom_id" in part]
    routes = [(decode(part["custom_id"]), part["disabled"]) for part in parts]
    assert all(route and route.week == 3 for route, _ in routes)
    return [(route.verb, not disabled) for route, disabled in routes if route]


def stood(made: Plan, **facts: Any) -> tuple[Standing, ...]:
    """What the bot remembers after it has carried the plan out."""
    return tuple(
        Standing(post.kind, post.key, message=number, thread=7000 + number if post.kind == "thread" else None, **facts)
        for number, post in enumerate(made.posts, 1)
    )


EXPECTED = {
    Phase.SCHEDULED: [],
    Phase.NOMINATIONS: [
        ("thread", "nominations"), ("card", "nominations"), ("nomination", "1"), ("nomination", "2"),
        ("nomination", "3"),
    ],
}  # fmt: skip
EXPECTED[Phase.POLL] = [*EXPECTED[Phase.NOMINATIONS], ("thread", "poll"), ("card", "poll")]
EXPECTED[Phase.LISTENING] = [
    *EXPECTED[Phase.POLL], ("result", "poll"), ("thread", "winner"), ("winner", "announcement"), ("event", "discussion")
]  # fmt: skip
EXPECTED[Phase.DISCUSSION] = [*EXPECTED[Phase.LISTENING][:-1], ("thread", "ratings"), ("card", "ratings")]
EXPECTED[Phase.CLOSED] = [*EXPECTED[Phase.DISCUSSION], ("summary", "ratings")]
