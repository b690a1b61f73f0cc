"""Jobs about members: their data leaving, their leaving, and what they were told long ago."""

from __future__ import annotations

from django.utils import timezone

from social import avatars, notifying
from social.models import DataExport, LinkedAccount
from social.own_data import exporting, leaving


def make_export(export_id: int) -> str:
    """Make one member's zip."""
    made = exporting.make(export_id, clock=timezone.now)
    if made is None:
        return f"Export {export_id} has nothing to do, or a worker."
    return f"Export {export_id}: {DataExport.State(made.state).label}, {made.size} bytes."


def keep_exports() -> str:
    """Go on with exports that lost their worker."""
    return f"{exporting.sweep(now=timezone.now())} exports queued"


def forget_exports() -> str:
    """Delete zips whose week is over."""
    return f"{exporting.forget_expired(now=timezone.now())} exports deleted"


def forget_old_notifications() -> str:
    """Delete notifications that were read half a year ago."""
    return f"{notifying.forget_old(now=timezone.now())} notifications deleted"


def carry_out_deletions() -> str:
    """Remind who leaves soon, and let go whose days of grace are over."""
    now = timezone.now()
    return f"{leaving.remind_due(now=now)} reminded, {leaving.carry_out_due(clock=timezone.now)} gone"


def fetch_avatar(member_id: int) -> str:
    """Take over one member's picture from Discord."""
    link = LinkedAccount.objects.filter(user=member_id, provider="discord").select_related("user").first()
    return f"Member {member_id} {avatars.fetch_discords(link=link) if link else 'has no Discord'}."


def fetch_due_avatars() -> str:
    """Take over pictures that changed in Discord."""
    return f"{len(avatars.fetch_due())} pictures looked at"
