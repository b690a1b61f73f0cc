"""What a test can look at: the server's state, the requests that came, what the bot did wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .faults import Exchange, Pattern
from .things import Channel, Interaction, Message, ScheduledEvent

if TYPE_CHECKING:
    from .rest import Rest
    from .things import Guild
    from .world import World


class Looks:
    world: World
    guild: Guild
    rest: Rest

    def threads(self, name: str = "") -> list[Channel]:
        return [row for row in self.guild.threads if name.lower() in row.name.lower()]

    def thread(self, name: str) -> Channel:
        found = self.threads(name)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} threads with {name!r}: {[row.name for row in self.guild.threads]}")
        return found[0]

    def messages(self, channel: Channel, *, by_bot: bool = False, system: bool = False) -> list[Message]:
        """Oldest first; Discord's own notices only with `system`."""
        rows = [row for row in list(channel.messages.values()) if system or not row.is_system]
        return sorted((row for row in rows if not by_bot or row.author is self.world.bot), key=lambda row: row.id)

    def pins(self, channel: Channel) -> list[Message]:
        return [row for row in self.messages(channel) if row.is_pinned]

    @property
    def events(self) -> list[ScheduledEvent]:
        return list(self.guild.events.values())

    @property
    def commands(self) -> list[str]:
        return [row["name"] for row in self.world.commands_in(self.guild)]

    @property
    def requests(self) -> list[Exchange]:
        return list(self.rest.log)

    def sent(self, pattern: str) -> list[Exchange]:
        """The requests that fit "METHOD /path*"."""
        probe = Pattern(pattern, times=10**9)
        return [row for row in self.requests if probe.strikes(row)]

    def refused(self, code: int) -> list[Exchange]:
        return [row for row in self.requests if row.code == code]

    @property
    def violations(self) -> list[Any]:
        """Bodies that Discord does not take. A test of the bot ends with `assert not fake.violations`."""
        return list(self.rest.violations)

    @property
    def ignored_keys(self) -> list[str]:
        """Keys that Discord does not know, and silently drops: misspellings."""
        return sorted(set(self.rest.ignored))

    @property
    def failed_interactions(self) -> list[Interaction]:
        """Those that people saw as "This interaction failed"."""
        rows = list(self.world.interactions.values())
        return [row for row in rows if row.answer_type is None and row.age > self.world.deadline_s]

    @property
    def answer_seconds(self) -> list[float]:
        """How long each answered interaction waited for its first answer, shortest first."""
        rows = list(self.world.interactions.values())
        return sorted(row.answered_after for row in rows if row.answered_after is not None)

    def recent(self, n: int = 15) -> str:
        return "\n".join(str(row) for row in self.requests[-n:])
