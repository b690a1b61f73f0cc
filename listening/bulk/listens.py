"""Listens in and around, thousands in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from sidetrack.bulk.given import NUMBER, SECOND, UUID_, given, is_sqlite, parameters, stepping, writer

INSERTED = {
    "played_at": SECOND,
    "msid": UUID_,
    "track_id": NUMBER,
    "artist_id": NUMBER,
    "album_id": NUMBER,
    "ms_played": NUMBER,
    "duplicate_of_id": NUMBER,
}
NAMES = ", ".join(INSERTED)
MANY = 200  # rows; below it three statements cost more than one
ONCE = "user_id, source, played_at, msid"
RANGE = {"began": SECOND, "ended": SECOND}
POINTING = {"id": NUMBER, "stands_id": NUMBER}
IDS = {"id": NUMBER}


@dataclass(slots=True)
class NewListen:
    """A row about to be written."""

    played_at: datetime
    msid: UUID
    track_id: int
    artist_id: int
    album_id: int | None
    ms_played: int | None
    duplicate_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A row that stands, with what is needed to see whether another is the same play."""

    id: int
    played_at: datetime
    msid: UUID
    source: str
    import_batch_id: int | None
    track_id: int
    artist_id: int
    album_id: int | None
    ms_played: int | None
    duplicate_of_id: int | None
    is_kept_apart: bool  # SQLite says 0 or 1


HELD = ", ".join(f"listen.{name}" for name in Held.__dataclass_fields__)


def insert(*, user_id: int, source: str, batch_id: int | None, rows: Sequence[NewListen]) -> dict[int, int]:
    """Write the rows that are not there yet; returns index in `rows` → id for those alone.

    A row is there when its member, source, second and msid are. The rows must differ in second and msid.
    """
    if not rows:
        return {}
    stored = writer()
    values = [
        (
            stored(row.played_at), stored(row.msid), row.track_id, row.artist_id, row.album_id, row.ms_played,
            row.duplicate_of_id,
        )
        for row in rows
    ]  # fmt: skip
    is_many = len(values) >= MANY and is_sqlite()
    ids = (_insert_one_by_one if is_many else _insert_at_once)((user_id, source, batch_id), values)
    if len(ids) == len(values):  # numbered as they were given
        return dict(enumerate(ids))
    index_of = {each[:2]: index for index, each in enumerate(values)}
    return {index_of[stored(played_at), stored(msid)]: id_ for id_, played_at, msid in _keys_of(ids)}


def _insert_at_once(common: tuple[int, str, int | None], values: list[tuple[Any, ...]]) -> list[int]:
    statement = f"""
        INSERT INTO listening_listenevent (user_id, source, import_batch_id, is_kept_apart, {NAMES})
        SELECT %s, %s, {"%s" if is_sqlite() else "%s::integer"}, false, {NAMES}
        FROM {given(INSERTED)} WHERE true ON CONFLICT ({ONCE}) DO NOTHING RETURNING id
    """  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*common, *parameters(INSERTED, values)])
        return sorted(row[0] for row in cursor.fetchall())


def _insert_one_by_one(common: tuple[int, str, int | None], values: list[tuple[Any, ...]]) -> list[int]:
    """Faster for many: SQLite has one writer, and numbers rows as they come. What is new has a higher number."""
    statement = f"""
        INSERT INTO listening_listenevent (user_id, source, import_batch_id, is_kept_apart, {NAMES})
        VALUES (%s, %s, %s, 0{", %s" * len(INSERTED)}) ON CONFLICT ({ONCE}) DO NOTHING
    """  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM listening_listenevent")
        newest = cursor.fetchone()
        cursor.executemany(statement, [(*common, *each) for each in values])
        cursor.execute("SELECT id FROM listening_listenevent WHERE id > %s ORDER BY id", newest)
        return [row[0] for row in cursor.fetchall()]


def _keys_of(ids: list[int]) -> list[tuple[int, Any, Any]]:
    """Id, second and msid, as the database holds them."""
    played_at = "played_at || ''" if is_sqlite() else "played_at"  # joined to nothing, it stays the text that it is
    statement = f"SELECT id, {played_at}, msid FROM listening_listenevent WHERE id IN (SELECT id FROM {given(IDS)})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(IDS, [(id_,) for id_ in ids]))
        return list(cursor.fetchall())


