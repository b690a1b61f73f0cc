"""A job that leaves a trace when it starts and when it ends, for the tests of the worker."""

import time
from pathlib import Path


def leave_traces(folder: str, name: str, seconds: float) -> str:
    place = Path(folder)
    (place / f"{name}.started").touch()
    time.sleep(seconds)
    (place / f"{name}.finished").touch()
    return "1 trace"


def first_line(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").splitlines()[0]
