"""A member leaves: asked for, taken back until its days of grace are over, then carried out in parts.

From the first moment the member's pages, words and listens are hidden from everybody else, by the one rule of who sees
what; whoever takes the wish back gets every level back as it was. Carried out, it cannot be: `began_at` says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from sidetrack import slots
from social.errors import Refused
from social.models import AccountDeletion, User
from social.moderation import people_changed
from social.notifying import notify
from social.own_data.forgetting import make_nobody
from social.visibility import Visibility

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
GRACE = timedelta(days=14)
REMINDED = timedelta(days=3)  # before
HIDDEN = {
    "visibility": Visibility.ME,
    "club_visibility": Visibility.ME,
    "listens_visibility": Visibility.ME,
    "taste_visibility": Visibility.ME,
    "searchable": False,
    "shows_ballots": False,
    "allows_quotes": False,
    "shows_progress": False,
    "shows_matches": False,
}
SETTINGS_PAGE = "/settings/data/leave/"


def looks_hidden(member: User) -> bool:
    """Whether they may be leaving: asked of the row that every page has, so that others' pages cost no query."""
    return any(getattr(member, name) == Visibility.ME for name in HIDDEN)


def is_leaving(member: User) -> AccountDeletion | None:
    """The member's wish, while it stands."""
    return AccountDeletion.objects.filter(user=member.pk).first()


@transaction.atomic
def ask_to_leave(*, member: User, keeps_ratings: bool, now: datetime) -> AccountDeletion:
    """Hide the member at once and let them go in two weeks; asked again, only the choice about ratings changes."""
    member = User.objects.select_for_update().get(pk=member.pk)
    if member.is_superuser and User.objects.filter(is_superuser=True, is_active=True).count() == 1:
        raise Refused("You are the only one who runs this site. Make somebody else a superuser first.", code="last_one")
    levels = {name: getattr(member, name) for name in HIDDEN}
    wish, is_new = AccountDeletion.objects.get_or_create(
        user=member,
        defaults={"asked_at": now, "due_at": now + GRACE, "keeps_ratings": keeps_ratings, "levels_before": levels},
    )
    if is_new:
        _set(member, HIDDEN)
    elif wish.began_at is None and wish.keeps_ratings != keeps_ratings:
        wish.keeps_ratings = keeps_ratings
        wish.save(update_fields=["keeps_ratings"])
    return wish


@transaction.atomic
def stay(*, member: User) -> bool:
    """Take the wish back; whether there was one. What the member made visible meanwhile stays as they made it."""
    member = User.objects.select_for_update().get(pk=member.pk)
    wish = AccountDeletion.objects.select_for_update().filter(user=member, began_at__isnull=True).first()
    if wish is None:
        return False
    before = {name: value for name, value in wish.levels_before.items() if getattr(member, name) == HIDDEN[name]}
    wish.delete()
    _set(member, before)
    return True


def _set(member: User, levels: dict[str, object]) -> None:
    for name, value in levels.items():
        setattr(member, name, value)
    member.save(update_fields=list(levels))
    people_changed()


def remind_due(*, now: datetime) -> int:
    """Tell who leaves within three days, once; how many."""
    soon = AccountDeletion.objects.filter(due_at__lte=now + REMINDED, reminded_at__isnull=True, began_at__isnull=True)
    n_told = 0
    for wish in soon.select_related("user"):
        if not AccountDeletion.objects.filter(pk=wish.pk, reminded_at__isnull=True).update(reminded_at=now):
            continue
        notify(
            user=wish.user,
            kind="leaving",
            subject="leaving",
            text=_("Your account is deleted on %(day)s. Until then you can take it back.") % {"day": _day(wish)},
            address=SETTINGS_PAGE,
            now=now,
        )
        n_told += 1
    return n_told


def _day(wish: AccountDeletion) -> str:
    return date_format(localtime(wish.due_at, ZoneInfo(wish.user.timezone)), "j F Y")


def carry_out_due(*, clock: Clock) -> int:
    """Let everybody go whose days are over, also where an earlier run was cut off; how many are gone."""
    n_gone = 0
    for wish in AccountDeletion.objects.filter(due_at__lte=clock()).order_by("due_at").select_related("user"):
        try:
            n_gone += carry_out(wish, now=clock())
        except Exception:
            logger.exception("The leaving of member %s broke; it is gone on with.", wish.user_id)
    return n_gone


def carry_out(wish: AccountDeletion, *, now: datetime) -> bool:
    """Forget the member; False where the wish was taken back meanwhile. Every part may be done twice."""
    if not _begin(wish, now=now):
        return False
    member = User.objects.get(pk=wish.user_id)
    for part in slots.fillers("account:forget"):
        part.call(member, keeps_ratings=wish.keeps_ratings, now=now)
    with transaction.atomic():
        make_nobody(member, now=now)
        AccountDeletion.objects.filter(pk=wish.pk).delete()
        people_changed()
    return True


@transaction.atomic
def _begin(wish: AccountDeletion, *, now: datetime) -> bool:
    """From here on there is no way back: nobody signs in as the member any more."""
    member = User.objects.select_for_update().get(pk=wish.user_id)
    held = AccountDeletion.objects.select_for_update().filter(pk=wish.pk, due_at__lte=now).first()
    if held is None:
        return False
    if held.began_at is None:
        held.began_at = now
        held.save(update_fields=["began_at"])
    if member.is_active:
        member.is_active = False
        member.set_unusable_password()
        member.save(update_fields=["is_active", "password"])
        people_changed()
    wish.keeps_ratings = held.keeps_ratings
    return True
