"""Who asks about whose listening, and what of it a channel may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now as current_time

from club.errors import ClubRuleBroken
from discordbot.cards.parts import link
from discordbot.links import on_site
from discordbot.members import Person, known_member
from discordbot.replies import Reply, buttons
from discordbot.safe_text import escaped
from discordbot.texts import Words, music, say
from listening.figures.together import SHOWN_TO_ALL, readable_members
from social.models import User
from social.models.user import UserQuerySet

Areas = tuple[str, ...]
LISTENS: Areas = ("visibility", "listens_visibility")
TASTE: Areas = ("visibility", "taste_visibility")


def shown_to_server(member: User, areas: Areas = LISTENS) -> bool:
    """Whether a channel may read these areas of theirs: nothing of whoever is suspended."""
    return not member.is_suspended(current_time()) and all(getattr(member, area) in SHOWN_TO_ALL for area in areas)


def in_channel(viewer: User) -> UserQuerySet:
    """The members whose listens both the viewer and a whole channel may read."""
    return readable_members(viewer).present().filter(**{f"{area}__in": SHOWN_TO_ALL for area in LISTENS})


def listener_for(person: Person, other: Person | None, viewer: User) -> User:
    """Whose listening is asked for: the viewer's, or another's whose is shown here; refused in words."""
    if other is None or other.snowflake == person.snowflake:
        return viewer
    found: User | None = in_channel(viewer).filter(other.is_owner()).first()
    if found is None or not found.is_active:
        raise not_shown(other)
    return found


def not_shown(other: Person, words: Words = music.NOT_SHOWN) -> ClubRuleBroken:
    return ClubRuleBroken(say(words, name=name_of_person(other)), code="hidden")


def member_named(person: Person) -> User | None:
    """An active member with this account."""
    member = known_member(person)
    return member if member is not None and member.is_active else None


def name_of(member: User) -> str:
    return escaped(str(member), 80, one_line=True)


def name_of_person(person: Person) -> str:
    return escaped(person.name or person.handle, 80, one_line=True)


def connect_first() -> Reply:
    """To whoever has no listens yet."""
    page = link(music.CONNECT_LABEL, on_site(settings.SITE_URL, reverse("listening:connections")))
    return Reply(say(music.CONNECT), (buttons(page),))


def published(reply: Reply, *, is_shown: bool, only_me: bool, note: Words = music.ONLY_YOU) -> Reply:
    """To everybody where all of it is shown to members and nobody asked for less; else to the one who asks."""
    if is_shown:
        return replace(reply, is_public=not only_me)
    return replace(reply, content=f"{reply.content}\n{say(note)}")


def listening_link(member: User) -> dict[str, object]:
    address = reverse("social:profile_tab", args=[member.handle, "listening"])
    return dict(link(say(music.LISTENING_PAGE, name=str(member)), on_site(settings.SITE_URL, address)))


def plays_words(n: int) -> str:
    return say(music.PLAYS, n=n)


def at(moment: datetime) -> str:
    """How long ago, in each reader's own clock."""
    return f"<t:{int(moment.timestamp())}:R>"
