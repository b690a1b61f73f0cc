"""What members do in a week, as they do it in Discord: press, fill in, send."""

from __future__ import annotations

from typing import Any

from discordbot.tests.fake_discord import Answer, FakeDiscord, Person
from discordbot.tests.fake_discord.things import Message


def card(fake: FakeDiscord, place: str) -> Message:
    """The one pinned message of the one thread of this place."""
    (pinned,) = fake.pins(fake.thread(f"- {place}"))
    return pinned


def nominate(person: Person, where: Message | Answer, line: str, **more: Any) -> Answer:
    """`line`: Album — Artist (Year)."""
    return person.submit(person.press(where, "Nominate"), {"Album": line} | more)


def ballot(first: str | None, second: str | None = None) -> dict[str, Any]:
    chosen = {"First": first or [], "Second": second or []}
    return {name: value for name, value in chosen.items() if value or name == "First"}


def vote(person: Person, where: Message | Answer, first: str | None, second: str | None = None) -> Answer:
    """Albums by their line, as the select shows them."""
    return person.submit(person.press(where, "Vote"), ballot(first, second))


def rate(person: Person, where: Message | Answer, stars: float, **more: Any) -> Answer:
    return person.submit(person.press(where, "Rate"), {"Your rating": str(round(stars * 2))} | more)


def confirmed(moderator: Person, command: str, **options: Any) -> Answer:
    """A moderator's command, looked at and confirmed."""
    return moderator.press(moderator.slash(f"club {command}", **options), "Confirm")
