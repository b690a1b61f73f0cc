"""Changing how the club does things: checked as a whole, logged, and taken back by `undo`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field

from club import revision
from club.errors import ClubRuleBroken
from club.history import signed
from club.models import ClubSettings, Phase, Week
from club.permissions import require_moderator
from club.phases import change, changed_deadlines, locked
from club.rhythm import Rhythm, deadlines_from, next_opening
from social.models import User
from social.moderation import log_action

CHOICES = (
    "name", "timezone", "auto_open", "open_weekday", "open_time", "nominations_close_day", "nominations_close_time",
    "poll_close_day", "poll_close_time", "discussion_day", "discussion_time", "ratings_close_day",
    "ratings_close_time", "nominations_per_member", "allow_self_vote", "minimum_ratings",
)  # fmt: skip


@transaction.atomic
def change_settings(*, by: User | None, now: datetime, reason: str = "", **choices: Any) -> ClubSettings:
    """Set some of the club's choices; those that it has already change nothing.

    Weeks that run keep their moments. Weeks that stand ready for the next opening by the old rhythm move to the new.
    """
    require_moderator(by, now)
    if unknown := set(choices) - set(CHOICES):
        raise ClubRuleBroken(f"The club has no setting called {', '.join(sorted(unknown))}.", code="bad_value")
    ClubSettings.load()
    settings = ClubSettings.objects.select_for_update(no_key=True).get(pk=1)
    before = chosen(settings, choices)
    write_settings(settings, choices, by=by, now=now, reason=reason)
    after = chosen(settings, choices)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        log_action(
            moderator=by, verb="change_settings", obj=settings, reason=reason[:1000], now=now,
            before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
        )  # fmt: skip
    return settings


def chosen(settings: ClubSettings, names: Iterable[str]) -> dict[str, Any]:
    """Some of the choices as JSON, the way the log keeps them."""
    values = {name: getattr(settings, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def write_settings(
    settings: ClubSettings, choices: dict[str, Any], *, by: User | None, now: datetime, reason: str
) -> None:
    """Write choices (as values or as JSON) on the locked row, and let weeks that stand ready follow a new rhythm."""
    old = settings.rhythm
    try:
        for name, value in choices.items():
            field = cast("Field[Any, Any]", settings._meta.get_field(name))
            setattr(settings, name, field.to_python(value))
        settings.full_clean()
    except ValidationError as refusal:
        raise ClubRuleBroken(" ".join(refusal.messages), code="bad_value") from refusal
    signed(settings, by=by, now=now, reason=reason).save()
    if settings.rhythm != old:
        follow(old, settings.rhythm, by=by, now=now)
    revision.bump()


def follow(old: Rhythm, new: Rhythm, *, by: User | None, now: datetime) -> None:
    """Weeks that wait for their opening exactly as `old` would have it open by `new`; moved by hand, they stay."""
    for pk in Week.objects.filter(phase=Phase.SCHEDULED, opens_at__gt=now).values_list("pk", flat=True):
        week = locked(pk)
        day = week.opens_at.astimezone(old.zone).date()
        if day.weekday() != old.open_weekday or week.deadlines != deadlines_from(day, old):
            continue
        same_week = deadlines_from(day + timedelta(days=new.open_weekday - day.weekday()), new)
        moved = same_week if same_week.opens_at > now else deadlines_from(next_opening(now, new), new)
        if fields := changed_deadlines(week, moved):
            change(week, by=by, now=now, reason="new rhythm", **fields)
