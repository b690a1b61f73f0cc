"""What the dashboard draws for one planted member, in shape and rounded numbers, against what is kept in snapshots/.

REWRITE_SNAPSHOTS=1 python -m pytest taste/tests/pages/test_chart_snapshots.py writes them anew: read what changed.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client

from catalog.models import Album
from club.models.week import Phase
from club.tests.factories import WeekFactory
from social.models import User
from taste.tests.pages.a_year import NOW, a_year_of, shelf

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("snapshots")
PAGES = {
    "trajectory": "/dashboard/trajectory/",
    "moods": "/dashboard/moods/",
    "radar": "/dashboard/radar/?week=2025-W47&with=2025-W38",
    "outliers": "/dashboard/outliers/",
    "week": "/dashboard/weeks/2025-W47/",
}
DIGITS = 2
MOST = 8  # values that are kept one by one; of more, these evenly taken
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture
def ana() -> Iterator[User]:
    with time_machine.travel(NOW, tick=False):
        shelf()
        WeekFactory(phase=Phase.CLOSED, winner__album=Album.objects.get(title="Shelf 2"))
        yield a_year_of("ana", 14)


def test_pages_draw_what_they_drew(ana: User) -> None:
    """One member for all of them: to plant her takes longer than to draw."""
    client = Client()
    client.force_login(ana)
    drawn = {name: drawn_by(client, address) for name, address in PAGES.items()}
    if os.environ.get("REWRITE_SNAPSHOTS"):
        for name, found in drawn.items():
            (KEPT / f"{name}.json").write_text(written(found), encoding="utf-8")
        pytest.fail("The snapshots are written anew; run again without REWRITE_SNAPSHOTS.")
    for name, found in drawn.items():
        assert found["figures"] or found["lines"], name
        assert found == json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8")), name


def drawn_by(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return shape_of(answer.content.decode().split("<main")[1].split("</main>")[0])


def written(drawn: dict[str, Any]) -> str:
    """JSON whose innermost lists stand on one line."""
    text = json.dumps(drawn, indent=1, ensure_ascii=False)
    return re.sub(r"\[[^\[\]{}]*\]", lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text) + "\n"


def shape_of(page: str) -> dict[str, Any]:
    """Heading, figures, and the lines of lists that have a bar beside their words."""
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    rest = re.sub(r"<figure.*?</figure>|<header.*?</header>|<h1.*?</h1>", "", page, flags=re.DOTALL)
    lines = [line for line in re.findall(r"<li>.*?</li>", rest, re.DOTALL) if "<svg" in line]
    return {
        "heading": words(re.search(r"<h1.*?</h1>", page, re.DOTALL)[0]),  # type: ignore[index]
        "figures": [figure(each) for each in figures],
        "lines": [[words(SVG.sub("", line)), *(drawing(svg)["bars"] for svg in SVG.findall(line))] for line in lines],
    }


def figure(shown: str) -> dict[str, Any]:
    svg = SVG.search(shown)
    live = re.search(r'<script id="[\w-]+" type="application/json">(.*?)</script>', shown, re.DOTALL)
    rows = [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in
            re.findall(r"<tr>.*?</tr>", shown, re.DOTALL)]  # fmt: skip
    assert svg is not None
    return {
        "drawing": drawing(svg[0]),
        **(plotted(json.loads(live[1])) if live else {}),
        "table": {"columns": rows[0], "n_rows": len(rows) - 1, "first": rows[1], "last": rows[-1]},
        "caption": words(re.search(r'class="figure-foot">(.*?) · <a', shown, re.DOTALL)[1]),  # type: ignore[index]
    }


def drawing(svg: str) -> dict[str, Any]:
    """How many of which elements, the widths of bars, and the words of an SVG."""
    root: Any = ET.fromstring(svg.replace(' xmlns="http://www.w3.org/2000/svg"', ""))  # noqa: S314  (our own drawing)
    names = Counter(f"{each.tag} {each.get('class', '')}".strip() for each in root.iter() if each is not root)
    bars = [float(each.get("width")) for each in root.iter("rect")]
    texts = [each.text for each in root.iter("text") if each.text]
    found = {"class": root.get("class"), "label": root.get("aria-label", ""), "elements": dict(sorted(names.items())),
             "bars": some(bars), "words": texts}  # fmt: skip
    return {key: value for key, value in found.items() if value}


def plotted(live: dict[str, Any]) -> dict[str, Any]:
    layout = live["layout"]
    return {
        "traces": [trace(each) for each in live["data"]],
        "x_range": some(layout["xaxis"]["range"]),
        "y_range": some(layout["yaxis"]["range"]),
        "ticks": layout["xaxis"].get("ticktext", []),
        "annotations": [[each["text"], *some([each["x"], each["y"]])] for each in layout["annotations"]],
    }


def trace(given: dict[str, Any]) -> dict[str, Any]:
    text = given.get("text") or []
    found = {
        "is": f"{given['type']} {given['mode']}",
        "name": given.get("name"),
        "n": len(given["x"]),
        "x": some(given["x"]),
        "y": some(given["y"]),
        "fill": given.get("fillcolor"),
        "says": [text[0], text[-1]] if text else None,
    }
    assert len(given["x"]) == len(given["y"])
    return {key: value for key, value in found.items() if value is not None}


def some(values: Sequence[float]) -> list[float]:
    """Rounded; of many, the first, the last and some evenly between them."""
    if len(values) > MOST:
        values = [values[round(at * (len(values) - 1) / (MOST - 1))] for at in range(MOST)]
    return [round(value, DIGITS) + 0.0 for value in values]  # no −0.0


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())
