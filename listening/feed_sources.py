"""What listening puts into the feed: albums heard whole, and round numbers reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import ngettext

from listening.models import AlbumSession, Milestone
from social.feed.asking import Item, Key, Question, Source
from social.models import User

AREAS = ("visibility", "listens_visibility")


def newest_sessions(question: Question) -> list[Key]:
    return question.newest(AlbumSession.objects.all(), kind="session", at="ended_at", areas=AREAS)


def load_sessions(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = AlbumSession.objects.visible_to(viewer).filter(pk__in=ids).select_related("user", "album__artist")
    for row in rows:
        yield Item("session", row.pk, row.ended_at, row.user, "listening/feed/_session.html", row, row.album)


def newest_milestones(question: Question) -> list[Key]:
    return question.newest(Milestone.objects.all(), kind="milestone", at="reached_at", areas=AREAS)


def load_milestones(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = Milestone.objects.visible_to(viewer).filter(pk__in=ids).select_related("user", "artist")
    for row in rows:
        yield Item("milestone", row.pk, row.reached_at, row.user, "listening/feed/_milestone.html", row)


def _heard(n: int) -> str:
    return ngettext("listened through %(n)d album", "listened through %(n)d albums", n) % {"n": n}


def _reached(n: int) -> str:
    return ngettext("reached %(n)d round number", "reached %(n)d round numbers", n) % {"n": n}


def sources() -> list[Source]:
    return [
        Source("session", newest_sessions, load_sessions, _heard, "catalog/_cover_strip.html"),
        Source("milestone", newest_milestones, load_milestones, _reached),
    ]
