"""What an export consists of: tables, each as JSON and as CSV, and files that an app writes by itself.

A table is described by its rows alone. What its columns are follows from the model, so a column that somebody adds is
in the export the same day; secrets are left out by their kind. Rows point at music by names, as catalogue says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias
from uuid import UUID

from django.db import models

from sidetrack.fields import EncryptedTextField
from social.models import User

Row: TypeAlias = dict[str, Any]
ROWS_AT_ONCE = 2_000
SECRETS = {"token_hash", "password", "lease_key", "session_key"}
_described: dict[str, Mapping[str, str]] = {}


def rows_of(model: type[models.Model], member: User, owner: str = "user") -> models.QuerySet[Any]:
    """The model's rows that are the member's, those that pages leave out too."""
    rows: models.QuerySet[Any] = model._default_manager.filter(**{owner: member})
    return rows


def describe(model: type[models.Model], **columns: str) -> None:
    """How a row that points at one of these names it: `describe(Album, title="title", artist="artist__name")`."""
    _described[model._meta.label] = columns


@dataclass(frozen=True)
class Table:
    """Rows of one model. path: in the zip, without ending. text: what they are, for README.txt.

    leave_out: columns that say nothing to a person. names_all: other members are named whether or not the member may
    see them now: only where the member chose them. order: of a table that may be large, one that an index keeps, so
    that no database sorts a million rows in memory.
    """

    path: str
    title: str
    text: str
    rows: models.QuerySet[Any]
    leave_out: frozenset[str] = frozenset()
    names_all: bool = False
    has_json: bool = True
    order: tuple[str, ...] = ("pk",)
    instead: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Each column's name and the path that its value is read by."""
        columns: dict[str, str] = {}
        for each in self.rows.model._meta.concrete_fields:
            is_secret = isinstance(each, EncryptedTextField | models.BinaryField) or each.name in SECRETS
            if is_secret or each.name in self.leave_out or isinstance(each, models.CompositePrimaryKey):
                continue
            other = each.related_model
            if other is None:
                columns[each.name] = self.instead.get(each.name, each.name)
            elif other is not User and other._meta.label in _described:
                for name, path in _described[other._meta.label].items():
                    columns[f"{each.name}_{name}"] = f"{each.name}__{path}"
            else:
                columns[each.name if other is User else each.attname] = each.attname
        return columns

    @cached_property
    def people(self) -> frozenset[str]:
        """The columns that hold members: written as handles."""
        fields = self.rows.model._meta.concrete_fields
        return frozenset(f.name for f in fields if f.related_model is User and f.name in self.columns)

    def read(self, member: User) -> Iterator[list[Row]]:
        """The rows in batches, in the order in which they were made."""
        names = list(self.columns)
        values = self.rows.order_by(*self.order).values_list(*self.columns.values()).iterator(chunk_size=ROWS_AT_ONCE)
        while batch := [dict(zip(names, row, strict=True)) for row in islice(values, ROWS_AT_ONCE)]:
            if self.people:
                self._name(batch, member)
            yield [{name: plain(value) for name, value in row.items()} for row in batch]

    def _name(self, batch: list[Row], member: User) -> None:
        ids = {row[column] for row in batch for column in self.people} - {None}
        known = User.objects.filter(pk__in=ids)
        shown = known if self.names_all else known.meetable_by(member)
        handles = dict(shown.values_list("pk", "handle"))
        for row in batch:
            for column in self.people:
                row[column] = handles.get(row[column]) if row[column] is not None else None


@dataclass(frozen=True)
class Files:
    """Files in a form of their own. write: their paths in the zip, each with its pieces."""

    path: str
    title: str
    text: str
    write: Callable[[], Iterable[tuple[str, Iterable[bytes]]]]


Part: TypeAlias = Table | Files


def plain(value: Any) -> Any:
    """A value that JSON knows; moments in UTC."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case Decimal():
            return float(value)
        case _:
            return value
