"""The tally of a very large poll, and the invented club of `manage.py demo`."""

from __future__ import annotations

import json
import time

from benchmarks.server import installed
from benchmarks.tables import Tables

TALLY_FLOOR, DEMO_SECONDS = 0.1, 60
TALLY = """
import json, random, time
from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median
from club.scoring import BallotLine, Nominee, tally

chance = random.Random(7)
at = datetime(2025, 11, 10, tzinfo=UTC)
nominees = [Nominee(n, f"Album {n}", at + timedelta(minutes=n)) for n in range(60)]
lines = [
    BallotLine(voter, rank, choice)
    for voter in range(10_000)
    for rank, choice in enumerate(chance.sample(range(60), 2), start=1)
]
chance.shuffle(lines)

def timed(work):
    began = time.perf_counter(); work(); return time.perf_counter() - began

def bare():
    points = Counter()
    for line in lines:
        points[line.nomination_id] += 3 - line.rank
    return points.most_common()

turns = [(timed(lambda: tally(lines, nominees)), timed(bare)) for _ in range(9)]
assert sum(entry.points for entry in tally(lines, nominees).entries) == 30_000
print(json.dumps([median(ours for ours, _ in turns), median(floor for _, floor in turns)]))
"""


def measure(tables: Tables) -> None:
    with installed("sqlite") as site:
        ours, floor = json.loads(site.python(TALLY))
        tables.show(
            "Tally of 10,000 ballots for 60 nominees",
            ("", "ms", "× bare sum", "wanted", ""),
            [
                ("bare sum of points", f"{floor * 1000:.1f}", "1.00", "", ""),
                ("tally, with doubles, ties and places", f"{ours * 1000:.1f}", f"{floor / ours:.2f}",
                 f"≥ {TALLY_FLOOR}", tables.verdict(floor / ours >= TALLY_FLOOR)),
            ],
        )  # fmt: skip
        began = time.perf_counter()
        site.manage("demo")
        took = time.perf_counter() - began
        row = ("demo", f"{took:.1f}", f"< {DEMO_SECONDS}", tables.verdict(took < DEMO_SECONDS))
        tables.show("An invented club", ("", "seconds", "wanted", ""), [row])
