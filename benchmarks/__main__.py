"""`python -m benchmarks`: see the package."""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import arithmetic, extraction, feed, listening, mapping, recommend, server, weeks
from benchmarks.tables import Tables

PARTS = (
    "pages", "weights", "discord", "listening", "feed", "weeks", "arithmetic", "recommend", "mapping", "extraction",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Sidetrack against floors of the same run.")
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{', '.join(PARTS)}; everything when none is named",
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each spell of requests")
    parser.add_argument("--listens", type=int, nargs="+", default=[100_000, 1_000_000], help="of one member")
    parser.add_argument("--items", type=int, default=feed.SMALL, help=f"of the feed, such as {feed.LARGE}")
    asked = parser.parse_args()
    parts = set(asked.parts or PARTS)
    tables = Tables()
    if parts & {"pages", "weights", "discord", "listening", "feed", "weeks"}:
        for database in [asked.database] if asked.database else ["sqlite", "postgresql"]:
            if database == "postgresql" and not server.postgres_answers():
                print("PostgreSQL does not answer: left out (SIDETRACK_BENCH_POSTGRES names another).")
                continue
            if parts & {"pages", "weights", "discord"}:
                measure_site(database, parts, tables, seconds=asked.seconds)
            if "listening" in parts:
                for n_listens in asked.listens:
                    with server.installed(database) as site:
                        listening.measure(site, tables, n_listens=n_listens)
            if "feed" in parts:
                with server.installed(database) as site:
                    feed.measure(site, tables, n_items=asked.items)
            if "weeks" in parts:
                with server.installed(database) as site:
                    weeks.measure(site, tables)
    if "arithmetic" in parts:
        arithmetic.measure(tables)
    if "recommend" in parts:
        recommend.measure(tables)
        with server.installed(asked.database or "sqlite") as site:
            recommend.measure_nights(site, tables)
    if "mapping" in parts:
        mapping.measure(tables)
    if "extraction" in parts:
        extraction.measure(tables)
    print(f"{tables.n_short} rows fell short." if tables.n_short else "Every row reached what was wanted.")
    sys.exit(1 if tables.n_short else 0)


def measure_site(database: str, parts: set[str], tables: Tables, *, seconds: float) -> None:
    with server.installed(database) as site:
        began = time.perf_counter()
        site.python("from benchmarks.data import fill; fill()")
        print(f"{database}: the big club was written in {time.perf_counter() - began:.1f} s")
        if parts & {"pages", "weights"}:
            from benchmarks import pages, weights

            with server.serving(site):
                if "pages" in parts:
                    pages.measure(site, tables, seconds=seconds)
                if "weights" in parts and database == "sqlite":
                    weights.measure(site, tables)
        if "discord" in parts:
            from benchmarks import discord

            discord.measure(site, tables)


if __name__ == "__main__":
    main()
