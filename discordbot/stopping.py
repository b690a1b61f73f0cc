"""SIGTERM and Ctrl-C, from the first moment of `manage.py runbot` to its last: it always ends well, and holds nothing.

While the bot lives, its supervisor listens in its own way: what runs is finished, the lease is given back.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def _end(number: int, frame: FrameType | None) -> None:
    """Before and after the bot's life nothing is held: the process simply ends."""
    raise SystemExit(0)


@contextmanager
def ending_well() -> Iterator[None]:
    """Around the whole process; at its end, which is near anyway, nobody listens any more."""
    for number in SIGNALS:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
