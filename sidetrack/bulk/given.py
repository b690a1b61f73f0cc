"""Many rows as one parameter, so that one statement can work on all of them: JSON on SQLite, arrays on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

AS_WE_WRITE = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
Given = Sequence[tuple[Any, ...]]
SECOND, DAY, NUMBER, UUID_, TEXT, TRUTH, JSON = (
    "timestamptz",
    "date",
    "bigint",
    "uuid",
    "text",
    "boolean",
    "jsonb",
)  # PostgreSQL's names for types


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def writer() -> Callable[[Any], Any]:
    """Turns a datetime, date or UUID into text as the database here writes it, and leaves what is text as it is.

    For whoever gives a value several times: it is written once. Texts of one kind have the order of their values.
    """
    return _as_sqlite if is_sqlite() else _as_postgresql


def _as_sqlite(value: Any) -> Any:
    return value if isinstance(value, str) else as_text(value)


def _as_postgresql(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


def given(columns: dict[str, str]) -> str:
    """A table named `given` with these columns (name → type), to select from; its parameters come from `parameters`."""
    if is_sqlite():
        picked = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
        # LIMIT keeps SQLite from reading the whole JSON again for each row of a table that is joined to it.
        return f"(SELECT {picked} FROM json_each(%s) LIMIT -1) AS given"  # noqa: S608  (names of ours)
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    return f"unnest({arrays}) AS given({', '.join(columns)})"


def stepping(table: str, name: str, *, on: str) -> str:
    """A join that steps into an index of `table` for each row so far; else all of the table might be read for a few."""
    if is_sqlite():
        return f"CROSS JOIN {table} AS {name} ON {on}"
    return f"CROSS JOIN LATERAL (SELECT * FROM {table} AS {name} WHERE {on} OFFSET 0) AS {name}"  # noqa: S608


def parameters(columns: dict[str, str], rows: Given) -> list[Any]:
    """The rows as what `given(columns)` takes. Datetimes must be UTC."""
    if is_sqlite():
        return [orjson.dumps(rows, default=as_text, option=AS_WE_WRITE).decode()]
    return [_array(kind, column) for kind, column in zip(columns.values(), _turned(rows, columns), strict=True)]


def _turned(rows: Given, columns: dict[str, str]) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * len(columns)


def _array(kind: str, column: Sequence[Any]) -> str:
    """A column as PostgreSQL writes an array: the driver would spend a microsecond on each value."""
    match kind:
        case "bigint" | "boolean":
            return "{" + ",".join(map(str, column)).replace("None", "NULL") + "}"
        case "text" | "jsonb":
            return "{" + ",".join(["NULL" if each is None else _quoted(each) for each in column]) + "}"
        case _:
            written = ["NULL" if each is None else _as_postgresql(each) for each in column]
            return '{"' + '","'.join(written).replace('"NULL"', "NULL") + '"}' if written else "{}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_text(value: Any) -> str:
    """As Django writes it on SQLite."""
    if isinstance(value, datetime):
        text = value.isoformat(" ")
        return text.removesuffix("+00:00")
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in the database here.")
