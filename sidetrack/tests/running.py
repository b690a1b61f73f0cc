"""Real processes of the site for slow tests: a database of their own, a free port, stopped whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings

KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One installation in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(folder),
            "SECRET_KEY": "k" * 60,
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }

    def manage(self, *arguments: str, code: str | None = None) -> str:
        """The output of a command, or of a piece of Python run inside the site."""
        command = [sys.executable, "manage.py", *(["shell", "-v", "0", "-c", code] if code else arguments)]
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, *command: str, log: str = "log") -> Iterator[subprocess.Popen[bytes]]:
        """The command in a session of its own, as honcho starts it; its output in `folder/log`."""
        with (self.folder / log).open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(30)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def said(self, log: str = "log") -> str:
        return (self.folder / log).read_text(encoding="utf-8", errors="replace")


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)


def processes_mentioning(text: str) -> list[int]:
    """Living processes with `text` in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_zombie = (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if not is_zombie and text.encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
    return [pid for pid in found if pid != os.getpid()]
