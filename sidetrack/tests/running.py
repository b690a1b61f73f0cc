"""Real processes of the site for slow tests: a database of their own, a free port, stopped whatever happens."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings

KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


DRIVER = """
import contextlib, json, os, sys
import django
django.setup()
{imports}
while line := sys.stdin.readline():
    names = globals() | {{"answer": None}}
    with contextlib.redirect_stdout(sys.stderr):
        exec(json.loads(line), names)
    print(json.dumps(names["answer"], default=str), flush=True)
"""


class Site:
    """One installation in `folder`. like: a database file to begin with, such as the fixture `migrated`."""

    imports = ""  # what pieces of Python for `python` find there already

    def __init__(self, folder: Path, *, like: Path | None = None) -> None:
        self.folder = folder
        if like is not None:
            shutil.copy(like, folder / like.name)
        self.port = free_port()
        self._driver: subprocess.Popen[str] | None = None
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

    def python(self, code: str) -> Any:
        """What a piece of Python leaves in `answer`, run in a process of the site that stays for the next piece."""
        if self._driver is None:
            self._driver = subprocess.Popen(
                [sys.executable, "-c", DRIVER.format(imports=self.imports)],
                cwd=settings.BASE_DIR,
                env=self.environment | {"DJANGO_SETTINGS_MODULE": "sidetrack.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._driver.stdin
        assert self._driver.stdout
        self._driver.stdin.write(json.dumps(code) + "\n")
        self._driver.stdin.flush()
        line = self._driver.stdout.readline()
        assert line, f"this broke:\n{code}"
        return json.loads(line)

    def close(self) -> None:
        if self._driver:
            self._driver.kill()
            self._driver.communicate()

    @contextmanager
    def running(self, *command: str, log: str = "log") -> Iterator[subprocess.Popen[bytes]]:
        """The command in a session of its own, as honcho starts it; its output in `folder/log`.

        Ctrl-C reaches it also where the suite itself runs in the background, where shells let it be ignored.
        """
        with (self.folder / log).open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
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


def migrated_in(folder: Path) -> Path:
    """A database file with every migration applied, to be copied: the first process that asks makes it for all."""
    folder.mkdir(exist_ok=True)
    file = folder / "sidetrack.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "is_whole").exists():
            Site(folder).manage("migrate", "-v", "0")
            with closing(sqlite3.connect(file)) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (folder / "is_whole").touch()
    return file


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
