"""Spotify's permissions end six months after a member gave them, however often they were renewed since.

https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration. A member is to hear of it one month and one week
before, once each, and reads it on their page meanwhile: `due_warnings` says who, `remember_warning` that it was sent.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import transaction

from listening.models import Source
from social.models import LinkedAccount, User

MONTHS = 6
WARNED = "warned_of_end"  # in the link's metadata: which warning was sent, for the permission of which day


class Stage(StrEnum):
    """Which of the two warnings, by how long is left."""

    MONTH = "month"
    WEEK = "week"


LEFT = {Stage.MONTH: timedelta(days=30), Stage.WEEK: timedelta(days=7)}


@dataclass(frozen=True)
class Ending:
    """A permission that ends soon. `words` are for its member, in their zone."""

    link_id: int
    user: User
    ends_at: datetime
    stage: Stage

    @property
    def words(self) -> str:
        return (
            f"Spotify lets us read what you play until {_day(self.ends_at, self.user)}. "
            "Connect it again before then, in your settings."
        )


def ends_at(authorised_at: datetime) -> datetime:
    """Six calendar months later; the last day of a month that is too short."""
    years, month = divmod(authorised_at.month - 1 + MONTHS, 12)
    year, month = authorised_at.year + years, month + 1
    return authorised_at.replace(year=year, month=month, day=min(authorised_at.day, monthrange(year, month)[1]))


def due_warnings(*, now: datetime) -> list[Ending]:
    """Who is to be warned now, the one with the least time left first; nobody twice of the same."""
    links = LinkedAccount.objects.filter(
        provider=Source.SPOTIFY, user__is_active=True, authorised_at__lte=now - timedelta(days=30 * (MONTHS - 2))
    )
    links = links.exclude(refresh_token="").defer("access_token", "refresh_token").select_related("user")
    found = []
    for link in links:
        ending = ending_of(link, now=now)
        if ending is not None and link.metadata.get(WARNED) != _mark(link, ending.stage):
            found.append(ending)
    return sorted(found, key=lambda ending: (ending.ends_at, ending.link_id))


def ending_of(link: LinkedAccount, *, now: datetime) -> Ending | None:
    """How soon this permission ends; None while there is more than a month, and when it is over."""
    if link.authorised_at is None:
        return None
    end = ends_at(link.authorised_at)
    left = end - now
    if left > LEFT[Stage.MONTH] or left <= timedelta(0):
        return None
    return Ending(link.pk, link.user, end, Stage.WEEK if left <= LEFT[Stage.WEEK] else Stage.MONTH)


@transaction.atomic
def remember_warning(ending: Ending) -> bool:
    """Note that this warning goes out now; False when another process sends it, or the member connected again."""
    link = LinkedAccount.objects.select_for_update().defer("access_token", "refresh_token").get(pk=ending.link_id)
    if link.authorised_at is None or ends_at(link.authorised_at) != ending.ends_at:
        return False
    mark = _mark(link, ending.stage)
    if link.metadata.get(WARNED) == mark:
        return False
    link.metadata = {**link.metadata, WARNED: mark}
    link.save(update_fields=["metadata"])
    return True


def words_about(link: LinkedAccount, *, is_held: bool, now: datetime) -> str:
    """What the member's page says: that the permission ends or has ended; "" when all is well.

    is_held: whether its tokens were not discarded.
    """
    if link.authorised_at is None:
        return ""
    if ending := ending_of(link, now=now):
        return ending.words
    if not is_held or ends_at(link.authorised_at) <= now:
        return "Spotify no longer lets us read what you play. Connect it again in your settings."
    return ""


def _mark(link: LinkedAccount, stage: Stage) -> str:
    return f"{stage} {link.authorised_at:%Y-%m-%d}"


def _day(moment: datetime, user: User) -> str:
    local = moment.astimezone(ZoneInfo(user.timezone))
    return f"{local.day} {local:%B %Y}"
