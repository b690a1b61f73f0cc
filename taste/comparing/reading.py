"""Which two members are compared, how sentences name them, and which of their areas the viewer may read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from social.models import User
from social.visibility import Viewer, shown_ids
from taste.matching.showing import reads_listens


@dataclass(frozen=True, slots=True)
class Voice:
    """A member as a sentence names them: “You” at its beginning, “you” within."""

    subject: str
    object: str


@dataclass(frozen=True, slots=True)
class Pair:
    """a is the viewer's own side where the viewer is one of the two. Rows are read by `visible_to(viewer)` beside."""

    a: User
    b: User
    viewer: Viewer
    is_own: bool
    reads_listens: bool
    reads_ratings: bool

    @property
    def ids(self) -> tuple[int, int]:
        return self.a.pk, self.b.pk

    def voice(self, member: User) -> Voice:
        if self.is_own and member.pk == self.a.pk:
            return Voice(_("You"), _("you"))
        return Voice(str(member), str(member))

    @property
    def both(self) -> Voice:
        return Voice(_("You both"), _("both of you")) if self.is_own else Voice(_("Both"), _("both"))


def pair_of(first: User, second: User, viewer: Viewer) -> Pair:
    """Two members whose match the viewer may read (`matching.showing.may_compare`); two queries."""
    if viewer is not None and viewer.pk == second.pk:
        first, second = second, first
    return Pair(
        a=first,
        b=second,
        viewer=viewer,
        is_own=viewer is not None and viewer.pk == first.pk,
        reads_listens=reads_listens(first, second, viewer),
        reads_ratings=len(shown_ids([first.pk, second.pk], viewer)) == 2,
    )
