"""Run the local Discord by itself: `python -m discordbot.tests.fake_discord --port 8190`.

Prints what a bot needs in its environment, serves the page, and writes one line for everything that happens.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from typing import Any

from . import FakeDiscord, Person
from .page import Page
from .things import Message

NAMES = (
    "Mo Moderator,Ana,Ben,Chioma,Dmitri,Eun-ji,Farah,Goran,Hana,Ines,Jonas,Kamala,Luca,Mei,Nils,Oona,Priya,Quentin,Rosa"
)


def people_of(fake: FakeDiscord, n_members: int) -> list[Person]:
    names = NAMES.split(",")
    names += [f"Member {number}" for number in range(len(names), n_members)]
    return [fake.person(name, *(["Moderator"] if "Moderator" in name else [])) for name in names[:n_members]]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Teller:
    """Writes a line for each message and each refused request; the gateway hears what it would have heard."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.next = fake.gateway
        fake.world.listener = self
        fake.rest.listeners.append(self.request)

    def tell(self, event: str, data: Any, **where: Any) -> None:
        if event.startswith(("THREAD", "CHANNEL_DELETE", "GUILD_SCHEDULED", "CHANNEL_PINS")):
            say(f"{datetime.now(UTC):%H:%M:%S} {event} {data.get('name') or data.get('channel_id') or data.get('id')}")
        self.next.tell(event, data, **where)

    def tell_message(self, event: str, message: Message) -> None:
        channel = self.fake.world.find_channel(message.channel_id)
        first = message.text.replace("\n", " / ")[:160] or f"({message.type.name.lower()})"
        place = channel.name if channel else message.channel_id
        say(f"{datetime.now(UTC):%H:%M:%S} {event} #{place} {message.author.display_name}: {first}")
        self.next.tell_message(event, message)

    def request(self, exchange: Any) -> None:
        if exchange.status >= 400 or not exchange.status:
            say(f"{datetime.now(UTC):%H:%M:%S} REFUSED {exchange} {str(exchange.answer)[:300]}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m discordbot.tests.fake_discord", description=__doc__)
    parser.add_argument("--port", type=int, default=8190)
    parser.add_argument("--members", type=int, default=12)
    parser.add_argument("--token", default="", help="the bot's token, for one that stays the same from run to run")
    parser.add_argument("--guild", type=int, default=0, help="the server's id, for the same reason")
    parser.add_argument("--read-messages", action="store_true", help="switch the message content intent on")
    options = parser.parse_args()
    fake = FakeDiscord(port=options.port, guild_id=options.guild or None)
    fake.world.token = options.token or fake.world.token
    if options.read_messages:
        fake.world.privileged.add("message_content")
    page = Page(fake, people_of(fake, max(options.members, 1)))
    fake.pages.append(page.add_to)
    Teller(fake)
    try:
        fake.start()
    except OSError as error:
        sys.exit(f"Port {options.port} cannot be used ({error.strerror}); choose another with --port.")
    say(f"A local Discord, to be watched at {fake.world.address}/ (Ctrl-C ends it). For the bot's environment:\n")
    for name, value in fake.environment.items():
        say(f"{name}={value}")
    places = ((row.name, row.id) for row in (fake.club, fake.forum, fake.voice, fake.moderators))
    say("\nChannels, for /club settings: " + ", ".join(f"{name} {number}" for name, number in places) + "\n")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    fake.stop()


if __name__ == "__main__":
    main()
