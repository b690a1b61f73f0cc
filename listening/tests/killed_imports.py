"""An import whose worker is killed −9 after the n-th statement, again and again; run inside a site of its own.

Each worker is a fork that kills itself, so that the points are exact: within a transaction, after it, between two.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from listening.importing import leases, receiving
from listening.importing.reading import OpenFile
from listening.importing.tasks import work
from listening.models import ImportBatch, ListenEvent
from listening.proving import differences
from listening.tests.bringing import as_json, stream
from social.models import User

State = ImportBatch.State
N_ENTRIES, CHUNK = 2_500, 25
# Late and early ones by turns: who dies five times without a chunk is given up.
POINTS = (97, 1, 89, 2, 81, 4, 74, 7, 68, 11, 61, 18, 55, 23, 110, 27, 103, 31, 38, 34)
MOVING = [State.UPLOADED, State.QUEUED, State.RUNNING, State.UNDOING]
whole_chunks = OpenFile.chunks


def main() -> None:
    """Import and take back under fire, then in peace; tells each state on a line of its own."""
    OpenFile.chunks = lambda file, start, *, size=CHUNK: whole_chunks(file, start, size=CHUNK)  # type: ignore[method-assign]
    from listening.importing import undoing

    undoing.AT_ONCE = CHUNK
    rin = User.objects.create_user("rin")
    content = as_json([stream(number, incognito_mode=number % 9 == 0) for number in range(N_ENTRIES)])
    batch, _ = receiving.receive(member=rin, pieces=[content], name="a.json", now=timezone.now())
    under_fire(batch, "look")
    ImportBatch.objects.update(state=State.QUEUED, lease_until=None)
    under_fire(batch, "import")
    ImportBatch.objects.update(state=State.UNDOING, position={}, share_read=0, lease_until=None)
    under_fire(batch, "undo")


def under_fire(batch: ImportBatch, what: str) -> None:
    for point in POINTS:
        if ImportBatch.objects.get(pk=batch.pk).state not in MOVING:
            break
        died = in_a_fork(lambda point=point: go_on(batch, point))  # type: ignore[misc]
        tell(batch, f"{what} killed", point=point, died=died)
    if ImportBatch.objects.get(pk=batch.pk).state in MOVING:
        in_a_fork(lambda: go_on(batch, 0))
    tell(batch, what)


def in_a_fork(act: Callable[[], Any]) -> bool:
    """Whether the process was killed."""
    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(ended) == 0
    return False


def go_on(batch: ImportBatch, point: int) -> None:
    """What a worker does, until its `point`-th statement; 0: to the end."""
    n_statements = 0

    def deadly(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal n_statements
        answer = execute(*arguments)
        n_statements += 1
        if n_statements == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    with connection.execute_wrapper(deadly):
        leased = leases.take(batch.pk, MOVING, now=timezone.now())
        assert leased is not None
        work(leased, path=Path(settings.MEDIA_ROOT) / leased.file.name if leased.file else None)


def tell(batch: ImportBatch, what: str, **more: Any) -> None:
    ImportBatch.objects.update(lease_until=None)  # as if the dead worker's minutes were over
    row = ImportBatch.objects.get(pk=batch.pk)
    seconds = ListenEvent.objects.order_by("played_at").values_list("played_at", flat=True)
    state = {
        "what": what,
        "state": row.state,
        "held": [int(moment.timestamp()) for moment in seconds],
        "counted": [row.n_lines, row.n_new, row.n_known, row.n_duplicates, sum(row.skipped.values())],
        "looked": [row.preview.get(name, 0) for name in ("n_lines", "n_new", "n_known", "n_duplicates")],
        "wrong": differences(user=batch.user),
        **more,
    }
    sys.stdout.write(f"STATE {json.dumps(state)}\n")
