"""What a first view of a page weighs, compressed, against the budgets of the design."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import brotli

from benchmarks.pages import fetch
from benchmarks.server import Installation
from benchmarks.tables import Tables

PATHS = ("/", "/weeks/", "/weeks/400/", "/stats/")
BUDGETS_KB = {"html": 25, "css": 20, "js": 20, "fonts": 75, "images": 200}
MOST_REQUESTS = 25
FONT = re.compile(r"url\(\"?([^)\"]+\.woff2)\"?\)")
EXTERNAL = re.compile(r"^(?:https?:)?//")


class Parts(HTMLParser):
    """The files that a browser fetches before anyone scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = {"css": set(), "js": set(), "images": set(), "fonts": set()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel") == "stylesheet":
            self.found["css"].add(given["href"])
        elif tag == "link" and given.get("as") == "font":
            self.found["fonts"].add(given["href"])
        elif tag == "script" and given.get("src"):
            self.found["js"].add(given["src"])
        elif tag == "img" and given.get("loading") != "lazy" and not given.get("src", "").startswith("data:"):
            self.found["images"].add(given["src"])


def measure(site: Installation, tables: Tables) -> None:
    rows = []
    for path in PATHS:
        html = fetch(site, path, {"Accept-Encoding": "identity"})[2]
        parts = Parts()
        parts.feed(html.decode())
        for sheet in parts.found["css"]:
            style = fetch(site, sheet, {"Accept-Encoding": "identity"})[2].decode()
            parts.found["fonts"] |= {urljoin(sheet, found) for found in FONT.findall(style)}
        outside = [address for kind in parts.found.values() for address in kind if EXTERNAL.match(address)]
        sizes = {"html": len(brotli.compress(html, quality=5))}
        for kind, addresses in parts.found.items():
            sizes[kind] = sum(weight(site, address) for address in addresses if address not in outside)
        n_requests = 1 + sum(map(len, parts.found.values()))
        is_light = all(sizes[kind] <= budget * 1024 for kind, budget in BUDGETS_KB.items())
        reached = tables.verdict(is_light and n_requests <= MOST_REQUESTS and not outside)
        rows.append((path, *(f"{sizes[kind] / 1024:.1f}" for kind in BUDGETS_KB), n_requests, len(outside), reached))
    wanted = ("budget", *(f"≤ {budget}" for budget in BUDGETS_KB.values()), f"≤ {MOST_REQUESTS}", "0", "")
    heads = ("page", *(f"{kind} KB" for kind in BUDGETS_KB), "requests", "outside", "")
    tables.show("First view, compressed (brotli)", heads, [*rows, wanted])


def weight(site: Installation, address: str) -> int:
    _, headers, body = fetch(site, address, {"Accept-Encoding": "br, gzip"})
    compressed = "content-encoding" in headers or not headers["content-type"].startswith(("text/", "image/svg"))
    return len(body) if compressed else len(brotli.compress(body, quality=5))
