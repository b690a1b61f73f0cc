"""Who has heard how much of a week's album: oneself always, others by their consent, all together as a number.

What counts are plays since the week opened: who knew one song before has not begun yet. A diary entry of the whole
album says that all of it was heard, one of a part that it was begun.

A name is shown where its member shows their progress, and the reader may read their page and listens. The number is
about those who take part and show their listens to all members; it is told of at least five, and never where it would
tell what every one of those without a name did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q

from catalog.models import Album, Track
from club.models import DiaryEntry, Nomination, Phase, Rating, Vote, Week
from listening.figures.together import SHOWN_TO_ALL, members_together
from listening.models import TrackTotal
from social.models import User
from social.models.user import UserQuerySet
from social.visibility import Viewer, VisibleQuerySet
from taste.album_progress.hearing import Heard, heard_by
from taste.album_progress.songs import Songs, songs_of, songs_of_all

DECIDED = (Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED)
WEEKS_AROUND = 4  # who took part in the week, or in one of so many before it, is there
A_DAY = timedelta(days=1)
LEAST_COUNTED = 5
LEAST_UNNAMED = 3
SHOWN = frozenset(SHOWN_TO_ALL)
WHOLE = DiaryEntry.Extent.WHOLE


@dataclass(frozen=True, slots=True)
class Progress:
    """n_of: how many songs the album has, None where its track list is unknown. noted: what their diary says of it."""

    member: User
    n_heard: int
    n_of: int | None
    first_at: datetime | None = None
    noted: str = ""

    @property
    def has_begun(self) -> bool:
        return self.n_heard > 0 or bool(self.noted)

    @property
    def is_whole(self) -> bool:
        return self.noted == WHOLE or (self.n_of is not None and self.n_heard >= self.n_of)


@dataclass(frozen=True, slots=True)
class Person:
    """is_counted: takes part, and shows their listens to all members."""

    member: User
    is_counted: bool

    @property
    def is_named(self) -> bool:
        return self.member.shows_progress


@dataclass(frozen=True, slots=True)
class Own:
    """One's own, with what is left to hear. n_known: songs of it that were played before the week."""

    progress: Progress
    left: tuple[Track, ...] = ()
    n_known: int = 0


@dataclass(frozen=True, slots=True)
class WeekProgress:
    """shown: by name, the furthest first. n_begun of n_there: None where the number would tell too much."""

    album: Album
    n_of: int | None
    own: Own | None
    shown: tuple[Progress, ...]
    n_begun: int | None = None
    n_there: int | None = None

    @property
    def n_whole(self) -> int:
        return sum(each.is_whole for each in self.shown)


def progress_of_week(week: Week, viewer: Viewer, *, now: datetime) -> WeekProgress | None:
    """As `viewer` may know it; None before there is a winner. Seven queries, however many members and plays.

    What was heard after the ratings closed is no longer of this week.
    """
    if week.phase not in DECIDED or week.winner is None:
        return None
    album = week.winner.album
    since, until = week.opens_at, min(now, week.ratings_close_at)
    people = _people(week, members_together(viewer))
    oneself = viewer if isinstance(viewer, User) else None
    if not people and oneself is None:
        return None
    songs = songs_of(album)
    wanted = {each.member.pk for each in people} | ({oneself.pk} if oneself else set())
    heard = heard_by(album, songs, wanted, since=since, until=until)
    noted = _noted(album, wanted, viewer, since=since, until=until)
    of = len(songs) or None

    def progress(member: User) -> Progress:
        return _progress(member, heard.get(member.pk), noted.get(member.pk, ""), of)

    begun = heard.keys() | noted.keys()
    n_begun, n_there = counted([each for each in people if each.is_counted], begun)
    shown = sorted(
        (progress(each.member) for each in people if each.is_named and each.member.pk in begun),
        key=lambda each: (-each.n_heard, each.first_at or until, each.member.handle),
    )
    own = _own(progress(oneself), heard.get(oneself.pk), songs, since) if oneself else None
    return WeekProgress(album, of, own, tuple(shown), n_begun, n_there)


def counted(there: Collection[Person], begun: Collection[int]) -> tuple[int | None, int | None]:
    """How many of those who are there have begun; (None, None) where the number would give somebody away."""
    unnamed = [each for each in there if not each.is_named]
    n_unnamed = sum(each.member.pk in begun for each in unnamed)
    is_mixed = len(unnamed) >= LEAST_UNNAMED and 0 < n_unnamed < len(unnamed)
    if len(there) < LEAST_COUNTED or (unnamed and not is_mixed):
        return None, None
    return sum(each.member.pk in begun for each in there), len(there)


