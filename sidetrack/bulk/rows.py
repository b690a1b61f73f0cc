"""Rows found and rows made by thousands: what the ORM would spend most of its time on building statements for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, models

from sidetrack.bulk.given import Given, given, parameters, stepping

Values = list[tuple[Any, ...]]
A_READ = 20_000


def matching(
    model: type[models.Model], on: dict[str, str], rows: Given, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Of the rows of `model` whose columns `on` (name → type) equal one of the given rows, the values of `columns`.

    As the database holds them: on SQLite a truth is 0 or 1, a UUID and a datetime are text. An index must begin with
    the columns of `on`: however many rows are given, each is one step into it.
    """
    if not rows:
        return []
    picked = ", ".join(f"held.{name}" for name in columns)
    held = stepping(model._meta.db_table, "held", on=" AND ".join(f"held.{name} = given.{name}" for name in on))
    return _fetched(f"SELECT {picked} FROM {given(on)} {held}", parameters(on, rows))  # noqa: S608  (names of ours)


def blocks_of(rows: Any) -> Iterator[Values]:
    """What a `values_list` query finds, as the driver gives it, A_READ rows at a time: none is touched one by one.

    Only for columns that Django would hand on as they are: numbers, text and bytes; no dates.
    """
    return iter(rows.query.get_compiler(rows.db).execute_sql(chunked_fetch=True, chunk_size=A_READ))


def make_missing(model: type[models.Model], columns: dict[str, str], rows: Given, returning: Sequence[str]) -> Values:
    """Insert rows of these columns (name → type), the model's defaults in the others; those that a unique rule forbids
    stay out. Returns the values of `returning` of the ones that were made. No signal is sent, no `save` is called.
    """
    if not rows:
        return []
    blank = model()
    others = {
        str(field.column): field.get_db_prep_save(field.pre_save(blank, add=True), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key
    }
    names = ", ".join(columns)
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join([names, *others])}) "  # noqa: S608
        f"SELECT {names}{', %s' * len(others)} FROM {given(columns)} WHERE true "
        f"ON CONFLICT DO NOTHING RETURNING {', '.join(returning)}"
    )
    return _fetched(statement, [*others.values(), *parameters(columns, rows)])


def _fetched(statement: str, values: list[Any]) -> Values:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
