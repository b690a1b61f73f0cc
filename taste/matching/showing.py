"""A match as far as somebody may read it: both let themselves be compared, both tastes are open to the reader.

Names of music take both listens; what both rated is told to members alone. Whoever shows a match, in whatever form,
asks here: `comparable` says which members, `shown_to` what of two of them, `nearest_to` who is nearest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from catalog.models import Album, Artist
from listening.figures.together import readable_members
from listening.figures.tops import musics
from social.models import User
from social.models.user import UserQuerySet
from social.visibility import Viewer, Visibility, shown_ids, visible_q
from taste.matching import words as match_words
from taste.matching.pairs import compatibility
from taste.models import Compatibility

TASTE_LEVELS = ["visibility", "taste_visibility"]
MADE_OF = [*TASTE_LEVELS, "listens_visibility", "club_visibility"]  # the areas that a match is drawn from
REASON_NUMBERS = ("standing", "weight", "value", "n")
TOO_LITTLE = (
    "There is too little to compare yet: either both have played at least ten artists, or they have rated five of the "
    "same albums."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """term: artists, genres, profile or ratings. standing: share of random pairs with less, weight: in the score.

    value: the measure itself, 0 to 1; n: the artists, genres, axes or albums that it rests on.
    """

    term: str
    text: str
    standing: float
    weight: float
    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Match:
    """score is None, with `words` saying why, where there is too little. percentile: among the club's pairs.

    n_shared_artists (among the hundred that each plays most), n_rated: None where the reader may not know.
    """

    a: User
    b: User
    score: float | None
    words: str
    reasons: tuple[Reason, ...]
    shared_artists: tuple[Artist, ...]
    shared_albums: tuple[Album, ...]
    percentile: float | None
    computed_at: datetime
    n_shared_artists: int | None = None
    n_rated: int | None = None

    @property
    def is_enough(self) -> bool:
        return self.score is not None

    @property
    def whole(self) -> int | None:
        """The score as pages print it."""
        return None if self.score is None else round(self.score)

    @property
    def word(self) -> str:
        """`Close`; empty where there is no score."""
        return "" if self.score is None else match_words.word_for(self.score)


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody whom a member matches. common: what of it may be said in a sentence, or nothing."""

    member: User
    score: float
    common: str
    computed_at: datetime

    @property
    def whole(self) -> int:
        return round(self.score)

    @property
    def word(self) -> str:
        return match_words.word_for(self.score)


def shown_tastes(viewer: Viewer) -> UserQuerySet:
    """The members whose page and taste the viewer may open."""
    members: UserQuerySet = User.objects.filter(visible_q(viewer, levels=TASTE_LEVELS, owner=""), is_active=True)
    return members


def comparable(viewer: Viewer, *, with_suspended: bool = False) -> UserQuerySet:
    """Of those the ones who let themselves be compared: whoever does not has no match with anybody, nor sees one.

    A visitor reads matches of members whose every area that a match is drawn from is public.
    with_suspended: for what only rests while a member is suspended; nobody is shown them.
    """
    members: UserQuerySet = shown_tastes(viewer).filter(shows_matches=True)
    members = members if with_suspended else members.present(to=viewer)
    if viewer is None or not viewer.is_authenticated:
        members = members.filter(**dict.fromkeys(MADE_OF, Visibility.PUBLIC))
    return members


def may_compare(a: User, b: User, viewer: Viewer) -> bool:
    """The viewer may read how these two match; one query."""
    return a.pk != b.pk and bool(comparable(viewer).filter(pk__in=[a.pk, b.pk]).count() == 2)


def reads_listens(a: User, b: User, viewer: Viewer) -> bool:
    """Both members' listens are open to the viewer; one query."""
    return readable_members(viewer).filter(pk__in=[a.pk, b.pk]).count() == 2


def reads_ratings(a: User, b: User, viewer: Viewer) -> bool:
    """What both rated may be counted for the viewer, a member to whom the archive names both; at most one query."""
    is_member = viewer is not None and viewer.is_authenticated  # the ratings are those that all members may read
    return is_member and len(shown_ids([a.pk, b.pk], viewer)) == 2


def shown_to(a: User, b: User, viewer: Viewer, *, now: datetime) -> Match | None:
    """The match of two members; None where the viewer may not read it. A member sees own matches alike.

    Music is named, and artists are counted, only where both members' listens are open to the viewer too; what both
    rated is told to members alone.
    """
    if not may_compare(a, b, viewer):
        return None
    row = compatibility(a, b, now=now)
    shows_listens, shows_ratings = reads_listens(a, b, viewer), reads_ratings(a, b, viewer)
    hidden = {name for name, shown in (("artists", shows_listens), ("ratings", shows_ratings)) if not shown}
    terms = row.evidence.get("terms", {})
    reasons = tuple(
        Reason(each["term"], each["text"], **{name: terms[each["term"]][name] for name in REASON_NUMBERS})
        for each in row.reasons
        if each["term"] not in hidden
    )
    artists = musics("artist", row.shared_artists) if shows_listens else {}
    albums = musics("album", row.shared_albums) if shows_listens else {}
    return Match(
        a=a,
        b=b,
        score=row.score,
        words="" if row.is_enough else TOO_LITTLE,
        reasons=reasons if row.is_enough else (),
        shared_artists=tuple(artists[pk] for pk in row.shared_artists if pk in artists),
        shared_albums=tuple(albums[pk] for pk in row.shared_albums if pk in albums),
        percentile=row.percentile if row.is_enough else None,
        computed_at=row.computed_at,
        n_shared_artists=row.evidence.get("n_artists", 0) if shows_listens else None,
        n_rated=row.evidence.get("n_rated", 0) if shows_ratings else None,
    )


def kept_scores(viewer: User, members: Collection[int] | QuerySet[Any, Any]) -> dict[int, float]:
    """The viewer's own scores with these members, as they were last worked out; one query.

    Without members of whom there is none, or whom the viewer may not compare themselves with.
    """
    return dict(_kept(viewer).filter(other__in=members).values_list("other", "score"))


def nearest_to(viewer: User, *, n: int) -> list[Near]:
    """Whom the viewer matches best among all members whom they may compare themselves with; two queries."""
    rows = list(_kept(viewer).order_by("-score", "other")[:n])
    others = User.objects.in_bulk([row.other for row in rows])
    return [
        Near(others[row.other], float(row.score), _common(row), row.computed_at) for row in rows if row.other in others
    ]


def by_match(members: UserQuerySet, viewer: User) -> UserQuerySet:
    """The best match of the viewer first; those without a score that the viewer may read last, by name."""
    scores = Subquery(_kept(viewer).filter(other=OuterRef("pk")).values("score")[:1])
    ordered: UserQuerySet = members.annotate(match=scores).order_by(F("match").desc(nulls_last=True), "handle")
    return ordered


def _kept(viewer: User) -> QuerySet[Any]:
    """The viewer's pairs with a score, `other` being the other member; none where the viewer is not compared."""
    other = Case(When(user_a=viewer, then=F("user_b")), default=F("user_a"))
    rows = Compatibility.objects.filter(Q(user_a=viewer) | Q(user_b=viewer), is_enough=True).annotate(other=other)
    if not viewer.shows_matches:
        return rows.none()
    return rows.filter(other__in=comparable(viewer).exclude(pk=viewer.pk).values("pk"))


def _common(row: Any) -> str:
    """What the tastes have in common, which are open where the match is: genres, else sound."""
    said = {each["term"]: each["text"] for each in row.reasons}
    return str(said.get("genres") or said.get("profile") or "")
