"""Who sees what: one rule, as a database condition, for pages, feeds, counts, REST and exports alike.

Each row has a level (public, members, followers, me); its owner's level for that area caps it; a block in either
direction hides it. `visible_q` is the rule; `VisibleQuerySet` gives it to models as `visible_to(viewer)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.timezone import now as current_time

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from social.models import User

Viewer: TypeAlias = "User | AnonymousUser | None"


_kept: ContextVar[dict[Any, tuple[Viewer, bool]] | None] = ContextVar("answers kept", default=None)


class Visibility(models.TextChoices):
    PUBLIC = "public", "Everybody"
    MEMBERS = "members", "Members"
    FOLLOWERS = "followers", "My followers"
    ME = "me", "Only me"


def visible_q(viewer: Viewer, *, levels: list[str], owner: str = "user") -> Q:
    """The rows that `viewer` (None or anonymous: a visitor) may see.

    levels: the fields that hold a level; every one of them must allow it (the item's own, and its owner's cap).
    owner: the path to the member who owns the row; "" when the row is the member.
    A moderator sees here what any member sees; what was reported reaches moderators as the report's quote.
    Both subqueries ask about the viewer alone, so the database answers each once, however many rows it filters.
    """
    from social.models import Follow

    if viewer is None or not viewer.is_authenticated:
        return Q(**dict.fromkeys(levels, Visibility.PUBLIC))
    owner_id = f"{owner}__id" if owner else "id"
    followed = viewer.imagined_follows or (
        Follow.objects.filter(follower=viewer.pk, state=Follow.State.ACCEPTED).values("followed")
    )
    blocked = blocked_ids(viewer)
    to_members, to_followers = Q(), Q()
    for level in levels:
        to_members &= Q(**{f"{level}__in": [Visibility.PUBLIC, Visibility.MEMBERS]})
        to_followers &= Q(**{f"{level}__in": [Visibility.PUBLIC, Visibility.MEMBERS, Visibility.FOLLOWERS]})
    allowed = to_members | (to_followers & Q(**{f"{owner_id}__in": followed}))
    return Q(**{owner_id: viewer.pk}) | (allowed & ~Q(**{f"{owner_id}__in": blocked}))


def blocked_ids(viewer: User | AnonymousUser) -> models.QuerySet[Any, Any]:
    """Who has blocked the viewer, or is blocked by them: a subquery about the viewer alone."""
    from social.models import Block

    return (
        Block.objects.filter(Q(blocker=viewer.pk) | Q(blocked=viewer.pk))
        .annotate(other=Case(When(blocker=viewer.pk, then=F("blocked")), default=F("blocker")))
        .values("other")
    )


def present_q(*, owner: str = "", to: Viewer = None, now: datetime | None = None) -> Q:
    """Who is shown in what is made of several members for others: lists, matches, digests, the feed, who plays what.

    Nobody who left, is switched off, or is suspended at `now` (by default the present). A suspended member's own page
    and what they wrote in the club's archive go by `visible_q` alone: those stay as they are.
    to: whose eyes; members are there to themselves. owner: as in `visible_q`.
    """
    path, at = f"{owner}__" if owner else "", now or current_time()
    free = Q(**{f"{path}suspended_at": None}) | Q(**{f"{path}suspended_at__gt": at})
    free |= Q(**{f"{path}suspended_until__lte": at})
    if to is not None and to.is_authenticated:
        free |= Q(**{f"{path}id": to.pk})
    return Q(**{f"{path}is_active": True}) & free


class VisibleQuerySet(models.QuerySet[Any]):
    """A query set whose model says in `VISIBILITY_LEVELS` and `VISIBILITY_OWNER` where its levels and owner are."""

    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(visible_q(viewer, levels=self.model.VISIBILITY_LEVELS, owner=self.model.VISIBILITY_OWNER))


def is_visible_to(row: models.Model, viewer: Viewer) -> bool:
    """The same rule for one row, by asking the same query."""
    return bool(type(row)._default_manager.filter(pk=row.pk).visible_to(viewer).exists())  # type: ignore[attr-defined]


def opens(member: User, viewer: Viewer, *areas: str) -> bool:
    """Whether the member, who is there, has all these areas open to the viewer; asked once within `answers_kept`."""
    kept, question = _kept.get(), (id(viewer), member.pk, areas)
    if kept is not None and question in kept:
        return kept[question][1]
    members = type(member)._default_manager.filter(visible_q(viewer, levels=[*areas], owner=""), is_active=True)
    answer = bool(members.filter(pk=member.pk).exists())
    if kept is not None:
        kept[question] = viewer, answer  # with the viewer: while it is held, nobody else has its id
    return answer


@contextmanager
def answers_kept() -> Iterator[None]:
    """Around a page that changes nothing, and that many parts draw, each of which asks whether it may."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def shown_ids(member_ids: Iterable[int], viewer: Viewer, *, area: str = "club_visibility") -> frozenset[int]:
    """Of these members the ones whose name `viewer` may read in that area (by default the archive); one query."""
    from social.models import User

    wanted = set(member_ids)
    if not wanted:
        return frozenset()
    return frozenset(
        User.objects.filter(visible_q(viewer, levels=[area], owner=""), pk__in=wanted).values_list("pk", flat=True)
    )
