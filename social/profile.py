"""What members change about themselves. Each function validates, and raises ValidationError with one text a field,
or Refused where the member may not act."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import now as clock

from social.handles import check_handle
from social.models import User
from social.moderation import people_changed
from social.standing import require_active

PUBLIC_FIELDS = {
    "handle", "display_name", "bio", "avatar", "visibility", "club_visibility", "listens_visibility",
    "searchable", "timezone", "shows_ballots", "shows_progress",
}  # fmt: skip


def _change(member: User, given: dict[str, Any]) -> list[str]:
    """Save the fields that were given (not None) and differ; answers their names."""
    changed = [name for name, value in given.items() if value is not None and getattr(member, name) != value]
    if not changed:
        return []
    before = {name: getattr(member, name) for name in changed}
    for name in changed:
        setattr(member, name, given[name])
    try:
        member.clean_fields(exclude={field.name for field in User._meta.fields} - set(changed))
    except ValidationError:
        for name, value in before.items():  # a refused form leaves the member as it was
            setattr(member, name, value)
        raise
    member.save(update_fields=changed)
    if PUBLIC_FIELDS.intersection(changed):
        people_changed()
    return changed


def change_profile(
    *,
    member: User,
    display_name: str | None = None,
    bio: str | None = None,
    timezone: str | None = None,
    now: datetime | None = None,
) -> list[str]:
    """What others read about the member, and the zone in which the member reads times. None leaves a field alone.

    A suspended member writes nothing that others read (now: the present, unless given), but may move.
    """
    if (display_name, bio) != (None, None):
        require_active(member, now or clock())
    name = display_name.strip() if display_name is not None else None
    words = bio.strip() if bio is not None else None
    return _change(member, {"display_name": name, "bio": words, "timezone": timezone})


def change_handle(*, member: User, handle: str, now: datetime) -> list[str]:
    """The name in the member's addresses; old addresses stop working."""
    if handle == member.handle:
        return []
    require_active(member, now)
    try:
        check_handle(handle, keep=member)
    except ValidationError as error:
        raise ValidationError({"handle": error.messages}) from error
    return _change(member, {"handle": handle})


def change_privacy(
    *,
    member: User,
    visibility: str | None = None,
    club_visibility: str | None = None,
    listens_visibility: str | None = None,
    taste_visibility: str | None = None,
    searchable: bool | None = None,
    shows_ballots: bool | None = None,
    allows_quotes: bool | None = None,
    shows_progress: bool | None = None,
    shows_matches: bool | None = None,
) -> list[str]:
    """Who sees which area, and what the club may show or quote."""
    return _change(
        member,
        {
            "visibility": visibility,
            "club_visibility": club_visibility,
            "listens_visibility": listens_visibility,
            "taste_visibility": taste_visibility,
            "searchable": searchable,
            "shows_ballots": shows_ballots,
            "allows_quotes": allows_quotes,
            "shows_progress": shows_progress,
            "shows_matches": shows_matches,
        },
    )


def change_appearance(
    *, member: User, theme: str | None = None, motion: str | None = None, shortcuts: bool | None = None
) -> list[str]:
    """How the site looks and moves for the member."""
    return _change(member, {"theme": theme, "motion": motion, "shortcuts": shortcuts})


def change_notifications(
    *,
    member: User,
    wants_reminders: bool | None = None,
    wants_direct_messages: bool | None = None,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
) -> list[str]:
    """What the club may remind of, and when it keeps quiet. Quiet hours are two times, or none (both None)."""
    if (quiet_from is None) != (quiet_until is None):
        raise ValidationError({"quiet_until": "Quiet hours need both a beginning and an end."})
    changed = _change(member, {"wants_reminders": wants_reminders, "wants_direct_messages": wants_direct_messages})
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until}
    if any(getattr(member, name) != value for name, value in hours.items()):
        member.quiet_from, member.quiet_until = quiet_from, quiet_until
        member.save(update_fields=list(hours))
        changed += hours
    return changed
