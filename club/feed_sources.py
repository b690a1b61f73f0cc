"""What the club puts into the feed: ratings and reviews, nominations, wins, diary entries, albums to hear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import ngettext

from club.models import DiaryEntry, Nomination, Phase, Rating, WantedAlbum, Week
from club.polls import POLL_IS_OVER
from social.feed.asking import Item, Key, Question, Source
from social.models import User
from social.visibility import visible_q

STRIP = "catalog/_cover_strip.html"
NAMED = ["user__club_visibility"]  # who may read a member's name in the archive


def _own_level(question: Question, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without the rows whose own level hides them; whether their owner is shown is the question's part."""
    return rows.filter(visible_q(question.viewer, levels=["visibility"]))


# --- Ratings, with words or without ---------------------------------------------------------------------------------
def newest_ratings(question: Question) -> list[Key]:
    rows = _own_level(question, Rating.objects.standing())
    return question.newest(rows, kind="rating", at="created_at", areas=["club_visibility"])


def load_ratings(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = Rating.objects.standing().visible_to(viewer).filter(pk__in=ids)
    for row in rows.select_related("user", "week", "album__artist", "track"):
        yield Item(
            "rating", row.pk, row.created_at, row.user, "club/feed/_rating.html", row, row.album, folds=not row.review
        )


def _rated(n: int) -> str:
    return ngettext("rated %(n)d album", "rated %(n)d albums", n) % {"n": n}


# --- Nominations: open from the moment they are made, as on the week's page ------------------------------------------
def newest_nominations(question: Question) -> list[Key]:
    rows = Nomination.objects.standing().exclude(week__phase__in=[Phase.SCHEDULED, Phase.CANCELLED])
    return question.newest(rows, kind="nomination", at="created_at", areas=["club_visibility"])


def load_nominations(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = Nomination.objects.standing().filter(visible_q(viewer, levels=NAMED), pk__in=ids)
    for row in rows.select_related("user", "week", "album__artist"):
        yield Item(
            "nomination", row.pk, row.created_at, row.user, "club/feed/_nomination.html", row, row.album,
            folds=not row.pitch,
        )  # fmt: skip


# --- Wins: what a poll that is over has decided ----------------------------------------------------------------------
def newest_wins(question: Question) -> list[Key]:
    rows = Week.objects.decided().filter(phase__in=POLL_IS_OVER)
    return question.newest(rows, kind="win", at="poll_close_at", areas=["club_visibility"], owner="winner__user")


def load_wins(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = Week.objects.decided().filter(
        visible_q(viewer, levels=["winner__user__club_visibility"], owner="winner__user")
    )
    for row in rows.filter(pk__in=ids).with_winner():
        assert row.winner is not None  # noqa: S101  (decided)
        by, album = row.winner.user, row.winner.album
        yield Item("win", row.pk, row.poll_close_at, by, "club/feed/_win.html", row, album, folds=False)


# --- What members say by hand that they heard, and want to -----------------------------------------------------------
def newest_by_hand(model: type[Model], kind: str, areas: Sequence[str], question: Question) -> list[Key]:
    rows = _own_level(question, model._default_manager.all())
    return question.newest(rows, kind=kind, at="created_at", areas=areas)


def load_diary(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = DiaryEntry.objects.standing().visible_to(viewer).filter(pk__in=ids).select_related("user", "album__artist")
    for row in rows:
        yield Item("diary", row.pk, row.created_at, row.user, "club/feed/_diary.html", row, row.album)


def _logged(n: int) -> str:
    return ngettext("heard %(n)d album", "heard %(n)d albums", n) % {"n": n}


def load_wanted(ids: Sequence[int], viewer: User) -> Iterator[Item]:
    rows = WantedAlbum.objects.standing().visible_to(viewer).filter(pk__in=ids).select_related("user", "album__artist")
    for row in rows:
        yield Item(
            "wanted", row.pk, row.created_at, row.user, "club/feed/_wanted.html", row, row.album, folds=not row.note
        )


def _wants(n: int) -> str:
    return ngettext("wants to hear %(n)d album", "wants to hear %(n)d albums", n) % {"n": n}


def _nominated(n: int) -> str:
    return ngettext("nominated %(n)d album", "nominated %(n)d albums", n) % {"n": n}


def sources() -> list[Source]:
    diary: Callable[[Question], list[Key]] = partial(
        newest_by_hand, DiaryEntry, "diary", ["visibility", "listens_visibility"]
    )
    wanted: Callable[[Question], list[Key]] = partial(newest_by_hand, WantedAlbum, "wanted", ["visibility"])
    return [
        Source("rating", newest_ratings, load_ratings, _rated, STRIP),
        Source("nomination", newest_nominations, load_nominations, _nominated, STRIP),
        Source("win", newest_wins, load_wins),
        Source("diary", diary, load_diary, _logged, STRIP),
        Source("wanted", wanted, load_wanted, _wants, STRIP),
    ]
