"""What goes wrong around a bot: the network, Discord itself, people's hands. Each picks by the dice and names it."""

from __future__ import annotations

from random import Random

from discordbot.tests.fake_discord import FakeDiscord
from discordbot.tests.fake_discord.faults import malformed, reset, server_error, too_many


def misbehave(fake: FakeDiscord, dice: Random) -> str:
    """For a while: the gateway, doubled interactions, or a share of all requests."""
    fake.gateway.copies_of_interactions = 1
    own = Random(dice.random())  # thrown on the server's thread: not to be mixed with ours
    match dice.randrange(10):
        case 0:
            fake.on_loop(fake.gateway.drop)
            return "cut lines"
        case 1:
            fake.on_loop(fake.gateway.ask_to_reconnect)
            return "reconnects"
        case 2:
            fake.on_loop(fake.gateway.invalidate)
            return "lost sessions"
        case 3:
            fake.gateway.copies_of_interactions = 2
            return "doubled interactions"
        case 4:
            fake.chaos(
                dice,
                0.3,
                server_error(after=True),
                reset(after=True),
                malformed(after=True),
                pattern="POST /channels/*",
            )
            return "spells of 500 after acting"
        case 5:
            fake.chaos(own, 0.3, too_many(0.05), too_many(300), too_many(via=False), pattern="P* /channels/*")
            return "spells of 429"
        case 6:
            fake.chaos(own, 0.2, server_error(503), reset(), pattern="* /channels/*")
            return "spells of 503"
        case 7:
            fake.chaos(own, 0.1, server_error(503), reset(after=True), pattern="* /interactions/*")
            return "spells of lost answers"
        case _:
            return "quiet spells"


def meddle(fake: FakeDiscord, dice: Random) -> str:
    """Somebody with the rights to do it changes what is the bot's."""
    threads = fake.guild.threads[-4:]
    if not threads:
        return "hands kept still"
    thread = dice.choice(threads)
    messages = fake.messages(thread, by_bot=True)
    pins = fake.pins(thread)
    match dice.randrange(12):
        case 0:
            fake.hands.delete(thread)
            return "deleted threads"
        case 1 | 2 if messages:
            fake.hands.delete(dice.choice(messages))
            return "deleted messages"
        case 3 if pins and not thread.archived:  # in a thread that sleeps Discord lets nobody pin or unpin
            fake.hands.unpin(dice.choice(pins))
            return "unpinned cards"
        case 4:
            fake.hands.archive(thread, locked=dice.random() < 0.5)
            return "archived threads"
        case 5:
            fake.hands.rename(thread, "renamed by somebody")
            return "renamed threads"
        case 6 if fake.events:
            fake.hands.delete(dice.choice(fake.events))
            return "deleted events"
        case _:
            return "hands kept still"
