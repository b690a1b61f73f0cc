"""`manage.py runbot`: the club's bot, until it is stopped (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from discordbot.misconfigured import Misconfigured
from discordbot.stopping import SIGNALS, ending_well
from discordbot.supervisor import PATIENCE_S, Supervisor
from discordbot.texts import operating, say
from sidetrack.health import migration_problems

AGAIN_S = 60.0


class Command(BaseCommand):
    help = "Run the club's Discord bot. Needs DISCORD_BOT_TOKEN and DISCORD_GUILD_ID."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait",
            type=float,
            default=PATIENCE_S,
            metavar="SECONDS",
            help="how long to wait for another bot of this club to end (default: %(default)g)",
        )

        parser.add_argument(
            "--keep-trying",
            action="store_true",
            help="when something must be mended first, say what and try again each minute instead of ending",
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """From here on no signal ends the process with an error; checks and migrations come after it."""
        with ending_well():
            super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            waiting = migration_problems()
        except DatabaseError as error:
            raise CommandError(say(operating.DATABASE_SILENT, why=error)) from error
        finally:
            connection.close()
        if waiting:
            raise CommandError(waiting[0])
        while True:
            try:
                code = asyncio.run(self._main(options["wait"]))
            except Misconfigured as mistake:
                if not options["keep_trying"]:
                    raise CommandError(mistake.words) from mistake
                self.stderr.write(say(operating.TRIES_AGAIN, why=mistake.words, seconds=AGAIN_S))
                if stopped_within(AGAIN_S):
                    return
            else:
                break
        if code:
            sys.exit(code)

    async def _main(self, patience_s: float) -> int:
        return await Supervisor(patience_s=patience_s).run()


def stopped_within(seconds: float) -> bool:
    """Wait, and say whether SIGTERM or Ctrl-C came meanwhile."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in SIGNALS}
    try:
        return stop.wait(seconds)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
