"""Who changed a club row, and when: for the history that moderators read."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import models

from social.models import User

Row = TypeVar("Row", bound=models.Model)


def signed(row: Row, *, by: User | None, now: datetime, reason: str = "") -> Row:
    """The row, so that the history entry of its next save names `by` and the club's own clock."""
    row._history_user = by  # type: ignore[attr-defined]
    row._history_date = now  # type: ignore[attr-defined]
    row._change_reason = reason[:100]  # type: ignore[attr-defined]
    return row
