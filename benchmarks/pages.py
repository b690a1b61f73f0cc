"""Archive and week page: how many a second and how soon, against the bare page, measured in turns in one run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median

from benchmarks import COUNT_HEADER, FACTS_HEADER, load
from benchmarks.server import Installation
from benchmarks.tables import Tables

RENDERED_FLOOR, FRESH_FLOOR = 0.6, 5.0
CONNECTIONS, ROUNDS = 4, 5
BROWSER = {"Accept-Encoding": "gzip", "Accept": "text/html"}


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    most_queries: int


RENDERED_ANEW = {"Cookie": "messages="}  # whoever may have a message waiting gets a page of their own
PAGES = (Page("archive", "/weeks/", 12), Page("week", "/weeks/400/", 20))


def measure(site: Installation, tables: Tables, *, seconds: float) -> None:
    rows, counts = [], []
    for page in PAGES:
        facts, etag, n_bytes = look_at(site, page.path)
        bare = f"/bare/{facts['queries']}/{facts['values']}/{n_bytes}/"
        kinds = {
            "bare page": (bare, {}, None),
            "rendered": (page.path, RENDERED_ANEW, RENDERED_FLOOR),
            "kept copy": (page.path, {}, None),
            "fresh, 304": (page.path, {"If-None-Match": etag}, FRESH_FLOOR),
        }
        spells: dict[str, list[load.Load]] = {kind: [] for kind in kinds}
        for turn in range(ROUNDS + 1):  # the first turn warms up
            for kind, (path, headers, _) in kinds.items():
                spell = load.run(
                    site.port,
                    path,
                    seconds=seconds if turn else 0.5,
                    connections=CONNECTIONS,
                    headers=BROWSER | headers,
                )
                if turn:
                    spells[kind].append(spell)
        bare_rate = median(spell.per_second for spell in spells["bare page"])
        for kind, (_, _, floor) in kinds.items():
            rate = median(spell.per_second for spell in spells[kind])
            wanted = (f"≥ {floor}", tables.verdict(rate >= floor * bare_rate)) if floor else ("", "")
            p95 = median(spell.p95_ms for spell in spells[kind])
            first = spells[kind][0]
            rows.append(
                (page.name, kind, first.status, f"{rate:.0f}", f"{p95:.1f}", f"{rate / bare_rate:.2f}", *wanted)
            )
        reached = tables.verdict(facts["queries"] <= page.most_queries)
        counts.append((page.name, facts["queries"], facts["values"], n_bytes, f"≤ {page.most_queries}", reached))
    title = f"Pages on {site.database}: gunicorn with two workers, {CONNECTIONS} connections, median of {ROUNDS} turns"
    tables.show(title, ("page", "as", "status", "requests/s", "p95 ms", "× bare", "wanted", ""), rows)
    tables.show(f"Queries on {site.database}", ("page", "queries", "values", "bytes", "wanted", ""), counts)


def look_at(site: Installation, path: str) -> tuple[dict[str, int], str, int]:
    """Queries and values of a page that is rendered, its ETag, its length."""
    facts = fetch(site, path, RENDERED_ANEW | {COUNT_HEADER: "1"})[1]
    _, headers, body = fetch(site, path, {})
    return json.loads(facts[FACTS_HEADER.lower()]), headers.get("etag", "none"), len(body)


def fetch(site: Installation, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {body[:300]!r}")
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
    finally:
        connection.close()
