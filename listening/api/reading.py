"""Whose listens a REST call reads."""

from __future__ import annotations

from django.http import Http404

from listening.figures.together import readable_members
from social.models import User
from social.visibility import Viewer


def readable_or_404(handle: str, viewer: Viewer) -> User:
    """The member, where the viewer may open both their page and their listens; else there is nothing here."""
    member: User | None = readable_members(viewer).by_handle(handle).first()
    if member is None:
        raise Http404
    return member
