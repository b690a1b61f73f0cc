"""Hiding what a member shows of themselves: name and bio are put away and come back from the log, a picture is gone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from social.avatars import remove_avatar
from social.errors import Refused
from social.models import ModerationAction, Report, User
from social.moderation import log_action, people_changed, require_moderator, require_power_over, require_reason

WORDS = ["display_name", "bio"]


@transaction.atomic
def hide_profile_words(*, member: User, moderator: User, reason: str, now: datetime) -> ModerationAction:
    """Empty the member's display name and bio, and remove the picture; the handle stays, and they may begin anew."""
    reason = require_reason(reason)
    require_power_over(member, require_moderator(moderator))
    before = {name: getattr(member, name) for name in WORDS}
    had_picture = bool(member.avatar)
    if not any(before.values()) and not had_picture:
        raise Refused(f"{member} has written nothing that could be hidden.", code="cannot_hide")
    if had_picture:
        remove_avatar(member=member)
    for name in WORDS:
        setattr(member, name, "")
    member.save(update_fields=WORDS)
    people_changed()
    return log_action(
        moderator=moderator, verb="hide_profile", obj=member, reason=reason, before=before,
        after=dict.fromkeys(WORDS, "") | ({"picture": "removed"} if had_picture else {}), now=now,
    )  # fmt: skip


@transaction.atomic
def unhide_profile_words(*, member: User, moderator: User, reason: str = "", now: datetime) -> ModerationAction:
    """Bring back what was last hidden, unless the member has written something else since."""
    require_power_over(member, require_moderator(moderator))
    hidden = (
        ModerationAction.objects.filter(verb="hide_profile", kind="social.user", object_id=member.pk, undone_by=None)
        .order_by("-created_at", "-pk")
        .first()
    )
    if hidden is None:
        raise Refused(f"Nothing of {member}'s profile is hidden.", code="nothing_hidden")
    before = {name: getattr(member, name) for name in WORDS}
    for name in WORDS:
        setattr(member, name, before[name] or hidden.before.get(name, ""))
    member.save(update_fields=WORDS)
    people_changed()
    return log_action(
        moderator=moderator, verb="unhide_profile", obj=member, reason=reason.strip()[:1000], before=before,
        after={name: getattr(member, name) for name in WORDS}, now=now, undoes=hidden,
    )  # fmt: skip


def hide_reported_profile(report: Report, moderator: User, reason: str, now: datetime) -> bool | None:
    """Fills the slot "report:hide" for reports about a member's profile."""
    if report.kind != User._meta.label_lower:
        return None
    member = User.objects.get(pk=report.object_id)
    hide_profile_words(member=member, moderator=moderator, reason=reason, now=now)
    return True
