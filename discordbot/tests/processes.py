"""The shipped `manage.py runbot` as a process of its own, on a database of its own, against the local Discord."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from discordbot.tests.fake_discord import FakeDiscord
from sidetrack.tests.running import Site, wait_for

IMPORTS = """
from datetime import timedelta
from django.utils import timezone
from django.db import connection
from club.models import *
from discordbot.models import *
from social.models import User
from club.tests.factories import *
from social.tests.factories import UserFactory
"""


class Club(Site):
    """A club with its channels chosen; `python` knows its models."""

    imports = IMPORTS

    def __init__(
        self, folder: Path, fake: FakeDiscord, *, database: str = "", like: Path | None = None, **environment: str
    ) -> None:
        super().__init__(folder, like=like)
        self.fake = fake
        self.environment |= fake.environment | environment
        if database:
            self.environment["DATABASE_URL"] = database
        self.n_bots = 0

    def choose_channels(self, *, forum: bool = False) -> None:
        places = {
            "is_forum": forum,
            "club_channel_snowflake": (self.fake.forum if forum else self.fake.club).id,
            "voice_channel_snowflake": self.fake.voice.id,
            "moderators_channel_snowflake": self.fake.moderators.id,
        }
        self.python(f"DiscordSettings.load(); DiscordSettings.objects.update(**{places!r})")

    def open_week(self, *, nominations: int = 2) -> None:
        self.python(
            "week = WeekFactory(opens_at=timezone.now() - timedelta(hours=1), phase=Phase.NOMINATIONS)\n"
            f"for _ in range({nominations}): NominationFactory(week=week, created_at=timezone.now())\n"
            "from club.revision import bump; bump()"
        )

    def end_phase(self) -> str:
        """The present phase's deadline was a second ago; nobody moved the week yet. Gives the deadline's name."""
        return str(
            self.python(
                "from club.phases import TABLE\n"
                "week = Week.objects.get()\n"
                "names = ['nominations_close_at', 'poll_close_at', 'discussion_at', 'ratings_close_at']\n"
                "now = timezone.now()\n"
                "name = names[['nominations', 'poll', 'listening', 'discussion'].index(week.phase)]\n"
                "shift = getattr(week, name) - now + timedelta(seconds=1)\n"
                "for each in ['opens_at', *names]: setattr(week, each, getattr(week, each) - shift)\n"
                "week.save()\n"
                "answer = name"
            )
        )

    @property
    def phase(self) -> str:
        return str(self.python("answer = str(Week.objects.get().phase)"))

    @property
    def lease(self) -> dict[str, Any]:
        row: dict[str, Any] = self.python("answer = BotLease.objects.values().first() or {}")
        return row

    @contextmanager
    def bot(self, *arguments: str) -> Iterator[Bot]:
        """A bot; its output is its own log. It is stopped whatever happens."""
        self.n_bots += 1
        log = f"bot{self.n_bots}"
        with self.running(sys.executable, "manage.py", "runbot", *arguments, log=log) as process:
            yield Bot(self, process, log)


class Bot:
    def __init__(self, club: Club, process: subprocess.Popen[bytes], log: str) -> None:
        self.club, self.process, self.log = club, process, log

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def said(self) -> str:
        return self.club.said(self.log)

    def is_up(self, *, seconds: float = 30) -> Bot:
        self.says("Connected to Discord", seconds=seconds)
        return self

    def says(self, words: str, *, seconds: float = 30) -> None:
        """Wait until its log holds `words`; not longer when it ends."""
        wait_for(lambda: words in self.said or self.process.poll() is not None, seconds=seconds, what=words)
        assert words in self.said, self.said

    def listens(self, *, seconds: float = 30) -> Bot:
        """Wait until SIGTERM finds somebody who answers: before, Python itself is only being loaded."""
        wait_for(lambda: self.process.poll() is not None or self._hears_sigterm(), seconds=seconds, what="a handler")
        return self

    def _hears_sigterm(self) -> bool:
        status = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        caught = next((int(line.split()[1], 16) for line in status if line.startswith("SigCgt:")), 0)
        return bool(caught & 1 << (signal.SIGTERM - 1))

    def stop(self, number: int = signal.SIGTERM, *, seconds: float = 20) -> int:
        """Its exit code after this signal."""
        os.kill(self.pid, number)
        return self.process.wait(seconds)
