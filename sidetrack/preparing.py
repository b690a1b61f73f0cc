"""What stands between a fresh clone and a running site: database, static files, schedules, demo data.

Each step is safe to repeat and quick when there is nothing to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sidetrack import __version__, schedule

Say = Callable[[str], object]


def prepare(*, now: datetime, say: Say, with_demo: bool) -> None:
    migrate(say=say)
    collect_static(say=say)
    say(f"Schedules: {schedule.sync(now=now)}.")
    if with_demo and "demo" in get_commands():
        call_command("demo", if_empty=True)


def migrate(*, say: Say) -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        say(f"Database: applying {len(waiting)} migrations …")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static(*, say: Say) -> None:
    """Copy, hash and compress the static files, unless none of them changed since the last time."""
    stamp, wanted = Path(settings.STATIC_ROOT) / ".collected", static_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Static files: hashing and compressing …")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def static_fingerprint() -> str:
    """Changes when a static file of any app is added, removed or written, or when the version changes."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
