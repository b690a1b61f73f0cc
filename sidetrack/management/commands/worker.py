"""`manage.py worker` runs the queue; `manage.py worker --check`, for container health checks, says whether it runs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone
from django_q.tasks import async_task

from sidetrack import heartbeat
from sidetrack.worker import Parent


class Command(BaseCommand):
    help = "Runs the queued and scheduled jobs. Stops in good order: running jobs finish, the rest stays queued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the queue runs jobs (exit 1 if not)")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            return self.report()
        async_task("sidetrack.tasks.heartbeat")  # so that /ready need not wait for the first scheduled one
        connection.close()
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "qcluster"]
        parent = Parent(command, is_hung=is_hung, longest_task_s=settings.Q_CLUSTER["timeout"] + 30)
        sys.exit(parent.run())

    def report(self) -> None:
        silence = heartbeat.silent_for(timezone.now())
        if silence is None or silence > heartbeat.dead_after():
            raise CommandError("The queue has not run a task lately.")
        self.stdout.write(f"The queue ran a task {int(silence.total_seconds())} s ago.")


def is_hung(started: float) -> bool:
    """Whether a cluster started at `started` (seconds since 1970) has been silent for too long."""
    try:
        last = heartbeat.last_beat()
    except DatabaseError:
        return False  # the queue is not to blame
    finally:
        connection.close()
    since = max(filter(None, [last, datetime.fromtimestamp(started, UTC)]))
    silence: timedelta = timezone.now() - since
    return silence > heartbeat.dead_after()
