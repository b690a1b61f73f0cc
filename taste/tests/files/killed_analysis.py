"""Workers that are killed −9 after the n-th statement, one after the other; run inside a site of its own.

Each is a fork that kills itself, so that the points are exact: before the work, in the middle of storing, between two
batches.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from catalog.naming import get_or_create_track
from taste.audio import due
from taste.audio.running import run
from taste.audio.scanning import scan
from taste.models import AudioFile, TrackEmbedding, TrackFeatures, TrackScore
from taste.tests.files.music import write

N_FILES, BATCH = 30, 3
POINTS = (9, 45, 21, 34, 14, 50, 17, 40)


def fill(n_files: int = N_FILES, seconds: float = 0.5) -> None:
    root = Path(settings.AUDIO_ROOT)
    for model in (AudioFile, TrackEmbedding, TrackScore, TrackFeatures):
        model.objects.all().delete()
    shutil.rmtree(root, ignore_errors=True)
    for number in range(n_files):
        artist, title = f"Band {number}", f"Song {number}"
        write(root / f"{number:02}.wav", pitch=150 + 20 * number, seconds=seconds, artist=artist, title=title)
        get_or_create_track(artist=artist, title=title)
    scan(root)


def main() -> None:
    """Analyse under fire, then in peace; tells each state on a line of its own."""
    due.BATCH = BATCH
    fill()
    for point in POINTS:
        tell("killed", died=in_a_fork(point))
    in_a_fork(0)
    tell("done")


def in_a_fork(point: int) -> bool:
    """What a worker does until its `point`-th statement, 0: to the end; whether it was killed."""
    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        status = 1
        try:
            with connection.execute_wrapper(deadly(point)):
                run(only=None, n_workers=1, tell=lambda n_done, problems: None)
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


def deadly(point: int) -> Callable[..., Any]:
    n_statements = 0

    def execute_and_die(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal n_statements
        answer = execute(*arguments)
        n_statements += 1
        if n_statements == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return execute_and_die


def tell(what: str, **more: Any) -> None:
    AudioFile.objects.update(lease_until=None)  # as if the dead worker's minutes were over
    heard = AudioFile.objects.exclude(measured_version="")
    state = {
        "what": what,
        "heard": {file.path: file.measured_at.isoformat() for file in heard if file.measured_at},
        "problems": [file.problem for file in heard if file.problem],
        "tracks": [
            set(AudioFile.objects.exclude(heard_by="").values_list("track", flat=True))
            == set(model.objects.values_list("track", flat=True))
            for model in (TrackEmbedding, TrackScore, TrackFeatures)
        ],
        "n_due": due.due(due.plan_now()).count(),
        **more,
    }
    sys.stdout.write(f"STATE {json.dumps(state)}\n")
