"""A chart as every page of the dashboard shows it: finding, drawing, data for the script, caption, table, file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """form: how a page writes it; a file has the bare value: text, whole, share, fine_share, fine (two decimals)."""

    key: str
    label: str
    form: str = "text"

    @property
    def is_number(self) -> bool:
        return self.form != "text"


@dataclass(frozen=True, slots=True)
class Table:
    """links: where the first cell of each row leads, or nothing."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    links: Sequence[str] = ()

    @property
    def shown(self) -> list[tuple[str, str, list[tuple[str, bool]]]]:
        """(first cell, its link, the other cells with whether they are numbers) of each row."""
        return [
            (
                written(self.columns[0], row[0]),
                self.links[at] if at < len(self.links) else "",
                [
                    (written(column, cell), column.is_number)
                    for column, cell in zip(self.columns[1:], row[1:], strict=True)
                ],
            )
            for at, row in enumerate(self.rows)
        ]

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]


def written(column: Column, cell: Cell) -> str:
    if cell is None:
        return "–"
    if column.form == "share" and isinstance(cell, int | float):
        return f"{cell:.0%}"
    if column.form == "fine_share" and isinstance(cell, int | float):
        return f"{cell:.1%}"
    if column.form == "fine" and isinstance(cell, int | float):
        return f"{cell:.2f}"
    if column.form == "whole" and isinstance(cell, int | float):
        return f"{round(cell):,}"
    return str(cell)


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend. css: its swatch; trace: the name in the chart, which a button hides; says: beside it."""

    css: str
    label: str
    says: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """key: of its ids and of its file. look: which shape its place has. base: the drawing; live: what plotly draws."""

    key: str
    finding: str
    look: str
    base: SafeString
    n: str
    source: str
    method: str
    table: Table
    csv: str
    live: dict[str, Any] | None = None
    legend: Sequence[Key] = field(default_factory=list)

    @property
    def data_id(self) -> str:
        return f"{self.key}-data"


def drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308  (sidetrack.svg and taste.charts escape every word they are given)


def of_plays(n: int, total: int) -> str:
    """`1,204 of 1,950 plays`: how many of them the figure is made of."""
    if n == total:
        return _("%(n)s plays") % {"n": f"{n:,}"}
    return _("%(n)s of %(total)s plays") % {"n": f"{n:,}", "total": f"{total:,}"}


def source_words() -> str:
    return _("from listens, each play once, and from how their tracks sound")


def link(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)
