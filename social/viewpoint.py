"""Through whose eyes a member's page is drawn: those of whoever asks, or, for owners, those of somebody else.

`?as=visitor` is for everybody; `?as=member` and `?as=follower` are for the owner of the page alone. Nobody is
made up in the database: the one rule of who sees what (`visible_q`) is asked for a viewer that is no row.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from social.models import User

VISITOR, MEMBER, FOLLOWER = "visitor", "member", "follower"
NAMES: dict[str, str | Promise] = {
    VISITOR: _("A visitor"),
    MEMBER: _("Another member"),
    FOLLOWER: _("A follower"),
}
IN_FULL: dict[str, str | Promise] = {
    VISITOR: _("Somebody who has not signed in"),
    MEMBER: _("A member who does not follow you"),
    FOLLOWER: _("A member who follows you"),
}
NOBODY = -1  # the id of no member


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """seen_as: visitor, member, follower, or empty for one's own eyes."""

    viewer: User | AnonymousUser
    seen_as: str = ""

    @property
    def only(self) -> str:
        """What a link without any other parameter takes along."""
        return f"?as={self.seen_as}" if self.seen_as else ""

    @property
    def keep(self) -> str:
        """What a link takes along after other parameters."""
        return f"&as={self.seen_as}" if self.seen_as else ""

    @property
    def name(self) -> str | Promise:
        return IN_FULL.get(self.seen_as, "")


def viewpoint_of(request: HttpRequest, handle: str) -> Viewpoint:
    """For the page of the member with this handle; what only owners may ask for is not heard from others."""
    viewer, asked = request.user, request.GET.get("as", "")
    if not isinstance(viewer, User) or asked not in NAMES:
        return Viewpoint(viewer)
    if asked == VISITOR:
        return Viewpoint(AnonymousUser(), asked)
    if viewer.handle.lower() != handle.lower():
        return Viewpoint(viewer)
    return Viewpoint(imagined(follows=viewer if asked == FOLLOWER else None), asked)


def imagined(*, follows: User | None = None) -> User:
    """A member who is no row: nobody's friend, blocked by nobody, following nobody but perhaps the one."""
    viewer = User(pk=NOBODY)
    if follows is not None:
        viewer.imagined_follows = frozenset({follows.pk})
    return viewer
