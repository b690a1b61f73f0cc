"""For tests of the bot: `fake`, a local Discord that ends with the test (see `discordbot.tests.fake_discord`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from discordbot.tests.asking import asker, during, manager, poll  # noqa: F401  (fixtures)
from discordbot.tests.fake_discord import FakeDiscord, Person
from discordbot.tests.processes import Club
from discordbot.tests.rounds_stage import nominated, rounds  # noqa: F401  (fixtures)
from discordbot.tests.week_stage import living_bot  # noqa: F401  (a fixture)
from discordbot.tests.whole_bot_stage import bot, clock, week  # noqa: F401  (fixtures)


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def ana(fake: FakeDiscord) -> Person:
    return fake.person("Ana")


@pytest.fixture
def ben(fake: FakeDiscord) -> Person:
    return fake.person("Ben")


@pytest.fixture
def club(fake: FakeDiscord, migrated: Path, tmp_path: Path) -> Iterator[Club]:
    """A club on a database of its own, its channels chosen; `club.bot()` runs the shipped `manage.py runbot`."""
    club = Club(tmp_path, fake, like=migrated)
    club.choose_channels()
    yield club
    club.close()
