"""The theme of a week: a moderator may give one, change it, or mend its spelling, whatever the phase."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from club.errors import ClubRuleBroken
from club.lifecycle import MAX_THEME
from club.models import Week
from club.permissions import require_moderator
from club.phases import change, locked
from social.models import User
from social.moderation import log_action


@transaction.atomic
def change_theme(*, week: Week, theme: str, by: User | None, now: datetime, reason: str = "") -> Week:
    """Set the theme; the one that it has changes nothing."""
    require_moderator(by, now)
    theme = theme.strip()
    if len(theme) > MAX_THEME:
        raise ClubRuleBroken(f"A theme has at most {MAX_THEME} characters.", code="bad_value")
    week = locked(week)
    if week.theme == theme:
        return week
    before = {"theme": week.theme}
    change(week, by=by, now=now, reason=reason, theme=theme)
    log_action(
        moderator=by,
        verb="change_theme",
        obj=week,
        reason=reason[:1000],
        before=before,
        after={"theme": theme},
        now=now,
    )
    return week
