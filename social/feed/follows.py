"""Who began to follow whom, as a source of the feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.timezone import now as current_time
from django.utils.translation import ngettext

from social.feed.asking import Item, Key, Question, Source, readable
from social.models import Follow, User

KIND = "follow"


def newest(question: Question) -> list[Key]:
    """Both pages must be open to the viewer: a member's lists of followers are as open as their page."""
    followed = readable(question.viewer, question.now).visible_to(question.viewer)
    rows = Follow.objects.filter(state=Follow.State.ACCEPTED, followed__in=followed.values("pk"))
    return question.newest(rows, kind=KIND, at="created_at", owner="follower", areas=["visibility"])


def load(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    shown = readable(viewer, current_time()).visible_to(viewer).values("pk")
    rows = Follow.objects.filter(pk__in=ids, follower__in=shown, followed__in=shown)
    for row in rows.select_related("follower", "followed"):
        yield Item(KIND, row.pk, row.created_at, row.follower, "social/feed/_follow.html", row)


def of_many(n: int) -> str:
    return ngettext("follows %(n)d more member", "follows %(n)d more members", n) % {"n": n}


def sources() -> list[Source]:
    return [Source(KIND, newest, load, of_many)]
