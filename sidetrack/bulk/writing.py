"""What SQLite is told while a process writes a long history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from sidetrack.bulk.given import is_sqlite

PAGES, SELDOM = 1_000, 40_000  # of 4 KB; the first is SQLite's own choice
MUCH_KIB = 32 * 1024


@contextmanager
def writing_much() -> Iterator[None]:
    """Room for the index pages that every part changes, and the log brought back after 160 MB of it instead of 4.

    Part after part changes the same pages: each is brought back once for several. For this connection alone; what
    others write meanwhile brings the log back as ever. Nothing on PostgreSQL.
    """
    if not is_sqlite():
        yield
        return
    _tell(pages=SELDOM, kib=MUCH_KIB)
    try:
        yield
    finally:
        _tell(pages=PAGES, kib=settings.SQLITE_CACHE_KIB)


def _tell(*, pages: int, kib: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        cursor.execute(f"PRAGMA cache_size = -{kib}")
