"""Whose listens a REST call reads."""

from __future__ import annotations

from django.http import Http404

from social.models import User
from social.visibility import Viewer, visible_q

LEVELS = ["visibility", "listens_visibility"]


def readable_or_404(handle: str, viewer: Viewer) -> User:
    """The member, where the viewer may open both their page and their listens; else there is nothing here."""
    allowed = visible_q(viewer, levels=LEVELS, owner="")
    member: User | None = User.objects.by_handle(handle).filter(allowed, is_active=True).first()
    if member is None:
        raise Http404
    return member