def around(*, user_id: int, ranges: Sequence[tuple[datetime, datetime]]) -> list[Held]:
    """The member's listens that began within any of the ranges (both ends included), by time; ranges must not overlap.

    However many ranges there are, each is one step into the index by member and time.
    """
    return _as_held(_within(HELD, ranges, user_id=user_id))


def titles_around(*, user_id: int, ranges: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int, str]]:
    """The same rows at a glance, in no order: id, the unix second when it began, and its track's title.

    A tenth of the work of `around`, for whoever then needs few of them whole (`of_ids`).
    """
    second = (
        "CAST(strftime('%%s', listen.played_at) AS integer)"
        if is_sqlite()
        else "extract(epoch FROM listen.played_at)::bigint"
    )
    seen: list[tuple[int, int, str]] = _within(f"listen.id, {second}, track.title", ranges, user_id=user_id)
    return seen


def of_ids(ids: Collection[int]) -> list[Held]:
    """These rows, by time."""
    if not ids:
        return []
    statement = f"""
        SELECT {HELD} FROM listening_listenevent AS listen WHERE listen.id IN (SELECT id FROM {given(IDS)})
    """  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(IDS, [(id_,) for id_ in ids]))
        return _as_held(cursor.fetchall())


def _within(columns: str, ranges: Sequence[tuple[datetime, datetime]], *, user_id: int) -> list[Any]:
    if not ranges:
        return []
    listen = "listen.user_id = %s AND listen.played_at BETWEEN given.began AND given.ended"
    joined = stepping("listening_listenevent", "listen", on=listen)
    if "track." in columns:
        joined = f"{joined} {stepping('catalog_track', 'track', on='track.id = listen.track_id')}"
    statement = f"SELECT {columns} FROM {given(RANGE)} {joined}"  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters(RANGE, list(ranges)), user_id])
        return list(cursor.fetchall())


def stand_behind(overtaken: Sequence[tuple[int, int]]) -> None:
    """Rows that stood for a play stand behind another now (row id, other's id), with all that stood behind them."""
    if not overtaken:
        return
    _run(
        f"UPDATE listening_listenevent SET duplicate_of_id = given.stands_id FROM {given(POINTING)} "  # noqa: S608
        f"WHERE listening_listenevent.duplicate_of_id = given.id",
        parameters(POINTING, overtaken),
    )
    point(overtaken)


def point(pointing: Sequence[tuple[int, int | None]]) -> None:
    """Say of each row which other stands for its play; None: it does itself."""
    if not pointing:
        return
    _run(
        f"UPDATE listening_listenevent SET duplicate_of_id = given.stands_id FROM {given(POINTING)} "  # noqa: S608
        f"WHERE listening_listenevent.id = given.id",
        parameters(POINTING, pointing),
    )


def delete(ids: Collection[int]) -> None:
    """Take the rows out, with what services said of them. No row may stand behind one of them."""
    rows = [(id_,) for id_ in ids]
    for table, column in (("listening_listenpayload", "listen_id"), ("listening_listenevent", "id")):
        _run(
            f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM {given(IDS)})",  # noqa: S608
            parameters(IDS, rows),
        )


def delete_all_of(user_id: int) -> int:
    """One member's listens, with what services said of them; returns how many."""
    mine = "SELECT id FROM listening_listenevent WHERE user_id = %s"
    _run(f"DELETE FROM listening_listenpayload WHERE listen_id IN ({mine})", [user_id])  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM listening_listenevent WHERE user_id = %s", [user_id])
        return int(cursor.rowcount)


def delete_some_of(user_id: int, at_most: int, *, duplicates: bool) -> int:
    """The same for some of them; how many it were. Duplicates go before what they are duplicates of."""
    which = "NOT NULL" if duplicates else "NULL"
    some = f"SELECT id FROM listening_listenevent WHERE user_id = %s AND duplicate_of_id IS {which} LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(some, [user_id, at_most])
        ids = [row[0] for row in cursor.fetchall()]
    if ids:
        delete(ids)
    return len(ids)


def _run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _as_held(rows: Sequence[tuple[Any, ...]]) -> list[Held]:
    if is_sqlite():
        held = [Held(id_, played_at.replace(tzinfo=UTC), UUID(msid), *rest) for id_, played_at, msid, *rest in rows]
    else:
        held = [Held(*row) for row in rows]
    return sorted(held, key=lambda row: (row.played_at, row.id))
