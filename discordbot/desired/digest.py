"""The Monday digest: one message in the club's channel, on its day or never. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from discordbot.cards.digest import digest
from discordbot.facts import ClubState
from discordbot.posts import DesiredMessage


def digest_of(state: ClubState) -> Iterator[DesiredMessage]:
    """Nothing in a week in which nothing happened."""
    if (facts := state.digest) is not None and facts.says_something:
        yield DesiredMessage(None, "digest", facts.key, "club", digest(facts, state), is_once=True, until=facts.until)
