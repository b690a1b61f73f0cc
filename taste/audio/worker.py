"""What a process of `manage.py analyze` does. Nothing of Django is imported before `begin`, which starts it."""

from __future__ import annotations

import signal
from datetime import datetime


def begin() -> None:
    """A process of its own: one thread; Ctrl-C is for the parent, who lets this one end its batch."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from taste.audio.threads import use_one_thread

    use_one_thread()
    import django

    django.setup()


def hear(ids: tuple[int, ...], until: datetime) -> tuple[int, list[tuple[str, str]]]:
    """One batch: how many files are through, and which were not, with the reason."""
    from django.utils import timezone

    from taste.audio import due
    from taste.audio.analysing import analyse

    claim = due.start(due.Claim(ids, until), now=timezone.now())
    if claim is None:
        return 0, []
    done = analyse(claim, due.plan_now())
    return done.n_done, done.problems
