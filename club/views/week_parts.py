"""What a week's page is made of, read in a constant number of queries and shaped for the template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, Subquery, Value, When
from django.utils.safestring import SafeString

from catalog.models import Album
from club.models import Nomination, Phase, Rating, Vote, Week
from club.polls import POLL_IS_OVER, may_see_poll, n_voters, poll_result
from club.scoring import PollEntry
from social.models import Follow, User
from social.text import render_markdown
from social.visibility import Viewer, shown_ids, visible_q

BEFORE_THE_POLL = frozenset({Phase.SCHEDULED, Phase.NOMINATIONS, Phase.CANCELLED})
N_REVIEWS = 24  # on the page at first; the rest one link away
N_FAVOURITES = 5
N_GENRES = 4


@dataclass(frozen=True, slots=True)
class PollShown:
    """entries is empty while totals are secret; is_public is false when only a moderator may look already."""

    entries: dict[int, PollEntry]
    most: int
    tie_break: str
    voters: int
    is_public: bool


@dataclass(slots=True)
class NomineeShown:
    nomination: Nomination
    entry: PollEntry | None
    is_winner: bool
    is_named: bool  # the nominator's name and words may be read
    first_by: list[User] = field(default_factory=list)
    second_by: list[User] = field(default_factory=list)

    @property
    def voter_ids(self) -> tuple[list[int], list[int]]:
        return [user.pk for user in self.first_by], [user.pk for user in self.second_by]

    @property
    def has_whole_points(self) -> bool:
        """Firsts and seconds explain all points; a poll brought in from elsewhere may know the points alone."""
        return self.entry is not None and self.entry.points == 2 * self.entry.firsts + self.entry.seconds


@dataclass(frozen=True, slots=True)
class ReviewShown:
    rating: Rating
    is_own: bool

    @property
    def html(self) -> SafeString:
        """Made when a template asks: most pages have it kept already."""
        return render_markdown(self.rating.review)


@dataclass(frozen=True, slots=True)
class RatingsShown:
    """own counts also while moderators hide it; reviews have words; the rest are stars with a name."""

    own: Rating | None
    reviews: list[ReviewShown]
    n_reviews: int
    wordless: list[Rating]

    @property
    def review_ids(self) -> list[int]:
        return [review.rating.pk for review in self.reviews]

    @property
    def wordless_ids(self) -> list[int]:
        return [rating.pk for rating in self.wordless]


@dataclass(frozen=True, slots=True)
class Favourite:
    title: str
    votes: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    number: int
    name: str  # of the album, or of the phase while there is none


@dataclass(frozen=True, slots=True)
class Neighbours:
    previous: Neighbour | None
    next: Neighbour | None


def poll_shown(week: Week, viewer: Viewer) -> PollShown:
    """The poll as far as `viewer` may know it: before the close only how many have voted."""
    if week.phase in BEFORE_THE_POLL:
        return PollShown({}, 0, "", 0, is_public=False)
    if not may_see_poll(week, viewer):
        return PollShown({}, 0, "", n_voters(week), is_public=False)
    result = poll_result(week)
    entries = {entry.nomination_id: entry for entry in result.entries}
    most = max((entry.points for entry in result.entries), default=0)
    return PollShown(entries, most, week.tie_break, result.voters, is_public=week.phase in POLL_IS_OVER)


def nominees_shown(week: Week, viewer: Viewer, poll: PollShown) -> list[NomineeShown]:
    """In order of place once the poll is decided, before that in the order they came."""
    nominations = list(week.nominations.standing().select_related("album__artist", "user"))
    named = shown_ids((nomination.user_id for nomination in nominations), viewer)
    shown = [
        NomineeShown(
            nomination,
            poll.entries.get(nomination.pk),
            is_winner=nomination.pk == week.winner_id,
            is_named=nomination.user_id in named,
        )
        for nomination in nominations
    ]
    if poll.is_public:
        shown.sort(key=lambda nominee: (not nominee.is_winner, nominee.entry.place if nominee.entry else 0))
        _add_voters(week, viewer, shown)
    return shown


def _add_voters(week: Week, viewer: Viewer, shown: list[NomineeShown]) -> None:
    """Who gave the points, for members who let their ballot be seen and whose name may be read."""
    by_id = {nominee.nomination.pk: nominee for nominee in shown}
    open_votes = Vote.objects.filter(
        visible_q(viewer, levels=["user__club_visibility"]), week=week, user__shows_ballots=True
    )
    for vote in open_votes.select_related("user").order_by("cast_at", "id"):
        if nominee := by_id.get(vote.nomination_id):
            (nominee.first_by if vote.rank == 1 else nominee.second_by).append(vote.user)


def ratings_shown(week: Week, viewer: Viewer, *, all_of_them: bool = False) -> RatingsShown:
    """What `viewer` may read: their own first, then whom they follow, then the newest."""
    member_id = viewer.pk if viewer is not None and viewer.is_authenticated else None
    rows = Rating.objects.standing().filter(week=week).visible_to(viewer).select_related("user", "album", "track")
    if member_id:
        followed = Follow.objects.filter(follower=member_id, state=Follow.State.ACCEPTED).values("followed")
        rank = Case(
            When(user=member_id, then=Value(0)),
            When(user__in=followed, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        rows = rows.annotate(rank=rank).order_by("rank", "-created_at", "-id")
    ratings = list(rows)
    written = [rating for rating in ratings if rating.review]
    own = next((rating for rating in ratings if rating.user_id == member_id), None) if member_id else None
    if member_id and own is None:
        own = Rating.objects.filter(week=week, user=member_id).select_related("track").first()
    on_page = written if all_of_them else written[:N_REVIEWS]
    return RatingsShown(
        own=own,
        reviews=[ReviewShown(each, each.user_id == member_id) for each in on_page],
        n_reviews=len(written),
        wordless=[rating for rating in ratings if not rating.review],
    )


def favourite_tracks(week: Week) -> list[Favourite]:
    """The most named tracks. A count says nothing about who named them, so every rating that stands is counted.

    What somebody typed is their own words: it is printed where a rating that everybody may read says the same, or the
    album has a track of that name.
    """
    is_public = ExpressionWrapper(visible_q(None, levels=Rating.VISIBILITY_LEVELS), output_field=BooleanField())
    rows = Rating.objects.standing().filter(week=week).annotate(is_public=is_public).order_by("id")
    printable: dict[str, str] = {}
    votes: Counter[str] = Counter()
    for known, typed, may_print in rows.values_list("track__title", "favorite_track", "is_public"):
        if title := (known or typed).strip():
            votes[title.casefold()] += 1
            if known or may_print:
                printable.setdefault(title.casefold(), title)
    return [Favourite(printable[key], n) for key, n in votes.most_common() if key in printable][:N_FAVOURITES]


def genres_of(album: Album) -> list[str]:
    """The strongest genres, each once."""
    tags = (
        album.taggings.filter(tag__is_genre=True)
        .order_by("-weight", "tag__name_key")
        .values_list("tag__name", flat=True)
    )
    return list(dict.fromkeys(tags))[:N_GENRES]


def neighbours_of(week: Week) -> Neighbours:
    """The weeks before and after, in one query."""
    before = Week.objects.filter(number__lt=week.number).order_by("-number").values("number")[:1]
    after = Week.objects.filter(number__gt=week.number).order_by("number").values("number")[:1]
    around = Week.objects.filter(Q(number=Subquery(before)) | Q(number=Subquery(after))).order_by("number")
    found = [
        Neighbour(number, title or str(Phase(phase).label))
        for number, phase, title in around.values_list("number", "phase", "winner__album__title")
    ]
    return Neighbours(
        next((other for other in found if other.number < week.number), None),
        next((other for other in found if other.number > week.number), None),
    )
