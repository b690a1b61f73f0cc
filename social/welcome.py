"""A new member's first steps: who they are, what they listen with, whom they follow. Nothing of it is forced.

Apps fill the slot `welcome:steps`, called with the request, each with one `Step`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from sidetrack import slots
from social.models import Follow, LinkedAccount, User

N_TO_FOLLOW = 3
AFTERWARDS = "welcome_next"  # in the session: where the member was going when they first signed in


@dataclass(frozen=True, slots=True)
class Step:
    """slug: its place in the address. draw: what stands on its page."""

    slug: str
    title: str | Promise
    is_done: bool
    draw: Callable[[], SafeString]


def steps(request: HttpRequest) -> list[Step]:
    return list(slots.call("welcome:steps", request))


def discord_of(member: User) -> LinkedAccount | None:
    links = LinkedAccount.objects.filter(user=member, provider=LinkedAccount.Provider.DISCORD)
    return links.defer("access_token", "refresh_token").first()


def n_followed(member: User) -> int:
    """Members whom this one follows, or has asked to."""
    return Follow.objects.filter(follower=member, followed__is_active=True).count()


def put_aside(*, member: User, now: datetime) -> bool:
    """The first steps are done, or not wanted: they are offered no more. False when that was so already."""
    n_changed: int = User.objects.filter(pk=member.pk, welcomed_at__isnull=True).update(welcomed_at=now)
    return n_changed > 0
