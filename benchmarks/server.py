"""A big club under gunicorn with two workers, on a database of its own; gone when the measurement ends."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("SIDETRACK_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
BENCH_DATABASE = "sidetrack_benchmarks"
WORKERS = 2
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Installation:
    """Where one installation of the site keeps its things, and how its processes are started."""

    database: str
    port: int
    environment: dict[str, str]

    def python(self, code: str) -> str:
        """Run a piece of Python inside the site; what it prints."""
        return self.manage("shell", "-v", "0", "-c", code)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


@contextmanager
def installed(database: str) -> Iterator[Installation]:
    """An empty, migrated site with its static files collected."""
    folder = Path(tempfile.mkdtemp(prefix="sidetrack-bench-"))
    port = free_port()
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "benchmarks-" * 6,
        "FIELD_KEYS": Fernet.generate_key().decode(),
        "PORT": str(port),
        "WEB_WORKERS": str(WORKERS),
        "LOG_LEVEL": "WARNING",
    }
    try:
        if database == "postgresql":
            recreate_database()
            environment["DATABASE_URL"] = urlsplit(POSTGRES)._replace(path=f"/{BENCH_DATABASE}").geturl()
        site = Installation(database, port, environment)
        site.manage("up", "--prepare-only")
        yield site
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if database == "postgresql":
            recreate_database(only_drop=True)


def recreate_database(*, only_drop: bool = False) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {BENCH_DATABASE} WITH (FORCE)")
        if not only_drop:
            connection.execute(f"CREATE DATABASE {BENCH_DATABASE}")


@contextmanager
def serving(site: Installation) -> Iterator[None]:
    """gunicorn with the image's own settings, but no fresh processes in the midst of a measurement.

    On PostgreSQL with a pool of connections, as compose.yml has it.
    """
    pool = {"DATABASE_POOL": "yes"} if site.database == "postgresql" else {}
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "sidetrack.wsgi", "-c", "python:sidetrack.web", "--max-requests", "0"],
        cwd=ROOT, env=site.environment | pool,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", site.port)) == 0:
                    break
            time.sleep(0.2)
        yield
    finally:
        web.terminate()
        web.wait(30)
