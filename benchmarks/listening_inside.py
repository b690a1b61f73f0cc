"""What of listening is measured inside the site's own process; each function prints JSON."""

from __future__ import annotations

import json
import resource
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.histories import plays
from catalog.bulk_naming import Heard, Names
from listening.figures import tops
from listening.figures.history import history_of
from listening.figures.ranges import Range, parse
from listening.importing import leases
from listening.importing.tasks import work
from listening.ingest import ingest
from listening.models import ImportBatch, ListenEvent
from listening.plays import Play, msid_of
from listening.tokens import make_token
from listening.totals import recount
from social.models import User

FLAT = "benchmark_flat"
TURNS = 7


def say(answer: Any) -> None:
    print(json.dumps(answer))


def member(handle: str) -> User:
    user, _ = User.objects.get_or_create(
        handle=handle, defaults={"visibility": "public", "listens_visibility": "public", "timezone": "Europe/Berlin"}
    )
    return user


def floor(n: int) -> None:
    """Rows a second of a bare bulk insert into one flat table without an index, and its bytes a row with one."""
    rows = [(1, "spotify", str(moment)[:19], *names, 215_000) for moment, *names in plays(n)]
    kinds = "user_id integer, source text, played_at {}, artist text, title text, album text, ms_played integer"
    if connection.vendor == "sqlite":
        with TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/flat.sqlite3")) as flat:
            flat.execute("PRAGMA journal_mode=WAL")
            flat.execute(f"CREATE TABLE {FLAT} ({kinds.format('text')})")
            began = time.perf_counter()
            with flat:
                flat.executemany(f"INSERT INTO {FLAT} VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            took = time.perf_counter() - began
            flat.execute(f"CREATE UNIQUE INDEX {FLAT}_once ON {FLAT} (user_id, source, played_at, title)")
            flat.commit()
            n_bytes = pages_of(flat)
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {FLAT}")
            cursor.execute(f"CREATE TABLE {FLAT} ({kinds.format('timestamptz')})")
            began = time.perf_counter()
            with transaction.atomic(), cursor.cursor.copy(f"COPY {FLAT} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            took = time.perf_counter() - began
            cursor.execute(f"CREATE UNIQUE INDEX {FLAT}_once ON {FLAT} (user_id, source, played_at, title)")
            cursor.execute(f"SELECT pg_total_relation_size('{FLAT}')")
            n_bytes = int(cursor.fetchone()[0])
            cursor.execute(f"DROP TABLE {FLAT}")
    say({"rate": n / took, "bytes": n_bytes / n})


def pages_of(database: Any) -> int:
    """Bytes of the pages of a SQLite database that hold something."""
    held = {
        name: database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    }
    return int((held["page_count"] - held["freelist_count"]) * held["page_size"])


def sizes() -> None:
    """Bytes of everything that listens need: listens, totals and the catalogue's names, with their indexes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            n_bytes = pages_of(cursor)  # what else there is would not fill a megabyte
        else:
            cursor.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
                "WHERE relkind = 'r' AND (relname LIKE 'listening_%%' OR relname LIKE 'catalog_%%')"
            )
            n_bytes = int(cursor.fetchone()[0])
    say({"bytes": n_bytes, "listens": ListenEvent.objects.count()})


def bring(handle: str, file: str) -> None:
    """Import the file: listens a second of each tenth of it and of the whole, and the most memory, in MB."""
    user, path = member(handle), Path(file)
    batch = ImportBatch.objects.create(
        user=user, file_name=path.name, n_bytes=path.stat().st_size, created_at=timezone.now(),
        state=ImportBatch.State.QUEUED,
    )  # fmt: skip
    began = time.perf_counter()
    leased = leases.take(batch.pk, [ImportBatch.State.QUEUED], now=timezone.now())
    assert leased is not None
    steps = [(0, 0.0)]
    work(leased, path=path, tell=lambda told: steps.append((told.n_new, time.perf_counter() - began)))
    took = time.perf_counter() - began
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DONE, batch.error
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL's own housekeeping does within a minute; plain SQL gains by it too
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say({"whole": batch.n_new / took, "tenths": rates_of_tenths(steps), "megabytes": megabytes})


def rates_of_tenths(steps: Sequence[tuple[int, float]]) -> list[float]:
    """Listens a second of each tenth of an import, from how many were in after how many seconds.

    >>> rates_of_tenths([(0, 0.0), (50, 1.0), (100, 3.0)])
    [50.0, 50.0, 50.0, 50.0, 50.0, 25.0, 25.0, 25.0, 25.0, 25.0]
    """
    n_all = steps[-1][0]
    edges = [_seconds_at(steps, n_all * tenth / 10) for tenth in range(11)]
    return [round(n_all / 10 / (end - start), 3) for start, end in pairwise(edges)]


def _seconds_at(steps: Sequence[tuple[int, float]], n: float) -> float:
    """When so many were in, between two steps as the straight line between them says."""
    for (fewer, earlier), (more, later) in pairwise(steps):
        if n <= more:
            return earlier + (later - earlier) * (n - fewer) / max(1, more - fewer)
    return steps[-1][1]


def fill(n_members: int, n_listens: int, handle: str) -> None:
    """So many members with so many listens each, by COPY; `handle` is the one in the middle. PostgreSQL alone."""
    names = Names()
    heard = {(artist, title, album) for _, artist, title, album in plays(n_listens)}
    known = names.resolve(Heard(*each) for each in sorted(heard))
    columns = "user_id, played_at, source, msid, track_id, artist_id, album_id, ms_played, is_kept_apart"
    for place in range(n_members):
        user = member(handle if place == n_members // 2 else f"ears_{place}")
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.cursor.copy(f"COPY listening_listenevent ({columns}) FROM STDIN") as copy,
        ):
            for moment, artist, title, album in plays(n_listens, seed=place):
                heard_now = Heard(artist, title, album)
                ids = known.get(heard_now)
                if ids is None:
                    continue  # a rare name that the first history did not have
                row = (moment, "spotify", msid_of(artist, title), ids.track_id, ids.artist_id, ids.album_id, 215_000)
                copy.write_row((user.pk, *row, False))
        recount(user=user, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say({"listens": ListenEvent.objects.count()})


def token(handle: str) -> None:
    say(make_token(user=member(handle), name="bench", now=timezone.now())[1])


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def questions(handle: str) -> None:
    """Top lists right after a new listen against the plain GROUP BY on the same rows: milliseconds, medians."""
    user, now = member(handle), timezone.now()
    answer = {}
    for name in ("all", "year", "30 days"):
        ours, plain = [], []
        for turn in range(TURNS):
            heard = now - timedelta(minutes=10 * turn + 5)
            play = Play(heard.replace(microsecond=0), "Artist 00001 & Band", "Song No. 0 of 1")
            ingest(user=user, source="manual", plays=[play], now=now)
            history = history_of(user, now=now)
            asked = f"{history.today - timedelta(days=29)},{history.today}" if name == "30 days" else name
            span = parse(asked, now=now, zone=history.zone)
            ours.append(timed(partial(our_top, user, span)))
            plain.append(timed(partial(plain_top, user, span)))
        answer[name] = [median(ours) * 1000, median(plain) * 1000]
    say(answer)


def our_top(user: User, span: Range) -> None:
    found = tops.counts(user, "artist", span, n=50)
    tops.musics("artist", [pk for pk, _ in found])


def plain_top(user: User, span: Range) -> None:
    """The same list by plain SQL, with the names."""
    values: list[Any] = [user.pk]
    between = ""
    if span.start and span.end:
        between = "AND played_at >= %s AND played_at < %s"
        values += [connection.ops.adapt_datetimefield_value(each) for each in (span.start, span.end)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT artist_id, count(*) AS n FROM listening_listenevent "
            f"WHERE user_id = %s AND duplicate_of_id IS NULL {between} GROUP BY artist_id ORDER BY n DESC LIMIT 50",
            values,
        )
        ids = [row[0] for row in cursor.fetchall()]
        marks = ", ".join(["%s"] * len(ids)) or "NULL"
        cursor.execute(f"SELECT id, name FROM catalog_artist WHERE id IN ({marks})", ids)
        cursor.fetchall()
