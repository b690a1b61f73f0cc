"""Totals, changed by as much as was written or taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db import connection

from sidetrack.bulk.given import DAY, NUMBER, SECOND, given, is_sqlite, parameters, stepping

AMOUNT = {"n_listens": NUMBER, "ms_played": NUMBER}
Amount: TypeAlias = tuple[int, int]  # plays and ms
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
MUSIC = (TRACKS, ALBUMS, ARTISTS)  # in this order: an artist's first and last play are those of its tracks


def add(table: Table, *, user_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Count more: rows of keys, n_listens, ms_played and, where the table has them, first_at and last_at."""
    if not rows:
        return
    names = ", ".join(table.columns)
    values = [user_id, *parameters(table.columns, rows)]
    _add(table, f"SELECT %s, {names} FROM {given(table.columns)} WHERE true", values)  # noqa: S608


def add_inserted(table: Table, *, user_id: int, first_id: int, last_id: int) -> None:
    """Count the member's listens with these ids and between them, as far as they stand, by their music.

    They lie together in the table: their ids are a better way there than any index of the member's.
    """
    (key,) = table.keys
    listens, mine = ("listening_listenevent NOT INDEXED", "") if is_sqlite() else ("listening_listenevent", " + 0")
    _add(
        table,
        f"SELECT %s, {key}, count(*), coalesce(sum(ms_played), 0), min(played_at), max(played_at) "  # noqa: S608  (names of ours)
        f"FROM {listens} WHERE id BETWEEN %s AND %s AND user_id{mine} = %s AND duplicate_of_id IS NULL "
        f"AND {key} IS NOT NULL GROUP BY {key}",
        [user_id, first_id, last_id, user_id],
    )


def add_days_and_hours(days: Mapping[date, Amount], hours: Mapping[tuple[date, int], Amount], *, user_id: int) -> None:
    """Count more: plays and ms by day, and by day and hour."""
    add(DAYS, user_id=user_id, rows=_by_day(days))
    add(HOURS, user_id=user_id, rows=_by_hour(hours))


def take_days_and_hours(days: Mapping[date, Amount], hours: Mapping[tuple[date, int], Amount], *, user_id: int) -> None:
    """Count less."""
    take(DAYS, user_id=user_id, rows=_by_day(days))
    take(HOURS, user_id=user_id, rows=_by_hour(hours))


def _by_day(days: Mapping[date, Amount]) -> list[tuple[Any, ...]]:
    return [(day, *amount) for day, amount in days.items()]


def _by_hour(hours: Mapping[tuple[date, int], Amount]) -> list[tuple[Any, ...]]:
    return [(*key, *amount) for key, amount in hours.items()]


def _add(table: Table, rows: str, values: list[Any]) -> None:
    """rows: a SELECT of the table's columns, after its member."""
    least, greatest = ("min", "max") if is_sqlite() else ("least", "greatest")
    changes = [f"{name} = {table.name}.{name} + excluded.{name}" for name in AMOUNT]
    if table.has_bounds:
        changes.append(f"first_at = {least}({table.name}.first_at, excluded.first_at)")
        changes.append(f"last_at = {greatest}({table.name}.last_at, excluded.last_at)")
    _run(
        f"INSERT INTO {table.name} (user_id, {', '.join(table.columns)}) {rows} "
        f"ON CONFLICT (user_id, {', '.join(table.keys)}) DO UPDATE SET {', '.join(changes)}",
        values,
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
    if table is ARTISTS:
        edge = "min(total.first_at)" if direction == "ASC" else "max(total.last_at)"
        mine = f"total.track_id = track.id AND total.user_id = {table.name}.user_id"
        return (
            f"SELECT {edge} FROM catalog_track AS track {stepping(TRACKS.name, 'total', on=mine)} "  # noqa: S608
            f"WHERE track.artist_id = {table.name}.artist_id"
        )
    return (
        f"SELECT played_at FROM listening_listenevent AS listen WHERE listen.{key} = {table.name}.{key} "  # noqa: S608
        f"AND listen.user_id = {table.name}.user_id AND listen.duplicate_of_id IS NULL "
        f"ORDER BY listen.played_at {direction} LIMIT 1"
    )


def _run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
