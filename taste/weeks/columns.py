"""A member's plays as columns of numbers: read once, in the order of time, twenty thousand rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import BigIntegerField, F, Func
from django.db.models.expressions import BaseExpression
from django.db.models.sql.compiler import SQLCompiler

from listening.models import ListenEvent
from listening.models.listen import ListenQuerySet
from sidetrack.bulk.rows import blocks_of
from social.models import User
from taste.weeks.calendar import Ints
from taste.weeks.sums import Floats


class Whole(Func):
    """A whole number as the driver gives it: Django would call a function of Python's for each row to make sure."""

    output_field = BigIntegerField()
    convert_value = staticmethod(BaseExpression._convert_value_noop)  # type: ignore[attr-defined]


class UnixTime(Whole):
    """Seconds since 1970 as the database counts them: a date and time for each row costs several times as much."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::bigint"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **more: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER)", **more)


class UnixMillis(Whole):
    """The same in thousandths: to tell one change from the next."""

    template = "ROUND(EXTRACT(EPOCH FROM %(expressions)s) * 1000)::bigint"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **more: Any) -> tuple[str, Any]:
        template = "CAST(ROUND((JULIANDAY(%(expressions)s) - 2440587.5) * 86400000) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **more)


class OrZero(Whole):
    """The number, 0 for none."""

    template = "COALESCE(%(expressions)s, 0)"


@dataclass(frozen=True, slots=True)
class Plays:
    """Columns of equal length, by time. seconds: Unix time. albums: 0 where none was said. ms: 0 likewise."""

    seconds: Ints
    tracks: Ints
    artists: Ints
    albums: Ints
    ms: Ints

    def __len__(self) -> int:
        return len(self.seconds)


def numbers_of(rows: Any, width: int) -> Ints:
    """A query of whole numbers, `width` in a row, as an array of shape (width, n); 8 bytes a number, never all rows."""
    found: Ints = _columns_of(rows, width, _whole)
    return found


def floats_of(rows: Any, width: int) -> Floats:
    """The same for numbers that may be absent: NaN."""
    found: Floats = _columns_of(rows, width, _floats)
    return found


def _columns_of(rows: Any, width: int, packed: Callable[[list[tuple[Any, ...]], int], Any]) -> Any:
    found = [packed(block, width).T for block in blocks_of(rows)]
    return np.concatenate(found, axis=1) if found else packed([], width).T


def _whole(block: list[tuple[Any, ...]], width: int) -> Ints:
    return np.fromiter(chain.from_iterable(block), np.int64, len(block) * width).reshape(-1, width)


def _floats(block: list[tuple[Any, ...]], width: int) -> Floats:
    return np.array(block, np.float64).reshape(-1, width)  # None becomes NaN


def plays_of(user: User) -> Plays:
    """Every play once; one query."""
    listens: ListenQuerySet = ListenEvent.objects.counted().filter(user=user)
    return Plays(*numbers_of(listens.order_by("played_at").values_list(*COLUMNS), len(COLUMNS)))


COLUMNS = (UnixTime("played_at"), F("track_id"), F("artist_id"), OrZero("album_id"), OrZero("ms_played"))
