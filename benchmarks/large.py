"""`make bench-large`: 200 members with 100,000 listens each on PostgreSQL, filled by COPY; then the same questions.

Twenty million rows with their indexes take some eight gigabytes and half an hour. `ARGS="--members 20"` is a taste.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import listening, server
from benchmarks.tables import Tables

SLACK = 1.5  # a large table may cost so much more than a small one
EACH = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-large", description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=200)
    asked = parser.parse_args()
    if not server.postgres_answers():
        raise SystemExit("PostgreSQL does not answer (SIDETRACK_BENCH_POSTGRES names another).")
    tables = Tables()
    with server.installed("postgresql") as site:
        began = time.perf_counter()
        listening.ask(site, f"fill({asked.members}, {EACH}, {listening.BIG!r})")
        print(f"{asked.members * EACH:,} listens were written in {time.perf_counter() - began:.0f} s")
        with server.serving(site):
            rows = [*listening.submissions(site, tables, slack=SLACK), *listening.answers(site, tables, slack=SLACK)]
        title = f"{asked.members} members with {EACH:,} listens each on PostgreSQL"
        tables.show(title, ("", "measured", "ratio", "wanted", ""), rows)
    sys.exit(1 if tables.n_short else 0)


if __name__ == "__main__":
    main()
