"""Who follows a member, whom they follow, and their friends, as far as whoever asks may read each name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from social.models import Follow, User
from social.models.user import UserQuerySet
from social.visibility import Viewer

ACCEPTED = Follow.objects.filter(state=Follow.State.ACCEPTED)


class Side(TextChoices):
    """Which list: also the last word of its address."""

    FOLLOWERS = "followers", _("Followers")
    FOLLOWING = "following", _("Following")
    FRIENDS = "friends", _("Friends")


def members_of(side: Side, member: User, viewer: Viewer) -> UserQuerySet:
    """The newest first. Members see everybody in their own lists; others see whom they may see anywhere."""
    follows_them = ACCEPTED.filter(follower=OuterRef("pk"), followed=member)
    followed = ACCEPTED.filter(follower=member, followed=OuterRef("pk"))
    members: UserQuerySet = User.objects.filter(is_active=True)
    if viewer is None or viewer.pk != member.pk:
        members = members.visible_to(viewer)
    match side:
        case Side.FOLLOWERS:
            newest = follows_them.values("pk")
            chosen = members.filter(Exists(follows_them))
        case Side.FOLLOWING:
            newest = followed.values("pk")
            chosen = members.filter(Exists(followed))
        case Side.FRIENDS:
            newest = followed.values("pk")
            chosen = members.filter(Exists(follows_them), Exists(followed))
    ordered: UserQuerySet = chosen.annotate(since=newest).order_by("-since")
    return ordered


def counts_of(member: User, viewer: Viewer) -> dict[Side, int]:
    """How many names each list shows to whoever asks, so that no number tells of somebody hidden; one query."""
    members: UserQuerySet = User.objects.filter(is_active=True)
    if viewer is None or viewer.pk != member.pk:
        members = members.visible_to(viewer)
    follows_them = Exists(ACCEPTED.filter(follower=OuterRef("pk"), followed=member))
    followed = Exists(ACCEPTED.filter(follower=member, followed=OuterRef("pk")))
    known = members.annotate(is_follower=follows_them, is_followed=followed).filter(
        Q(is_follower=True) | Q(is_followed=True)
    )
    numbers = known.order_by().aggregate(
        followers=Count("pk", filter=Q(is_follower=True)),
        following=Count("pk", filter=Q(is_followed=True)),
        friends=Count("pk", filter=Q(is_follower=True, is_followed=True)),
    )
    return {side: numbers[side.value] for side in Side}


def states_of(viewer: Viewer, members: Iterable[User]) -> dict[int, str]:
    """What the viewer's following of each is: accepted or requested; absent where there is none; one query."""
    if viewer is None or not viewer.is_authenticated:
        return {}
    mine = Follow.objects.filter(follower=viewer.pk, followed__in=[member.pk for member in members])
    return dict(mine.values_list("followed", "state"))
