"""The invented members as rows: who they are, whom they follow, how two of them sign in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.db import transaction

from sidetrack.demo.members import Persona, dice
from sidetrack.demo.plan import N_WEEKS
from sidetrack.demo.stage import Stage
from social.handles import free_handle
from social.models import Follow, User
from social.models.user import MODERATORS
from social.relations import accept_follower, follow, mute
from social.visibility import Visibility

WEEK = timedelta(days=7)
FOLLOWS = frozenset({("mina_k", "hikari_n"), ("camila", "hikari_n"), ("hikari_n", "wren")})  # whatever they like
UNANSWERED = ("hikari_n", "wren")
UNCOMPARED = frozenset({"old_gregor", "zeynep"})  # who let nobody compare themselves with them


def gather(cast: Iterable[Persona], *, now: datetime) -> dict[str, User]:
    """Each of them as a member without a password, by the persona's handle."""
    users = {}
    for persona in cast:
        chance = dice("person", persona.handle)
        users[persona.handle] = User.objects.create_user(
            free_handle(persona.handle),
            None,
            display_name=persona.name,
            timezone=persona.timezone,
            bio=persona.bio,
            visibility=Visibility(persona.visibility),
            club_visibility=Visibility.MEMBERS if persona.visibility == Visibility.FOLLOWERS else Visibility.PUBLIC,
            searchable=False,
            shows_ballots=persona.shows_ballots or chance.random() < 0.3,
            allows_quotes=chance.random() < 0.5,
            shows_progress=chance.random() < 0.55,
            shows_matches=persona.handle not in UNCOMPARED,
            is_demo=True,
            welcomed_at=now,
            date_joined=now - WEEK * (N_WEEKS - persona.joins + 3) + timedelta(hours=chance.randrange(120)),
        )
        if persona.moderator:
            users[persona.handle].groups.add(Group.objects.get(name=MODERATORS))
    return users


def befriend(stage: Stage) -> None:
    """Who follows whom: mostly people of a like mind; two requests are still waiting for an answer."""
    for follower in stage.personas.values():
        for followed in stage.personas.values():
            pair = (follower.handle, followed.handle)
            likes = dice("follows", *pair).random() <= liking(follower, followed)
            if follower is followed or not (likes or pair in FOLLOWS):
                continue
            by, whom = stage.users[follower.handle], stage.users[followed.handle]
            asks = follow(by=by, whom=whom, now=stage.now).state == Follow.State.REQUESTED
            if asks and follower.diligence < 0.9 and pair != UNANSWERED:
                accept_follower(by=whom, whom=by, now=stage.now)
    for row in Follow.objects.filter(follower__is_demo=True).select_related("follower", "followed"):
        met = max(row.follower.date_joined, row.followed.date_joined)
        since = dice("since", row.follower.handle, row.followed.handle).random()
        Follow.objects.filter(pk=row.pk).update(created_at=met + (stage.now - met) * since)
    mute(by=stage.users["old_gregor"], whom=stage.users["ruckus"])


def liking(one: Persona, other: Persona) -> float:
    """A chance of 0.05 to 0.7, by what the two like."""
    families = one.likes.keys() | other.likes.keys()
    shared = sum(one.likes.get(family, 0.0) * other.likes.get(family, 0.0) for family in families)
    return max(0.05, min(0.7, 0.15 + 0.4 * shared))


@transaction.atomic
def give_passwords() -> tuple[str, list[User]]:
    """A new random password, and whose it is now: one invented moderator and one invented member."""
    demo = User.objects.filter(is_demo=True, is_active=True).order_by("date_joined", "handle")
    moderator = demo.filter(groups__name=MODERATORS).first()
    member = demo.exclude(groups__name=MODERATORS).first()
    chosen = [user for user in (moderator, member) if user is not None]
    password = secrets.token_urlsafe(12)
    for user in chosen:
        user.set_password(password)
        user.save(update_fields=["password"])
    return password, chosen
