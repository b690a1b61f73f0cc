"""Weekly taste of one member with 300,000 listens, against the plain SQL that reads them, in the same process."""

from __future__ import annotations

import json

from benchmarks.server import Installation
from benchmarks.tables import Tables

N_LISTENS = 300_000
MOST_OF_READING, ONE_MORE = 5.0, 2.5


def measure(site: Installation, tables: Tables, *, n_listens: int = N_LISTENS) -> None:
    filled = ask(site, f"fill('big_ears', {n_listens})")
    took = ask(site, "aggregated('big_ears')")
    floor = took["floor"]

    def row(label: str, name: str, wanted: float | None) -> tuple[object, ...]:
        ratio = took[name] / floor
        verdict = tables.verdict(ratio < wanted) if wanted else ""
        return label, f"{took[name] * 1000:,.0f} ms", f"{ratio:.3g}", f"< {wanted:.3g}" if wanted else "", verdict

    tables.show(
        f"{took['weeks']} weeks of {filled['listens']:,} listens of {filled['tracks']:,} tracks on {site.database}",
        ("", "measured", "× reading", "wanted", ""),
        [
            row("plain SQL reads the listens", "floor", None),
            row("… and features, vectors and tags of the music", "music", None),
            row("every week from nothing", "whole", MOST_OF_READING),
            row("after one new listen", "one", ONE_MORE),
            row("nothing new", "none", None),
            ("memory of the process, MB", f"{took['megabytes']:.0f}", "", "", ""),
        ],
    )


def ask(site: Installation, call: str) -> dict[str, float]:
    """A measurement inside the site, in a process of its own."""
    printed = site.python(f"from benchmarks.weeks_inside import *; {call}")
    answer: dict[str, float] = json.loads(printed.splitlines()[-1])
    return answer