def _people(week: Week, readable: UserQuerySet) -> list[Person]:
    """Who of these may be named or counted; one query."""
    around = Week.objects.decided().filter(number__lte=week.number).order_by("-number").values("pk")[: WEEKS_AROUND + 1]
    takes_part = (
        Exists(Nomination.objects.standing().filter(week__in=around, user=OuterRef("pk")))
        | Exists(Vote.objects.filter(week__in=around, user=OuterRef("pk")))
        | Exists(Rating.objects.standing().filter(week__in=around, user=OuterRef("pk")))
    )
    rows = readable.annotate(takes_part=takes_part, n_plays=F("listener__n_listens"))
    rows = rows.filter(Q(shows_progress=True) | Q(takes_part=True, n_plays__gt=0)).order_by("pk")
    return [
        Person(each, bool(each.takes_part and each.n_plays) and {each.visibility, each.listens_visibility} <= SHOWN)
        for each in rows
    ]


def _noted(
    album: Album, member_ids: Collection[int], viewer: Viewer, *, since: datetime, until: datetime
) -> dict[int, str]:
    """What members wrote into their diaries, as far as the viewer may read it: the whole album before a part of it."""
    return _extents(_entries(album, member_ids).visible_to(viewer), since=since, until=until)


def _noted_for_all(album: Album, member_ids: Collection[int], *, since: datetime, until: datetime) -> dict[int, str]:
    """The same, of entries that every member may read."""
    return _extents(_entries(album, member_ids).filter(visibility__in=SHOWN_TO_ALL), since=since, until=until)


def _entries(album: Album, member_ids: Collection[int]) -> VisibleQuerySet:
    found: VisibleQuerySet = DiaryEntry.objects.filter(album=album, user__in=member_ids)
    return found


def _extents(entries: VisibleQuerySet, *, since: datetime, until: datetime) -> dict[int, str]:
    """By member. A diary has no hours: its days are those of where the member lives."""
    around = entries.filter(listened_on__range=((since - A_DAY).date(), (until + A_DAY).date()))
    found: dict[int, str] = {}
    for user_id, extent, day, zone in around.order_by("pk").values_list(
        "user_id", "extent", "listened_on", "user__timezone"
    ):
        here = ZoneInfo(zone)
        if since.astimezone(here).date() <= day <= until.astimezone(here).date() and found.get(user_id) != WHOLE:
            found[user_id] = extent
    return found


def _progress(member: User, heard: Heard | None, noted: str, n_of: int | None) -> Progress:
    n = heard.n if heard else 0
    if noted == WHOLE and n_of:
        n = max(n, n_of)
    return Progress(member, n, n_of, heard.first_at if heard else None, noted)


def _own(progress: Progress, heard: Heard | None, songs: Songs, since: datetime) -> Own:
    left: tuple[Track, ...] = ()
    if not progress.is_whole:
        left = tuple(track for place, track in enumerate(songs.tracks) if heard is None or place not in heard.places)
    known = TrackTotal.objects.filter(
        user=progress.member, track__in=list(songs.places), n_listens__gt=0, first_at__lt=since
    ).values_list("track_id", flat=True)
    return Own(progress, left, len({songs.places[pk] for pk in known}))


def begun_of_all(week: Week, *, now: datetime) -> tuple[int, int] | None:
    """How many of how many have begun, as any member may know it: for a channel that all of them read."""
    if week.phase not in DECIDED or week.winner is None:
        return None
    album, until = week.winner.album, min(now, week.ratings_close_at)
    people = [each for each in _people(week, _shown_to_members()) if each.is_counted]
    ids = [each.member.pk for each in people]
    heard = heard_by(album, songs_of(album), ids, since=week.opens_at, until=until)
    noted = _noted_for_all(album, ids, since=week.opens_at, until=until)
    n_begun, n_there = counted(people, heard.keys() | noted.keys())
    return None if n_begun is None or n_there is None else (n_begun, n_there)


def _shown_to_members() -> UserQuerySet:
    members: UserQuerySet = User.objects.present().filter(
        visibility__in=SHOWN_TO_ALL, listens_visibility__in=SHOWN_TO_ALL
    )
    return members


def begun_by_week(weeks: Iterable[Week], *, now: datetime) -> dict[int, frozenset[int]]:
    """By the id of each week that is listening, who has begun its album and shows that to all members.

    For reminders, which name nobody of them. Four queries, and two for each such week; none where there is none.
    """
    ids = [week.pk for week in weeks if week.phase == Phase.LISTENING and week.winner_id]
    if not ids:
        return {}
    listening = Week.objects.filter(pk__in=ids).with_winner()
    albums = {week: week.winner.album for week in listening if week.winner is not None}
    members = list(_shown_to_members().filter(shows_progress=True).values_list("pk", flat=True))
    songs = songs_of_all([album.pk for album in albums.values()])
    found: dict[int, frozenset[int]] = {}
    for week, album in albums.items():
        heard = heard_by(album, songs[album.pk], members, since=week.opens_at, until=now)
        noted = _noted_for_all(album, members, since=week.opens_at, until=now)
        found[week.pk] = frozenset(heard) | frozenset(noted)
    return found
