"""The parent of the queue's processes: stops them without losing a running task, starts them anew when they hang.

django-q2 loses running tasks, and hangs, when its whole process group gets SIGTERM, as honcho and Ctrl-C send it. So
the cluster runs in a session of its own, and this parent passes the signal to its main process alone. A worker killed
at the wrong moment can leave a cluster that runs nothing; the parent sees that by the heartbeat and replaces it.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

logger = logging.getLogger(__name__)
WATCH_EVERY_S = 30.0
HUNG_GETS_S = 20.0  # to stop by itself before it is killed
_PR_SET_PDEATHSIG = 1


def cluster_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Without the connection pool: forked processes would share its sockets."""
    return {name: value for name, value in environment.items() if name != "DATABASE_POOL"}


def _stop_when_parent_dies() -> None:
    """In the child: if the parent is killed outright, stop in good order instead of running on unseen."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_session(child: subprocess.Popen[bytes]) -> None:
    """The cluster and all its processes: its session is its own, so nothing else is hit."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


class Parent:
    """Runs `command` until told to stop; `is_hung(since)` says whether what was started at `since` does no work."""

    def __init__(self, command: Sequence[str], *, is_hung: Callable[[float], bool], longest_task_s: float) -> None:
        self.command = list(command)
        self.is_hung = is_hung
        self.longest_task_s = longest_task_s
        self.is_stopping = False
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """The exit status: 0 after a stop that was asked for, else the cluster's own."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._pass_on)
        while not self.is_stopping:
            started, child = time.time(), self._start()
            status = self._wait(child, started)
            if status is not None:
                return 0 if self.is_stopping else status
        return 0

    def _start(self) -> subprocess.Popen[bytes]:
        self.child = subprocess.Popen(  # noqa: S603  (our own command)
            self.command,
            env=cluster_environment(os.environ),
            start_new_session=True,
            preexec_fn=_stop_when_parent_dies,
        )
        if self.is_stopping:  # told to stop while starting
            self.child.terminate()
        return self.child

    def _wait(self, child: subprocess.Popen[bytes], started: float) -> int | None:
        """The cluster's exit status, or None when it hung and was killed."""
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(WATCH_EVERY_S)
            if self.is_stopping:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return child.wait(self.longest_task_s)
                logger.error("The queue did not stop: killing it.")
                kill_session(child)
            elif self.is_hung(started):
                logger.error("The queue has run nothing for too long: starting it anew.")
                child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(HUNG_GETS_S)
                kill_session(child)
                return None

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        if not self.is_stopping and self.child is not None:
            logger.info("Stopping the queue: running jobs finish first.")
            self.child.terminate()
        self.is_stopping = True
