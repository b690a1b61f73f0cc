"""What moderators do about a list whose words should not stand: its words go, and it is its owner's alone; and back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from social.errors import Refused
from social.models import ModerationAction, Report, User
from social.moderation import kind_of, log_action, require_moderator, require_power_over, require_reason
from social.visibility import Visibility
from taste.models import Playlist

UNNAMED = "A list"


@transaction.atomic
def hide_playlist(*, playlist: Playlist, moderator: User, reason: str, now: datetime) -> ModerationAction:
    """Put away name and note of a list by hand, and show the list to nobody else; the tracks stay.

    The log has the words, and the owner may name it anew. What Sidetrack named keeps its name.
    """
    reason = require_reason(reason)
    require_moderator(moderator)
    row: Playlist = Playlist.objects.select_for_update(of=("self",)).select_related("user").get(pk=playlist.pk)
    if row.user is not None:
        require_power_over(row.user, moderator)
    before = _said(row)
    row.visibility = Visibility.ME
    if row.kind == Playlist.Kind.MINE:
        row.title, row.note = UNNAMED, ""
    row.save(update_fields=["title", "note", "visibility"])
    return log_action(
        moderator=moderator, verb="hide_playlist", obj=row, reason=reason, before=before, after=_said(row), now=now
    )  # fmt: skip


@transaction.atomic
def unhide_playlist(*, playlist: Playlist, moderator: User, reason: str = "", now: datetime) -> ModerationAction:
    """Bring back what was last hidden, where the owner has written nothing else since.

    Who saw the list before sees it again only while its owner has changed nothing: what they chose since, stands.
    """
    require_moderator(moderator)
    row: Playlist = Playlist.objects.select_for_update(of=("self",)).select_related("user").get(pk=playlist.pk)
    if row.user is not None:
        require_power_over(row.user, moderator)
    hidden = hidings_of(row).order_by("-created_at", "-pk").first()
    if hidden is None:
        raise Refused("Nothing of this list is hidden.", code="nothing_hidden")
    before = _said(row)
    if before == hidden.after:
        row.visibility = hidden.before["visibility"]
    if row.title == UNNAMED:
        row.title = hidden.before["title"]
    row.note = row.note or hidden.before["note"]
    row.save(update_fields=["title", "note", "visibility"])
    return log_action(
        moderator=moderator, verb="unhide_playlist", obj=row, reason=reason.strip()[:1000], before=before,
        after=_said(row), now=now, undoes=hidden,
    )  # fmt: skip


def hidings_of(playlist: Playlist) -> QuerySet[ModerationAction]:
    """When it was hidden, without what was taken back."""
    return ModerationAction.objects.filter(
        verb="hide_playlist", kind=kind_of(playlist), object_id=playlist.pk, undone_by=None
    )


def _said(row: Playlist) -> dict[str, str]:
    return {"title": row.title, "note": row.note, "visibility": row.visibility}


def hide_reported(report: Report, moderator: User, reason: str, now: datetime) -> bool | None:
    """Fills the slot "report:hide" for lists; one that is gone is hidden well enough."""
    if report.kind != kind_of(Playlist()):
        return None
    row = Playlist.objects.filter(pk=report.object_id).first()
    if row is not None:
        hide_playlist(playlist=row, moderator=moderator, reason=reason, now=now)
    return True
