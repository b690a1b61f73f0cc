"""Listens in and around, thousands in one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from listening.bulk.given import NUMBER, SECOND, UUID_, given, is_sqlite, parameters, writer

INSERTED = {
    "played_at": SECOND,
    "msid": UUID_,
    "track_id": NUMBER,
    "artist_id": NUMBER,
    "album_id": NUMBER,
    "ms_played": NUMBER,
    "duplicate_of_id": NUMBER,
}
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
    names = ", ".join(INSERTED)
    statement = f"""
        INSERT INTO listening_listenevent (user_id, source, import_batch_id, is_kept_apart, {names})
        SELECT %s, %s, {"%s" if is_sqlite() else "%s::bigint"}, {"0" if is_sqlite() else "false"}, {names}
        FROM {given(INSERTED)} WHERE true
        ON CONFLICT (user_id, source, played_at, msid) DO NOTHING
        RETURNING id, {"played_at || ''" if is_sqlite() else "played_at"}, msid
    """  # noqa: S608  (names of ours)
    stored = writer()
    values = [
        (
            stored(row.played_at), stored(row.msid), row.track_id, row.artist_id, row.album_id, row.ms_played,
            row.duplicate_of_id,
        )
        for row in rows
    ]  # fmt: skip
    index_of = {each[:2]: index for index, each in enumerate(values)}
    with connection.cursor() as cursor:
        cursor.execute(statement, [user_id, source, batch_id, *parameters(INSERTED, values)])
        return {index_of[played_at, msid]: id_ for id_, played_at, msid in cursor.fetchall()}


def around(*, user_id: int, ranges: Sequence[tuple[datetime, datetime]]) -> list[Held]:
    """The member's listens that began within any of the ranges (both ends included), by time; ranges must not overlap.

    However many ranges there are, each is one step into the index by member and time.
    """
    if not ranges:
        return []
    # Both ways of joining make the database step into the index once a range, instead of reading all that a member has.
    is_within = "listen.user_id = %s AND listen.played_at BETWEEN given.began AND given.ended"
    rows = f"listening_listenevent AS listen WHERE {is_within}"
    found = rows if is_sqlite() else f"LATERAL (SELECT * FROM {rows} OFFSET 0) AS listen"  # noqa: S608
    statement = f"""
        SELECT {HELD} FROM {given(RANGE)} CROSS JOIN {found} ORDER BY listen.played_at, listen.id
    """  # noqa: S608  (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters(RANGE, list(ranges)), user_id])
        return [_held(row) for row in cursor.fetchall()]


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


def _run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _held(row: tuple[Any, ...]) -> Held:
    if is_sqlite():
        id_, played_at, msid, *rest = row
        row = (id_, played_at.replace(tzinfo=UTC), UUID(msid), *rest)
    return Held(*row)
