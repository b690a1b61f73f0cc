"""The floor: a bare Django page with as many queries and bytes as the page it is compared with.

It goes through the same middleware and the same compression, reads as many values from the database (whole model rows
by plain queries), and writes its bytes with the plainest template: a loop with one variable every hundred bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template

from benchmarks import COUNT_HEADER, FACTS_HEADER
from benchmarks.data import WORDS
from club.models import Week

PAGE = Template("<!doctype html><title>Bare</title>{% for line in lines %}<p>{{ line }}</p>\n{% endfor %}")
LINE = 100 - len("<p></p>\n")


def bare_page(request: HttpRequest, n_queries: int, n_values: int, n_bytes: int) -> HttpResponse:
    n_rows = n_values // len(Week._meta.concrete_fields)
    weeks: list[Week] = []
    for n in range(n_queries):
        first = n_rows * n // n_queries
        weeks += Week.objects.order_by("number")[first : max(first + 1, n_rows * (n + 1) // n_queries)]
    lines = []
    for n in range(max(0, n_bytes - 40) // 100):
        start = n * 7 % len(WORDS)
        line = f"{weeks[n % len(weeks)].number if weeks else n} {' '.join((WORDS[start:] + WORDS[:start])[:14])}"
        lines.append(line[:LINE].ljust(LINE, "."))
    return HttpResponse(PAGE.render(Context({"lines": lines})))


class CountingMiddleware:
    """Asked with X-Count-Queries, answers with the number of queries that a page makes and of values that they read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if COUNT_HEADER not in request.headers:
            return self.get_response(request)
        made: list[tuple[str, Any]] = []

        def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            made.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        response[FACTS_HEADER] = json.dumps({"queries": len(made), "values": sum(map(values_of, made))})
        return response


def values_of(query: tuple[str, Any]) -> int:
    sql, params = query
    if not sql.lstrip().upper().startswith("SELECT"):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sum(map(len, cursor.fetchall()))
