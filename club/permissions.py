"""Who may act in the club."""

from __future__ import annotations

from datetime import datetime

from club.clock import day_and_time
from club.errors import ClubRuleBroken
from social import standing
from social.errors import Refused
from social.models import User


def require_active(member: User, now: datetime) -> None:
    """Suspended and switched-off members act nowhere in the club."""
    try:
        standing.require_active(member, now, say=lambda end: day_and_time(end, now))
    except Refused as refused:
        raise ClubRuleBroken(refused.message, code=refused.code) from refused


def require_moderator(by: User | None, now: datetime) -> None:
    """`by` moderates, or a face of the club vouches for it; None is the club itself or its operator."""
    if by is None:
        return
    require_active(by, now)
    if not (by.is_moderator or by.acts_as_moderator):
        raise ClubRuleBroken("Only a moderator may do this.", code="not_a_moderator")


def require_reason(reason: str) -> str:
    """The reason without blanks around it; what touches somebody's words or the club's choice needs one."""
    if not (reason := reason.strip()):
        raise ClubRuleBroken("Give a reason: it is kept in the log.", code="reason_needed")
    return reason[:1000]
