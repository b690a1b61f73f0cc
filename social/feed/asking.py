"""What a source of the feed is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.db import connection
from django.db.models import (
    BooleanField,
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from social.models import Follow, Mute, User
from social.models.user import UserQuerySet
from social.visibility import visible_q

Key = tuple[datetime, int]  # when, and the id of the row
MOST_FOLLOWED = 5_000  # whom one feed is made of: the newest follows; a database takes no endless list
FEW = 100  # so few members' rows are found by member; of more, the newest of everybody's are looked through
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AREAS = ("visibility", "club_visibility", "listens_visibility")


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the feed. Whatever is smaller is older, and comes after it."""

    at: datetime
    kind: str
    id: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}.{self.kind}.{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is no place."""
        at, _, rest = text.partition(".")
        kind, _, id_ = rest.partition(".")
        if not (at.isdecimal() and at.isascii() and kind.isidentifier() and id_.isdecimal() and id_.isascii()):
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(at)), kind, min(int(id_), 2**62))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a member did. template: draws it, from `row`. subject: what a folded run shows a picture of."""

    kind: str
    id: int
    at: datetime
    actor: User
    template: str
    row: Any
    subject: Any = None
    folds: bool = True  # false where somebody wrote something: words are never folded away

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.at, self.kind, self.id)


@dataclass(frozen=True)
class Question:
    """Who asks, about whose doings, from where on, and how many at most are wanted of each source."""

    viewer: User
    of_everybody: bool  # else of whom the viewer follows
    before: Cursor | None
    limit: int
    now: datetime
    _known: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def followed(self) -> dict[int, frozenset[str]]:
        """Whom the viewer follows and reads, with the areas that each has open to them; one query."""
        return self._open_areas(self._followed())

    def _followed(self) -> list[int]:
        mine = Follow.objects.filter(follower=self.viewer, state=Follow.State.ACCEPTED)
        return list(mine.order_by("-pk").values_list("followed", flat=True)[:MOST_FOLLOWED])

    def _open_areas(self, ids: list[int]) -> dict[int, frozenset[str]]:
        flags = {f"opens_{area}": _flag(self.viewer, area) for area in AREAS}
        rows = readable(self.viewer, self.now).filter(pk__in=ids).annotate(**flags).values_list("pk", *flags)
        return {row[0]: frozenset(area for area, opens in zip(AREAS, row[1:], strict=True) if opens) for row in rows}

    def newest(
        self, rows: QuerySet[Any], *, kind: str, at: str, areas: Iterable[str], owner: str = "user"
    ) -> list[Key]:
        """The newest of these rows by the members asked for, who have all these areas open; one query.

        rows: already without what the viewer may not see for the row's own level.
        at, owner: names of columns. An index on (owner, -at, -id) and one on (-at, -id) carry it.
        """
        areas = set(areas)
        wanted = rows
        if self.of_everybody:
            open_to = visible_q(self.viewer, levels=sorted(areas), owner="")
            members: Any = readable(self.viewer, self.now).filter(open_to).values("pk")
            is_many = True
        else:
            members = [pk for pk, opens in self.followed.items() if areas <= opens]
            is_many = len(members) > FEW
            if not members:
                return []
        if is_many and connection.vendor == "sqlite":
            # SQLite would fetch all rows of all these members and sort them; this leaves it the index by time.
            wanted = wanted.annotate(_actor=F(owner) + 0).filter(_actor__in=members)
        else:
            wanted = wanted.filter(**{f"{owner}__in": members})
        page = self.older(wanted, kind=kind, at=at)
        if not is_many and "__" not in owner:
            page = page.filter(**{f"{at}__gte": self._no_older_than(page, members, at=at, owner=owner)})
        return self.page_of(page, at=at)

    def _no_older_than(self, page: QuerySet[Any], members: Any, *, at: str, owner: str) -> Any:
        """The moment that a whole page cannot reach beyond: where one member alone fills it, at the latest of these.

        So no more than a page of each member's rows is ever sorted, however busy or long silent they are.
        """
        theirs = page.filter(**{owner: OuterRef("pk")}).order_by(f"-{at}").values(at)[self.limit - 1 : self.limit]
        last = (
            User.objects.filter(pk__in=members)
            .annotate(last=Subquery(theirs))
            .order_by(F("last").desc(nulls_last=True))
        )
        return Coalesce(Subquery(last.values("last")[:1]), Value(EPOCH, DateTimeField()))

    def older(self, rows: QuerySet[Any], *, kind: str, at: str) -> QuerySet[Any]:
        """Those that are older than where the page begins."""
        rows = rows.filter(**{f"{at}__lte": self.before.at if self.before else self.now})
        if self.before is not None and kind >= self.before.kind:
            older = Q(**{f"{at}__lt": self.before.at})
            if kind == self.before.kind:
                older |= Q(pk__lt=self.before.id)  # at the same moment: later ones are gone by the line above
            rows = rows.filter(older)
        return rows

    def page_of(self, rows: QuerySet[Any], *, at: str) -> list[Key]:
        return list(rows.order_by(f"-{at}", "-pk").values_list(at, "pk")[: self.limit])


def _flag(viewer: User, area: str) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(visible_q(viewer, levels=[area], owner=""), output_field=BooleanField())


def readable(viewer: User, now: datetime) -> UserQuerySet:
    """Members of whom the viewer reads at all: there, neither muted nor suspended. Blocks are a matter of what is
    visible.
    """
    muted = Mute.objects.filter(muter=viewer).values("muted")
    members: UserQuerySet = User.objects.present(now=now).exclude(pk__in=muted)
    return members


@dataclass(frozen=True)
class Source:
    """One kind of things in the feed, in two steps, so that only what stands on the page is read whole.

    newest: at most `limit` keys, the newest first. load: those of the rows that the viewer may see, by the one rule
    again. of_many: what a folded run says after the member's name, such as “rated 5 albums”.
    """

    kind: str
    newest: Callable[[Question], list[Key]]
    load: Callable[[Sequence[int], User], Iterable[Item]]
    of_many: Callable[[int], str | Promise] | None = None
    strip: str = ""
