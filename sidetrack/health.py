"""`/health`: the web process answers. `/ready`: all that it needs answers too, or 503 with what does not.

Apps add their own checks: `slots.register("ready:checks", problems)`; the callable returns sentences, none when well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sidetrack import __version__, heartbeat, slots

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive", "version": __version__})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    found = problems(timezone.now())
    answer = {"status": "not ready" if found else "ready", "version": __version__, "problems": found}
    return JsonResponse(answer, status=503 if found else 200)


def problems(now: datetime) -> list[str]:
    """What keeps the site from doing its work; nothing else is asked while the database does not answer."""
    if found := database_problems():
        return found
    found = [*migration_problems(), *_asked("queue", lambda: queue_problems(now))]
    for filler in slots.fillers("ready:checks"):
        found += _asked(filler.name, filler.call)
    return found


def database_problems() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", type(error).__name__)
        return ["The database does not answer."]
    return []


def migration_problems() -> list[str]:
    """Read anew each time: a migration may be applied, or a newer one deployed, while this process runs."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return []
    names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in waiting[:3])
    return [
        f"{len(waiting)} migrations are not applied: {names}{' …' if len(waiting) > 3 else ''}. Run manage.py migrate."
    ]


def queue_problems(now: datetime) -> list[str]:
    silence = heartbeat.silent_for(now)
    if silence is None:
        return ["The queue has not run a task yet: is a worker running?"]
    if silence > heartbeat.LATE_AFTER:
        return [f"The queue has run nothing for {int(silence.total_seconds() // 60)} minutes: is a worker running?"]
    return []


def _asked(name: str, check: Callable[[], Iterable[str] | None]) -> list[str]:
    """A check that breaks is a problem of its own, not a broken page."""
    try:
        return list(check() or [])
    except Exception:
        logger.exception("The readiness check %s broke.", name)
        return [f"The check “{name}” itself failed."]
