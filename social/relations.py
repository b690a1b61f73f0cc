"""Following, blocking and muting. Each function may be called twice; the second call changes nothing.

Who opens an account that was for followers lets nobody in by that: whoever asked before waits until they are answered,
all at once with `accept_everybody`. A request says who wants to read along, and that is told to a person, not a switch.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from social.errors import Refused
from social.models import Block, Follow, Mute, Notification, User
from social.notifying import notify, register_kind
from social.standing import require_active
from social.visibility import Visibility

FOLLOWED, ASKED, ACCEPTED = "follow", "follow_request", "follow_accepted"  # kinds of notifications


def register_kinds() -> None:
    """Called when the app is ready."""
    register_kind(FOLLOWED, _("New followers"), _("When somebody begins to follow you."))
    register_kind(ASKED, _("Requests to follow me"), _("When somebody asks to follow you, and you choose who may."))
    register_kind(ACCEPTED, _("Answers to my requests"), _("When somebody lets you follow them."))


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


def asked_by(member: User) -> QuerySet[Follow]:
    """Whom the member has asked and who has not answered, the newest first."""
    asked = Follow.objects.filter(follower=member, state=Follow.State.REQUESTED, followed__is_active=True)
    return (
        asked.filter(followed__in=User.objects.meetable_by(member).values("pk"))
        .select_related("followed")
        .order_by("-created_at", "-pk")
    )


@transaction.atomic
def follow(*, by: User, whom: User, now: datetime) -> Follow:
    """Follow at once, or ask to, as `whom` wants it."""
    require_active(by, now)
    if by == whom:
        raise Refused("Nobody follows themselves.", code="oneself")
    if are_blocked(by, whom):
        raise Refused("You cannot follow this member.", code="blocked")
    state = Follow.State.REQUESTED if needs_approval(whom) else Follow.State.ACCEPTED
    row, is_new = Follow.objects.get_or_create(follower=by, followed=whom, defaults={"state": state})
    if is_new and row.state == Follow.State.REQUESTED:
        tell(whom, ASKED, actor=by, text="{who} asked to follow you.", address=reverse("social:requests"), now=now)
    elif is_new:
        address = reverse("social:followers", args=[whom.handle])
        tell(whom, FOLLOWED, actor=by, text="{who} began to follow you.", address=address, now=now)
    return row


@transaction.atomic
def unfollow(*, by: User, whom: User) -> bool:
    """Stop following, or take the request back; whether there was one."""
    _untell(whom, about=by, kinds=[FOLLOWED, ASKED])
    return Follow.objects.filter(follower=by, followed=whom).delete()[0] > 0


@transaction.atomic
def accept_follower(*, by: User, whom: User, now: datetime) -> bool:
    """Say yes to `whom`'s request, and tell them; False when there is none."""
    waiting = Follow.objects.filter(follower=whom, followed=by, state=Follow.State.REQUESTED)
    if not waiting.update(state=Follow.State.ACCEPTED):
        return False
    _untell(by, about=whom, kinds=[ASKED])
    tell(whom, ACCEPTED, actor=by, text="{who} let you follow them.", address=by.get_absolute_url(), now=now)
    return True


def accept_everybody(*, by: User, now: datetime) -> int:
    """Say yes to everybody who waits; how many that were."""
    return sum(accept_follower(by=by, whom=each.follower, now=now) for each in waiting_requests(by))


def remove_follower(*, by: User, whom: User) -> bool:
    """Say no to `whom`'s request, or end their following; they are not told."""
    return unfollow(by=whom, whom=by)


@transaction.atomic
def block(*, by: User, whom: User) -> Block:
    """Neither sees anything of the other from now on, and neither follows the other."""
    if by == whom:
        raise Refused("Nobody blocks themselves.", code="oneself")
    unfollow(by=by, whom=whom)
    unfollow(by=whom, whom=by)
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


def tell(user: User, kind: str, *, actor: User, text: str, address: str, now: datetime) -> None:
    """One row a day and kind: “Ana and 3 others began to follow you.”; an answer stands for itself."""
    subject = str(actor.pk) if kind == ACCEPTED else f"{now:%Y-%m-%d}"
    notify(user=user, kind=kind, subject=subject, text=text, address=address, actor=actor, now=now)


def _untell(user: User, *, about: User, kinds: list[str]) -> None:
    """What is no longer so, or is answered, is not read any more; a row that names nobody is not shown."""
    rows = Notification.actors.through._default_manager.filter(notification__user=user, notification__kind__in=kinds)
    rows.filter(user=about).delete()
