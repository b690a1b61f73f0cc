"""Who sees what: one rule, as a database condition, for pages, feeds, counts, REST and exports alike.

Each row has a level (public, members, followers, me); its owner's level for that area caps it; a block in either
direction hides it. `visible_q` is the rule; `VisibleQuerySet` gives it to models as `visible_to(viewer)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.db import models
from django.db.models import Case, F, Q, When

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from social.models import User

Viewer: TypeAlias = "User | AnonymousUser | None"


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
    followed = Follow.objects.filter(follower=viewer.pk, state=Follow.State.ACCEPTED).values("followed")
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


class VisibleQuerySet(models.QuerySet[Any]):
    """A query set whose model says in `VISIBILITY_LEVELS` and `VISIBILITY_OWNER` where its levels and owner are."""

    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(visible_q(viewer, levels=self.model.VISIBILITY_LEVELS, owner=self.model.VISIBILITY_OWNER))


def is_visible_to(row: models.Model, viewer: Viewer) -> bool:
    """The same rule for one row, by asking the same query."""
    return bool(type(row)._default_manager.filter(pk=row.pk).visible_to(viewer).exists())  # type: ignore[attr-defined]


def shown_ids(member_ids: Iterable[int], viewer: Viewer, *, area: str = "club_visibility") -> frozenset[int]:
    """Of these members the ones whose name `viewer` may read in that area (by default the archive); one query."""
    from social.models import User

    wanted = set(member_ids)
    if not wanted:
        return frozenset()
    return frozenset(
        User.objects.filter(visible_q(viewer, levels=[area], owner=""), pk__in=wanted).values_list("pk", flat=True)
    )
