"""What moderators do to members, and the log of everything that they do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from sidetrack import slots
from social.errors import NotAllowed, Refused
from social.models import MemberWarning, ModerationAction, User

__all__ = ["NotAllowed", "log_action", "require_moderator"]


def kind_of(obj: Model) -> str:
    """What kind of row it is, as `app.model`: club.rating."""
    return obj._meta.label_lower


def require_moderator(user: User | None) -> User:
    """The moderator, or `NotAllowed`."""
    if user is None or not user.is_moderator:
        raise NotAllowed("Only a moderator may do this.", code="not_a_moderator")
    return user


def require_reason(reason: str) -> str:
    """The reason without blanks around it; what touches somebody else's words or account needs one."""
    if not (reason := reason.strip()):
        raise Refused("Give a reason: it is kept in the log.", code="reason_needed")
    return reason[:1000]


def log_action(
    *,
    moderator: User | None,
    verb: str,
    obj: Model,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    now: datetime,
    undoes: ModerationAction | None = None,
) -> ModerationAction:
    """Add one line to the log. `before` and `after` hold what is needed to read it, and to take it back."""
    return ModerationAction.objects.create(
        moderator=moderator,
        verb=verb,
        kind=kind_of(obj),
        object_id=obj.pk,
        label=str(obj)[:200],
        reason=reason,
        before=before or {},
        after=after or {},
        created_at=now,
        undoes=undoes,
    )


def _suspension(member: User) -> dict[str, Any]:
    return {
        "suspended_at": member.suspended_at.isoformat() if member.suspended_at else None,
        "suspended_until": member.suspended_until.isoformat() if member.suspended_until else None,
        "reason": member.suspension_reason,
    }


def require_power_over(member: User, moderator: User) -> None:
    """Moderators keep order among members, not among each other and not over the operator."""
    if member == moderator:
        raise Refused("Nobody moderates themselves.", code="oneself")
    if moderator.is_superuser:
        return
    if member.is_superuser:
        raise NotAllowed("Only another superuser may do this to a superuser.", code="superuser")
    if member.is_moderator:
        raise NotAllowed("Only a superuser may do this to a moderator.", code="moderator")


@transaction.atomic
def suspend(
    *, member: User, moderator: User, reason: str, now: datetime, until: datetime | None = None
) -> ModerationAction:
    """The member may read but no longer act in the club or sign in, until `until` or until it is lifted."""
    reason = require_reason(reason)
    require_power_over(member, require_moderator(moderator))
    if until is not None and until <= now:
        raise Refused("The end of a suspension must lie ahead.", code="bad_end")
    before = _suspension(member)
    member.suspended_at, member.suspended_until, member.suspension_reason = now, until, reason[:500]
    member.save(update_fields=["suspended_at", "suspended_until", "suspension_reason"])
    return log_action(
        moderator=moderator,
        verb="suspend",
        obj=member,
        reason=reason,
        before=before,
        after=_suspension(member),
        now=now,
    )


@transaction.atomic
def lift_suspension(*, member: User, moderator: User, reason: str = "", now: datetime) -> ModerationAction:
    """The member may act again."""
    require_power_over(member, require_moderator(moderator))
    if not member.is_suspended(now):
        raise Refused(f"{member} is not suspended.", code="not_suspended")
    before = _suspension(member)
    member.suspended_at, member.suspended_until, member.suspension_reason = None, None, ""
    member.save(update_fields=["suspended_at", "suspended_until", "suspension_reason"])
    return log_action(
        moderator=moderator, verb="lift_suspension", obj=member, reason=reason.strip()[:1000], before=before,
        after=_suspension(member), now=now,
    )  # fmt: skip


@transaction.atomic
def warn(*, member: User, moderator: User, reason: str, now: datetime, quote: str = "") -> MemberWarning:
    """Tell the member what not to do again: shown on every page until they have read it."""
    reason = require_reason(reason)
    require_power_over(member, require_moderator(moderator))
    log_action(moderator=moderator, verb="warn", obj=member, reason=reason, now=now)
    return MemberWarning.objects.create(member=member, text=reason, quote=quote, created_at=now)


def unread_warnings(member: User) -> QuerySet[MemberWarning]:
    """What the member has yet to read."""
    return MemberWarning.objects.filter(member=member, read_at=None)


def acknowledge_warnings(*, member: User, now: datetime) -> int:
    """The member has read their warnings; how many there were."""
    return unread_warnings(member).update(read_at=now)


def people_changed() -> None:
    """A name, a visibility or a hidden text changed: whoever keeps copies of public pages is told."""
    for _answer in slots.call("people:changed"):
        pass
