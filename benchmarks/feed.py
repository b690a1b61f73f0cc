"""The feed of a member in a big club, against one indexed query of the same run, in the same process."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.server import Installation
from benchmarks.tables import Tables

N_MEMBERS, N_FOLLOWED = 1_000, 500
SMALL, LARGE = 60_000, 1_000_000
MOST_A_QUERY = 4.0  # times the floor, for each query that a page makes: the 95th of a hundred readings
MOST_DEEPER = 3.0  # a page from a year ago against the first
MOST_QUERIES = 18


def measure(site: Installation, tables: Tables, *, n_items: int = SMALL) -> None:
    """n_items: ratings, albums heard whole, diary, wishes, nominations, wins, milestones and follows together."""
    filled = ask(site, f"fill({N_MEMBERS}, {N_FOLLOWED}, {n_items})")
    took = ask(site, "readings()")
    floor = took["floor"]["p95"]
    first, deep = took["500, first page"], took["500, a year ago"]
    limit = MOST_A_QUERY * first["queries"]

    def row(name: str, wanted: float | None = limit) -> tuple[object, ...]:
        each = took[name]
        ratio = each["p95"] / floor
        verdict = tables.verdict(ratio <= wanted) if wanted else ""
        said = f"≤ {wanted:.0f}" if wanted else ""
        return (
            name,
            each["queries"],
            milliseconds(each["median"]),
            milliseconds(each["p95"]),
            f"{ratio:.1f}",
            said,
            verdict,
        )

    tables.show(
        f"Feed: {filled['items']:,} items of {N_MEMBERS:,} members, {N_FOLLOWED} followed, on {site.database}",
        ("reading", "queries", "median", "p95", "× one query", "wanted", ""),
        [row("floor", None), *(row(name) for name in took if name not in {"floor", "whole page, signed in"}),
         row("whole page, signed in", None)],
    )  # fmt: skip
    most = max(each["queries"] for name, each in took.items() if not name.startswith("whole page"))
    tables.show(
        "Feed: what must not grow",
        ("", "", "wanted", ""),
        [
            ("queries of a page at most: two, and two for each of eight kinds", most,
             f"≤ {MOST_QUERIES}", tables.verdict(most <= MOST_QUERIES)),
            ("a page from a year ago against the first", f"{deep['p95'] / first['p95']:.2f}",
             f"≤ {MOST_DEEPER:.0f}", tables.verdict(deep["p95"] <= first["p95"] * MOST_DEEPER)),
        ],
    )  # fmt: skip


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def ask(site: Installation, call: str) -> Any:
    printed = site.python(f"from benchmarks.feed_inside import *; {call}")
    return json.loads(printed.splitlines()[-1])
