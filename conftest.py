"""What every test may call.

The cast: `rin` (a member), `sol` (follows rin), `mod` (a moderator), `stranger` (a member).
The stage: `monday`, `real_data` (recorded answers), `jobs` (what was queued, run when asked), `redis_url`.
The rules: nothing leaves this machine, no cache and no file outlives its test, and what a machine lacks (a browser,
PostgreSQL, Redis, recorded data) skips with the reason, or fails where SIDETRACK_REQUIRE_ALL is set, as in CI.
"""

from __future__ import annotations

import importlib
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase
from hypothesis import settings as hypothesis_settings

from club.clock import forget_zone
from sidetrack.tests.emptying import empty_databases
from sidetrack.tests.running import migrated_in
from sidetrack.tests.skipping import skip_or_fail
from social.models import Follow, User
from social.models.user import MODERATORS
from social.tests.callers import SERVICE_TOKEN, Caller

pytest_plugins = ["sidetrack.tests.browser"]
MONDAY = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
REAL_DATA = "SIDETRACK_REAL_DATA"
REDIS_URL = os.environ.get("SIDETRACK_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
FIRST_PART = 0.6  # of the quick files, among which the long ones are spread
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

hypothesis_settings.register_profile("sidetrack", deadline=None, print_blob=True, max_examples=50)
hypothesis_settings.load_profile("sidetrack")


def pytest_configure(config: pytest.Config) -> None:
    """What costs time and shows nothing: slow passwords, a look at every static file, emptying of empty tables."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.WHITENOISE_AUTOREFRESH = True  # found when asked for, not all of them for every client
    TransactionTestCase._fixture_teardown = empty_databases


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database", action="store_true", help="without the tests that use no database: for a second database"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that take long are spread over the first part of a run: they mostly wait, while others use the cores.

    None of them is left for the end, when one alone would keep everybody waiting.
    """
    if config.getoption("only_database"):
        config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
        items[:] = [item for item in items if uses_database(item)]
    by_file: dict[Path, list[pytest.Item]] = {}
    for item in items:
        by_file.setdefault(item.path, []).append(item)
    long = [path for path, held in by_file.items() if any(map(takes_long, held))]
    quick = [path for path in by_file if path not in set(long)]
    between = int(len(quick) * FIRST_PART / max(1, len(long)))
    order = [each for n, path in enumerate(long) for each in (path, *quick[n * between : (n + 1) * between])]
    order += quick[len(long) * between :]
    items[:] = [item for path in order for item in by_file[path]]


def takes_long(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("slow") or item.get_closest_marker("long"))


def uses_database(item: pytest.Item) -> bool:
    is_case = isinstance(item, pytest.Function) and item.cls is not None and issubclass(item.cls, SimpleTestCase)
    names = getattr(item, "fixturenames", [])
    return is_case or item.get_closest_marker("django_db") is not None or "db" in names or "django_db_setup" in names


# --- What this machine lacks ----------------------------------------------------------------------------------------
def browser_path() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def answers(url: str) -> bool:
    """Whether something listens where `url` points."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=1):
            return True
    except OSError:
        return False


def what_is_missing(marker: str) -> str:
    """Why tests with this marker cannot run here; empty when they can."""
    match marker:
        case "browser" if not browser_path():
            return "needs chromium (Debian's package of that name)"
        case "postgres" if connection.vendor != "postgresql":
            return "needs PostgreSQL: set DATABASE_URL=postgresql://…"
        case "redis" if not answers(REDIS_URL):
            return "needs Redis: start one, or set SIDETRACK_TEST_REDIS_URL"
        case "realdata" if not Path(os.environ.get(REAL_DATA, "")).is_dir() or not os.environ.get(REAL_DATA):
            return f"needs recorded data: set {REAL_DATA} to its folder"
        case _:
            return ""


@pytest.fixture(scope="session")
def missing() -> dict[str, str]:
    return {marker: what_is_missing(marker) for marker in ("browser", "postgres", "redis", "realdata")}


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest, missing: dict[str, str]) -> None:
    for marker, reason in missing.items():
        if reason and request.node.get_closest_marker(marker):
            skip_or_fail(reason)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of recorded answers and histories; mark the test `realdata` too."""
    if reason := what_is_missing("realdata"):
        skip_or_fail(reason)
    return Path(os.environ[REAL_DATA]).resolve()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis that tests may fill and empty; mark the test `redis`."""
    return REDIS_URL


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; mark the test `browser`."""
    return browser_path() or "chromium"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file for `Site(folder, like=migrated)`: one for the run, however many share the work."""
    base = tmp_path_factory.getbasetemp()
    return migrated_in((base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "migrated")


# --- Nothing leaves, nothing stays ----------------------------------------------------------------------------------
def is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name in {"", "localhost", "testserver"}:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A test that reaches for another machine fails, and says which."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(host: object) -> None:
        if not is_local(host):
            raise AssertionError(f"A test reached for {host!r}: fake the edge (pytest-httpx, or a local server).")

    def guarded(original: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                refuse(address[0])
            return original(self, address)

        return call

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse(host)
        return getaddrinfo(host, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _clean_places(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads and cached files go to a folder of this test; the cache begins empty."""
    place = tmp_path_factory.mktemp("files")
    settings.MEDIA_ROOT = place / "media"
    settings.CACHE_DIR = place / "cache"
    settings.EXPORTS_DIR = place / "exports"
    cache.clear()
    forget_zone()
    yield
    shutil.rmtree(place, ignore_errors=True)


# --- The queue ------------------------------------------------------------------------------------------------------
class Jobs:
    """What was queued in this test. Nothing runs until `run()`; use `django_capture_on_commit_callbacks` to commit."""

    def queued(self) -> list[tuple[str, tuple[Any, ...]]]:
        from django_q.models import OrmQ

        tasks = [row.task for row in OrmQ.objects.order_by("id")]
        return [(str(task["func"]), tuple(task["args"])) for task in tasks]

    def names(self) -> list[str]:
        return [name for name, _ in self.queued()]

    def run(self, *, rounds: int = 10) -> list[Any]:
        """Run what is queued, and what that queues in turn; the answers in order; an error in a job is an error."""
        from django_q.models import OrmQ

        answers: list[Any] = []
        for _ in range(rounds):
            rows = list(OrmQ.objects.order_by("id"))
            if not rows:
                return answers
            for row in rows:
                task = row.task
                row.delete()
                module, _, name = str(task["func"]).rpartition(".")
                answers.append(getattr(importlib.import_module(module), name)(*task["args"], **task["kwargs"]))
        raise AssertionError(f"Jobs still queue jobs after {rounds} rounds: {self.names()}")


@pytest.fixture
def jobs(db: None) -> Jobs:
    return Jobs()


# --- The cast -------------------------------------------------------------------------------------------------------
@pytest.fixture
def monday() -> datetime:
    """A Monday at 09:00 UTC: where most tests of a week begin."""
    return MONDAY


@pytest.fixture
def rin(db: None) -> User:
    return User.objects.create_user("rin", "correct horse battery", display_name="Rin")


@pytest.fixture
def sol(rin: User) -> User:
    sol = User.objects.create_user("sol", "correct horse battery", display_name="Sol")
    Follow.objects.create(follower=sol, followed=rin)
    return sol


@pytest.fixture
def mod(db: None) -> User:
    """In the moderators' group, not a superuser."""
    mod = User.objects.create_user("mod", "correct horse battery", display_name="Mod")
    mod.groups.add(Group.objects.get(name=MODERATORS))
    return mod


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("stranger", "correct horse battery", display_name="Stranger")


# --- Programs that call REST ----------------------------------------------------------------------------------------
@pytest.fixture
def visitor() -> Caller:
    return Caller()


@pytest.fixture
def service(settings: Any) -> Caller:
    """The holder of the service token: the bot, or an operator's script."""
    settings.SIDETRACK_API_TOKEN = SERVICE_TOKEN
    return Caller(SERVICE_TOKEN)
