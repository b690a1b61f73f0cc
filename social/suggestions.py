"""Whom a member may want to follow, each with a reason that is true and that they may read.

Apps above add to it through the slot `people:suggestions`, called with the viewer, the members who may be named at all
(a query set: visible, not followed, not asked, not blocked, not muted) and how many are wanted. A filler answers a list
of `Candidate`, the best first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext, ngettext

from sidetrack import slots
from social.models import Follow, Mute, User
from social.models.user import UserQuerySet
from social.relations import needs_approval

N_CANDIDATES = 30  # of each filler
FUSION = 10  # how much less a later place counts; in the rank fusion of Cormack, Clarke and Büttcher 2009 it is 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one filler says of one member."""

    member_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    member: User
    reason: str

    @property
    def needs_approval(self) -> bool:
        return needs_approval(self.member)


def suggestions(viewer: User, n: int = 6) -> list[Suggestion]:
    """At most `n`, the best first, in a constant number of queries.

    A member who stands high in several lists comes first; the reason is that of the list where they stand highest.
    """
    candidates = may_be_suggested(viewer)
    lists = [followed_by_mine(viewer, candidates, N_CANDIDATES)]
    lists += slots.call("people:suggestions", viewer, candidates, N_CANDIDATES)
    chosen = fused(lists)[:n]
    members = candidates.in_bulk([each.member_id for each in chosen])
    return [Suggestion(members[each.member_id], each.reason) for each in chosen if each.member_id in members]


def may_be_suggested(viewer: User) -> UserQuerySet:
    """Whose page the viewer may open, and with whom nothing is settled yet."""
    members: UserQuerySet = User.objects.present().visible_to(viewer)
    return (
        members.exclude(pk=viewer.pk)
        .exclude(pk__in=Follow.objects.filter(follower=viewer).values("followed"))
        .exclude(pk__in=Mute.objects.filter(muter=viewer).values("muted"))
    )


def fused(lists: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """One list out of several ranked ones, without weights to tune."""
    scores: defaultdict[int, float] = defaultdict(float)
    best: dict[int, tuple[int, str]] = {}
    for ranked in lists:
        for place, each in enumerate(ranked):
            scores[each.member_id] += 1 / (FUSION + place)
            if each.member_id not in best or place < best[each.member_id][0]:
                best[each.member_id] = place, each.reason
    order = sorted(scores, key=lambda member_id: (-scores[member_id], member_id))
    return [Candidate(member_id, best[member_id][1]) for member_id in order]


def followed_by_mine(viewer: User, candidates: UserQuerySet, n: int) -> list[Candidate]:
    """Members followed by those whom the viewer follows and whose page they may open."""
    mine = (
        User.objects.present()
        .filter(followers__follower=viewer, followers__state=Follow.State.ACCEPTED)
        .visible_to(viewer)
    )
    accepted = Follow.objects.filter(
        follower__in=mine.values("pk"), followed__in=candidates.values("pk"), state=Follow.State.ACCEPTED
    )
    counts = accepted.order_by().values_list("followed").annotate(n=Count("pk")).order_by("-n", "followed")[:n]
    n_by = dict(counts)
    named: dict[int, User] = {}
    for row in accepted.filter(followed__in=list(n_by)).select_related("follower").order_by("follower__handle"):
        named.setdefault(row.followed_id, row.follower)
    return [Candidate(pk, _followed_by(named[pk], n_by[pk] - 1)) for pk in n_by if pk in named]


def _followed_by(name: User, n_others: int) -> str:
    if not n_others:
        return gettext("Followed by %(name)s") % {"name": name}
    said = ngettext("Followed by %(name)s and %(n)d other", "Followed by %(name)s and %(n)d others", n_others)
    return said % {"name": name, "n": n_others}
