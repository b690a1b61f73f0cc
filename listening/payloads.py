"""What services and programs said word for word about plays: kept for a while, then forgotten. The listens stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from listening.models import ListenPayload
from sidetrack.bulk.given import JSON, NUMBER, SECOND
from sidetrack.bulk.rows import make_missing

COLUMNS = {"listen_id": NUMBER, "body": JSON, "received_at": SECOND}
A_DELETE = 5_000  # rows a statement: while it runs, nobody else writes on SQLite

_ODD = re.compile(r"\\u(?:0000|d[89a-f])")  # NUL, and whatever is written as a surrogate: most are whole pairs


def keep(told: Iterable[tuple[int, dict[str, Any] | None]], *, now: datetime) -> None:
    """Store what was said of listens (by id); nothing where nothing was said."""
    rows = [(listen_id, _as_json(body), now) for listen_id, body in told if body]
    make_missing(ListenPayload, COLUMNS, rows, ("listen_id",))


def _as_json(body: dict[str, Any]) -> str:
    """Without NUL and half surrogate pairs: JSON can say them, and PostgreSQL refuses the whole row."""
    text = json.dumps(body)
    return json.dumps(_cleaned(body)) if _ODD.search(text) else text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value


def forget_old(*, now: datetime) -> int:
    """Delete payloads older than LISTEN_PAYLOAD_DAYS; how many there were."""
    old = ListenPayload.objects.filter(received_at__lt=now - timedelta(days=settings.LISTEN_PAYLOAD_DAYS))
    n_forgotten = 0
    while ids := list(old.order_by("received_at").values_list("pk", flat=True)[:A_DELETE]):
        n_forgotten += ListenPayload.objects.filter(pk__in=ids).delete()[0]
    return n_forgotten
