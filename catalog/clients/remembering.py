"""What outside catalogues answered, kept in the database: nothing is asked twice, “there is no such thing” included."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from catalog.models import CachedAnswer
from sidetrack.http import NotThere, OddReply, Reply

GONE, BAD_REQUEST = 404, 400


def remembered(
    *,
    service: str,
    path: str,
    params: Mapping[str, str | int],
    ask: Callable[[], Reply],
    now: datetime,
    keep_for: timedelta,
) -> Any:
    """The JSON that `service` answers to `path` and `params`: as remembered while it is fresh, else by `ask()`.

    A remembered 404 or 400 is raised as `ask()` raised it, without asking. TryLater is never remembered.
    """
    address = f"{path}?{urlencode(sorted(params.items()))}" if params else path
    key = hashlib.sha256(address.encode()).hexdigest()
    known = CachedAnswer.objects.filter(service=service, request_key=key, expires_at__gt=now).first()
    if known is not None:
        if known.status == GONE:
            raise NotThere(f"{service} has no {path} (remembered).", status=GONE)
        if known.status >= BAD_REQUEST:
            raise OddReply(f"{service} refuses {path} (remembered).", status=known.status)
        return known.body
    body: Any = None
    status = 200
    failure: NotThere | OddReply | None = None
    try:
        body = _without_nul(ask().json())
    except NotThere as error:
        failure, status = error, GONE
    except OddReply as error:
        if error.status != BAD_REQUEST:
            raise
        failure, status = error, BAD_REQUEST
    answer = CachedAnswer(
        service=service,
        request_key=key,
        address=address,
        status=status,
        body=body,
        fetched_at=now,
        expires_at=now + keep_for,
    )
    CachedAnswer.objects.bulk_create(
        [answer],
        update_conflicts=True,
        unique_fields=["service", "request_key"],
        update_fields=["address", "status", "body", "fetched_at", "expires_at"],
    )
    if failure is not None:
        raise failure
    return body


def forget_old_answers(*, now: datetime) -> int:
    """Delete what has expired; how many answers that were."""
    deleted, _ = CachedAnswer.objects.filter(expires_at__lte=now).delete()
    return deleted


def _without_nul(value: Any) -> Any:
    """PostgreSQL stores no NUL character in JSON."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {key: _without_nul(each) for key, each in value.items()}
    return value
