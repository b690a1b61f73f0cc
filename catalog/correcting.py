"""Typos in names and facts, put right by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from catalog.models import Album, Alias, Artist, Track
from catalog.names import name_key, tidy, title_key
from sidetrack import slots
from social.models import User
from social.moderation import log_action, require_moderator

Row = TypeVar("Row", Artist, Album, Track)


@transaction.atomic
def correct(*, row: Row, moderator: User, now: datetime, reason: str = "", **fields: Any) -> Row:
    """Set these fields, find the row by its new name from now on and by its old one too, and log what changed.

    Raises ValidationError, with one text a field, where a value cannot be or another row has it already.
    """
    require_moderator(moderator)
    fields = {name: tidy(value) if isinstance(value, str) else value for name, value in fields.items()}
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return row
    before = {name: _plain(getattr(row, name)) for name in changed}
    old_key = _key(row)
    for name, value in changed.items():
        setattr(row, name, value)
    _set_key(row)
    row.full_clean()
    row.save()
    if _key(row) != old_key:
        _remember(row, old_key, moderator)
    if isinstance(row, Track) and "artist" in changed:
        list(slots.call("catalog:track_artists_changed", [row.pk], now=now))
    for _ in slots.call("catalog:changed"):
        pass
    after = {name: _plain(getattr(row, name)) for name in changed}
    log_action(
        moderator=moderator, verb="correct", obj=row, reason=reason.strip()[:1000], before=before, after=after, now=now
    )  # fmt: skip
    return row


def _plain(value: Any) -> Any:
    """The value as the log can hold it."""
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _key(row: Artist | Album | Track) -> tuple[str, str]:
    """Under which names the row is found: artist and title."""
    return (row.name_key, "") if isinstance(row, Artist) else (row.artist.name_key, row.title_key)


def _set_key(row: Artist | Album | Track) -> None:
    if isinstance(row, Artist):
        row.name_key = name_key(row.name)
    else:
        row.title_key = title_key(row.title)


def _remember(row: Artist | Album | Track, key: tuple[str, str], moderator: User) -> None:
    """The name with the typo keeps meaning this row, unless it means something already."""
    kind = row._meta.model_name or ""
    Alias.objects.get_or_create(
        kind=kind, artist_key=key[0], title_key=key[1],
        defaults={kind: row, "source": "correction", "created_by": moderator},
    )  # fmt: skip
