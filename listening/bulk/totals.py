"""Totals, changed by as much as was written or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from sidetrack.bulk.given import DAY, NUMBER, SECOND, given, is_sqlite, parameters

AMOUNT = {"n_listens": NUMBER, "ms_played": NUMBER}
BOUNDS = {"first_at": SECOND, "last_at": SECOND}


@dataclass(frozen=True)
class Table:
    """One table of totals: by what it counts within a member, and whether it keeps the first and the last play."""

    name: str
    keys: dict[str, str]
    has_bounds: bool = True

    @property
    def columns(self) -> dict[str, str]:
        return self.keys | AMOUNT | (BOUNDS if self.has_bounds else {})


ARTISTS = Table("listening_artisttotal", {"artist_id": NUMBER})
ALBUMS = Table("listening_albumtotal", {"album_id": NUMBER})
TRACKS = Table("listening_tracktotal", {"track_id": NUMBER})
DAYS = Table("listening_daytotal", {"day": DAY}, has_bounds=False)
HOURS = Table("listening_hourtotal", {"day": DAY, "hour": NUMBER}, has_bounds=False)
TABLES = (ARTISTS, ALBUMS, TRACKS, DAYS, HOURS)


def add(table: Table, *, user_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Count more: rows of keys, n_listens, ms_played and, where the table has them, first_at and last_at."""
    if not rows:
        return
    least, greatest = ("min", "max") if is_sqlite() else ("least", "greatest")
    changes = [f"{name} = {table.name}.{name} + excluded.{name}" for name in AMOUNT]
    if table.has_bounds:
        changes.append(f"first_at = {least}({table.name}.first_at, excluded.first_at)")
        changes.append(f"last_at = {greatest}({table.name}.last_at, excluded.last_at)")
    names = ", ".join(table.columns)
    _run(
        f"INSERT INTO {table.name} (user_id, {names}) SELECT %s, {names} FROM {given(table.columns)} WHERE true "  # noqa: S608
        f"ON CONFLICT (user_id, {', '.join(table.keys)}) DO UPDATE SET {', '.join(changes)}",
        [user_id, *parameters(table.columns, rows)],
    )


def take(table: Table, *, user_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Count less: rows of keys, n_listens and ms_played. What comes to nothing goes; first and last are found anew.

    The listens themselves must have been changed before.
    """
    if not rows:
        return
    columns = table.keys | AMOUNT
    same = " AND ".join(f"{table.name}.{key} = given.{key}" for key in table.keys)
    mine = f"{table.name}.user_id = %s"
    amounts = ", ".join(f"{name} = {table.name}.{name} - given.{name}" for name in AMOUNT)
    _run(
        f"UPDATE {table.name} SET {amounts} FROM {given(columns)} WHERE {mine} AND {same}",  # noqa: S608
        [*parameters(columns, rows), user_id],
    )
    keys = [row[: len(table.keys)] for row in rows]
    # Not EXISTS: SQLite would read all that is given for each row of the table.
    names = ", ".join(table.keys)
    among = f"({names}) IN (SELECT {names} FROM {given(table.keys)})"  # noqa: S608
    _run(
        f"DELETE FROM {table.name} WHERE {mine} AND {table.name}.n_listens = 0 AND {among}",  # noqa: S608
        [user_id, *parameters(table.keys, keys)],
    )
    if table.has_bounds:
        _run(
            f"UPDATE {table.name} SET first_at = ({_edge(table, 'ASC')}), last_at = ({_edge(table, 'DESC')}) "  # noqa: S608
            f"WHERE {mine} AND {among}",
            [user_id, *parameters(table.keys, keys)],
        )


def recount_music(table: Table, *, user_id: int) -> None:
    """Count one member's table of artists, albums or tracks from nothing."""
    (key,) = table.keys
    _run(f"DELETE FROM {table.name} WHERE user_id = %s", [user_id])  # noqa: S608
    _run(
        f"INSERT INTO {table.name} (user_id, {key}, n_listens, ms_played, first_at, last_at) "  # noqa: S608
        f"SELECT user_id, {key}, count(*), coalesce(sum(ms_played), 0), min(played_at), max(played_at) "
        f"FROM listening_listenevent WHERE user_id = %s AND duplicate_of_id IS NULL AND {key} IS NOT NULL "
        f"GROUP BY user_id, {key}",
        [user_id],
    )


def _edge(table: Table, direction: str) -> str:
    """The first or last play of a row of `table`: one step into the index, not a look at every play."""
    (key,) = table.keys
    return (
        f"SELECT played_at FROM listening_listenevent AS listen WHERE listen.{key} = {table.name}.{key} "  # noqa: S608
        f"AND listen.user_id = {table.name}.user_id AND listen.duplicate_of_id IS NULL "
        f"ORDER BY listen.played_at {direction} LIMIT 1"
    )


def _run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
