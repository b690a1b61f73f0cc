"""Every address of the site with an example of it, for tests that must miss none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve

ELSEWHERE = ("admin/", "accounts/")  # the moderators' tools, and sign-in: Django's and allauth's own
EXAMPLES = {
    **{"handle": "quartz", "other": "companion", "a": "quartz", "b": "companion", "name": "artists", "ending": "csv"},
    **{"text": "2025-W40", "year": "2025", "place": "first", "provider": "spotify", "source": "spotify", "tab": "x"},
    **{"slug": "nothing-here", "table": "winners", "verb": "x", "path": "nothing.png", "rest": "nowhere"},
    **{"service": "spotify"},
}
NUMBER = "987654"


@dataclass(frozen=True)
class Address:
    """route: as the URL conf writes it. example: a path of it that leads to nothing that there is."""

    route: str
    example: str
    view: Callable[..., Any]


def every_address() -> list[Address]:
    """Each found again by its own example."""
    made = []
    for route, pattern in _walk(get_resolver().url_patterns):
        found = resolve("/" + example_of(route))
        assert found.func is pattern.callback, f"The example of {route} leads to {found.route}: give it another."
        made.append(Address(found.route, "/" + example_of(route), pattern.callback))
    return made


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern


def example_of(route: str) -> str:
    """Django's own and regular-expression routes alike, with every part filled in."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: _example(found[1]), re.sub(r"\(\?P<(\w+)>", r"(?P{\1}", route))
    while found := re.search(r"\(\?P\{(\w+)\}(?:[^()\[\]]|\[[^\]]*\]|\([^()]*\))*\)", path):
        path = path[: found.start()] + _example(found[1]) + path[found.end() :]
    return path.replace("/?", "").replace("^", "").replace("$", "").replace("\\", "")


def _example(name: str) -> str:
    return EXAMPLES.get(name, NUMBER)
