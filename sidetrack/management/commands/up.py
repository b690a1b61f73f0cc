"""`manage.py up`: what `make run` starts once everything is installed."""

from __future__ import annotations

import shlex
import sys
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from sidetrack.preparing import prepare
from sidetrack.running import port_is_free, run_all


class Command(BaseCommand):
    help = "Prepares database and static files, then runs web, worker and bot until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
        parser.add_argument(
            "--prepare-only", action="store_true", help="prepare, then stop: once before the processes start"
        )

    def handle(self, *args: Any, no_demo: bool, prepare_only: bool, **options: Any) -> None:
        if not prepare_only and not port_is_free(settings.HOST, settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is taken: something already listens on {settings.HOST}:{settings.PORT}. "
                f"Stop it, or choose another port: make run PORT={settings.PORT + 1}"
            )
        prepare(now=timezone.now(), say=self.stdout.write, with_demo=not (no_demo or prepare_only))
        connection.close()
        if not prepare_only:
            sys.exit(
                run_all(
                    processes(),
                    host=settings.HOST,
                    port=settings.PORT,
                    site_host=settings.SITE_HOST,
                    address=f"{settings.SITE_URL}/",
                )
            )


def processes() -> dict[str, str]:
    """The command line of each process by name; the bot only where it has a token."""
    python, manage = shlex.quote(sys.executable), shlex.quote(str(settings.BASE_DIR / "manage.py"))
    commands = {
        "web": f"exec {python} -m gunicorn sidetrack.wsgi -c python:sidetrack.web",
        "worker": f"exec {python} {manage} worker",
    }
    if settings.DISCORD_BOT_TOKEN and "runbot" in get_commands():
        commands["bot"] = f"exec {python} {manage} runbot --keep-trying"
    return commands
