"""How the database finds what totals are made of: a step for each row, not a look at all of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from listening.bulk import totals
from social.models import User

pytestmark = pytest.mark.django_db


def test_an_artists_edges_are_found_from_the_artists_tracks_on(rin: User) -> None:
    """Without statistics, as a young database is: SQLite began with all tracks of the member, for each artist."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        totals.take(totals.ARTISTS, user_id=rin.pk, rows=[(1, 1, 1)])
    (sql, params) = next((sql, params) for sql, params in asked if "catalog_track" in sql)
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are empty
        cursor.execute(f"{explain} {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    wanted = "(user_id=? AND track_id=?)" if connection.vendor == "sqlite" else "(track_id = track.id)"
    assert wanted in plan, plan
