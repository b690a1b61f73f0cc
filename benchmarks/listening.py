"""Listens in and statistics out, with up to a million listens of one member, against floors of the same run."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import histories
from benchmarks.server import Installation, serving
from benchmarks.tables import Tables

PARTS = 10
AT_ONCE, N_REQUESTS, N_SINGLE, N_PAGES = 1_000, 30, 41, 7
FILE_FLOOR = {"sqlite": 1 / 30, "postgresql": 1 / 50}
STEADY, SUBMITTED, ONE_MORE = 0.8, 5_000, 1.3
MOST_OF_PLAIN = {"all": 0.2, "year": 1.2, "30 days": 1.2}
PAGE, SIZE, WORKER_MB, IMPORT_MB = 2.0, 2.5, 200, 300
BIG, SMALL, NEW = "big_ears", "small_ears", "new_ears"

Row = tuple[object, ...]


def measure(site: Installation, tables: Tables, *, n_listens: int) -> None:
    title = f"{n_listens:,} listens of one member on {site.database}"
    floor = ask(site, f"floor({min(n_listens, 300_000)})")
    with TemporaryDirectory() as folder:
        package = histories.write_package(Path(folder), n_listens, parts=PARTS)
        brought = ask(site, f"bring({BIG!r}, {str(package)!r})")
    whole, tenths = brought["whole"], brought["tenths"]
    share = FILE_FLOOR[site.database]
    rows: list[Row] = [
        ("bare insert, flat table", f"{floor['rate']:,.0f}/s", "", "", ""),
        row("file import, whole", f"{whole:,.0f}/s", whole / floor["rate"], share, tables, at_least=True),
        row(
            "… its last tenth, × the first",
            f"{tenths[-1]:,.0f}/s",
            tenths[-1] / tenths[0],
            STEADY,
            tables,
            at_least=True,
        ),
        row("… memory, MB", f"{brought['megabytes']:.0f}", brought["megabytes"], IMPORT_MB, tables),
    ]
    with serving(site):
        rows += submissions(site, tables)
        rows += answers(site, tables)
        megabytes = heaviest_worker(site)
        rows.append(row("memory of a web worker, MB", f"{megabytes:.0f}", megabytes, WORKER_MB, tables))
    held = ask(site, "sizes()")
    each = held["bytes"] / held["listens"]
    rows.append(row("bytes a listen, × flat table", f"{each:.0f}", each / floor["bytes"], SIZE, tables))
    tables.show(title, ("", "measured", "ratio", "wanted", ""), rows)


def answers(site: Installation, tables: Tables, *, slack: float = 1.0) -> list[Row]:
    """Lists and the page of the one who holds much, against plain SQL on the same rows; the site is serving."""
    rows = []
    asked = ask(site, f"questions({BIG!r})")
    for name, (ours, plain) in asked.items():
        label = f"top 50 artists, {name}, × plain SQL"
        rows.append(row(label, f"{ours:.1f} ms", ours / plain, MOST_OF_PLAIN[name] * slack, tables))
    took = page(site)
    rows.append(
        row("whole listening page, × plain SQL", f"{took:.0f} ms", took / asked["all"][1], PAGE * slack, tables)
    )
    return rows


def row(label: str, shown: str, ratio: float, wanted: float, tables: Tables, *, at_least: bool = False) -> Row:
    reached = ratio >= wanted if at_least else ratio <= wanted
    return label, shown, f"{ratio:.3g}", f"{'≥' if at_least else '≤'} {wanted:.3g}", tables.verdict(reached)


def ask(site: Installation, call: str) -> Any:
    """A measurement inside the site, in a process of its own."""
    printed = site.python(f"from benchmarks.listening_inside import *; {call}")
    return json.loads(printed.splitlines()[-1])


def submissions(site: Installation, tables: Tables, *, slack: float = 1.0) -> list[Row]:
    """As a scrobbler sends them: a thousand a request, and one by one, to who holds much and to who holds nothing."""
    tokens = {handle: ask(site, f"token({handle!r})") for handle in (BIG, SMALL, NEW)}
    history = [histories.submitted(each) for each in islice(histories.plays(AT_ONCE * N_REQUESTS, seed=8), None)]
    rates = {}
    for handle in (NEW, BIG):
        taken = [
            send(site, tokens[handle], "import", history[start : start + AT_ONCE])
            for start in range(0, len(history), AT_ONCE)
        ]
        rates[handle] = AT_ONCE / median(taken)
    now = int(time.time())
    single: dict[str, list[float]] = {SMALL: [], BIG: []}
    for turn in range(N_SINGLE):
        for handle, taken in single.items():
            listen = history[turn] | {"listened_at": now - 500 * turn}
            taken.append(send(site, tokens[handle], "single", [listen]))
    small, big = median(single[SMALL]), median(single[BIG])
    return [
        row("submitted, 1,000 a request", f"{rates[BIG]:,.0f}/s", rates[BIG], SUBMITTED / slack, tables, at_least=True),
        row("… × the same for a new member", "", rates[BIG] / rates[NEW], STEADY / slack, tables, at_least=True),
        row("one submitted, × with none held", f"{big * 1000:.1f} ms", big / small, ONE_MORE * slack, tables),
    ]


def send(site: Installation, token: str, kind: str, listens: Sequence[dict[str, Any]]) -> float:
    """Seconds of one call to submit-listens."""
    body = json.dumps({"listen_type": kind, "payload": list(listens)})
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        began = time.perf_counter()
        connection.request("POST", "/1/submit-listens", body, {"Authorization": f"Token {token}"})
        answer = connection.getresponse()
        said = answer.read()
        took = time.perf_counter() - began
    finally:
        connection.close()
    if answer.status != 200:
        raise SystemExit(f"submit-listens answered {answer.status}: {said.decode()[:500]}")
    return took


def page(site: Installation) -> float:
    """Milliseconds of the whole page of all time, each right after a new listen; the median."""
    token = ask(site, f"token({BIG!r})")
    now, taken = int(time.time()), []
    for turn in range(N_PAGES):
        listen = histories.submitted(next(histories.plays(1))) | {"listened_at": now - 300 * turn - 60}
        send(site, token, "single", [listen])
        connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
        began = time.perf_counter()
        connection.request("GET", f"/@{BIG}/listening/?range=all")
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - began)
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"The listening page answered {answer.status}.")
    return median(taken) * 1000


def heaviest_worker(site: Installation) -> float:
    """MB that the largest gunicorn process on the site's port holds by itself."""
    heaviest = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                f"PORT={site.port}\0" in (process / "environ").read_text()
                and "gunicorn" in (process / "cmdline").read_text()
            ):
                lines = (process / "smaps_rollup").read_text().splitlines()
                heaviest = max(heaviest, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")))
        except (OSError, UnicodeDecodeError):
            continue
    return heaviest
