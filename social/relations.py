"""Following, blocking and muting. Each function may be called twice; the second call changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from social.errors import Refused
from social.models import Block, Follow, Mute, User
from social.standing import require_active
from social.visibility import Visibility


def are_blocked(a: User, b: User) -> bool:
    """One of the two has blocked the other."""
    return Block.objects.filter(Q(blocker=a, blocked=b) | Q(blocker=b, blocked=a)).exists()


def needs_approval(member: User) -> bool:
    """Whoever shows something only to followers, or nothing to anybody, chooses the followers."""
    areas = (member.visibility, member.club_visibility, member.listens_visibility, member.taste_visibility)
    return Visibility.FOLLOWERS in areas or member.visibility == Visibility.ME


def has_between(a: User, b: User) -> bool:
    """`a` follows, has asked, has blocked or muted `b`, or `b` follows `a` or has asked: the two know of each other."""
    follows = Follow.objects.filter(Q(follower=a, followed=b) | Q(follower=b, followed=a))
    return (
        follows.exists()
        or Block.objects.filter(blocker=a, blocked=b).exists()
        or Mute.objects.filter(muter=a, muted=b).exists()
    )


def waiting_requests(member: User) -> QuerySet[Follow]:
    """Who asks to follow the member, the first to ask first."""
    asked = Follow.objects.filter(followed=member, state=Follow.State.REQUESTED, follower__is_active=True)
    return asked.select_related("follower").order_by("created_at", "pk")


@transaction.atomic
def follow(*, by: User, whom: User, now: datetime) -> Follow:
    """Follow at once, or ask to, as `whom` wants it."""
    require_active(by, now)
    if by == whom:
        raise Refused("Nobody follows themselves.", code="oneself")
    if are_blocked(by, whom):
        raise Refused("You cannot follow this member.", code="blocked")
    state = Follow.State.REQUESTED if needs_approval(whom) else Follow.State.ACCEPTED
    return Follow.objects.get_or_create(follower=by, followed=whom, defaults={"state": state})[0]


def unfollow(*, by: User, whom: User) -> bool:
    """Stop following, or take the request back; whether there was one."""
    return Follow.objects.filter(follower=by, followed=whom).delete()[0] > 0


def accept_follower(*, by: User, whom: User) -> bool:
    """Say yes to `whom`'s request; False when there is none."""
    waiting = Follow.objects.filter(follower=whom, followed=by, state=Follow.State.REQUESTED)
    return waiting.update(state=Follow.State.ACCEPTED) > 0


def remove_follower(*, by: User, whom: User) -> bool:
    """Say no to `whom`'s request, or end their following; they are not told."""
    return unfollow(by=whom, whom=by)


@transaction.atomic
def block(*, by: User, whom: User) -> Block:
    """Neither sees anything of the other from now on, and neither follows the other."""
    if by == whom:
        raise Refused("Nobody blocks themselves.", code="oneself")
    Follow.objects.filter(Q(follower=by, followed=whom) | Q(follower=whom, followed=by)).delete()
    return Block.objects.get_or_create(blocker=by, blocked=whom)[0]


def unblock(*, by: User, whom: User) -> bool:
    """Whether there was a block to lift. Follows that it ended do not come back."""
    return Block.objects.filter(blocker=by, blocked=whom).delete()[0] > 0


def mute(*, by: User, whom: User) -> Mute:
    """Leave `whom` out of what `by` reads; `whom` is not told."""
    if by == whom:
        raise Refused("Nobody mutes themselves.", code="oneself")
    return Mute.objects.get_or_create(muter=by, muted=whom)[0]


def unmute(*, by: User, whom: User) -> bool:
    """Whether there was a mute to lift."""
    return Mute.objects.filter(muter=by, muted=whom).delete()[0] > 0
