"""Club picks that a member missed: winners and well rated nominees that they have neither rated nor heard."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Max, Sum
from django.utils.translation import gettext as _

from catalog.models import AlbumTrack, Track
from club.models import ClubSettings, Nomination, Rating, Week
from listening.figures.together import AT_LEAST, counted_members
from listening.models import AlbumTotal, TrackTotal
from social.errors import Refused
from social.models import User
from taste.models import Playlist
from taste.playlists.writing import Line, save
from taste.recommending.club import IS_OVER, picks
from taste.recommending.known import heard_by_track

KEY, TITLE = "missed", "Club picks you missed"
WELL_RATED = 3.5  # stars, on average
MOST = 60
NOTHING = "There is nothing to catch up on: you have rated, heard or put up every pick of the club."


@dataclass(frozen=True, slots=True)
class Missed:
    """mean: of n ratings; None where too few rated it."""

    album_id: int
    week: int
    is_winner: bool
    mean: float | None
    n_ratings: int


def lines_for(member: User) -> list[Line]:
    """One track of each album, the best picks first; as many queries for any number of albums."""
    missed = missed_by(member)[:MOST]
    ids = [each.album_id for each in missed]
    stands_for = _representatives(ids, member)
    tracks = Track.objects.select_related("artist", "album__artist").in_bulk([pk for pk, _why in stands_for.values()])
    labels = dict(Week.objects.filter(number__in=[each.week for each in missed]).values_list("number", "pk"))
    weeks = Week.objects.in_bulk(list(labels.values()))
    lines = []
    for each in missed:
        if each.album_id in stands_for:
            pk, why = stands_for[each.album_id]
            lines.append(Line(tracks[pk], _reason(each, str(weeks[labels[each.week]].label), why)))
    return lines


def missed_by(member: User) -> list[Missed]:
    """Winners first, the best rated ones before others; then nominees that at least the club's minimum rated well."""
    winners = [Missed(each.album_id, each.week, True, each.mean, each.n_ratings) for each in picks()]
    won = {each.album_id for each in winners}
    nominees = _nominees(won)
    known = _known(member, [each.album_id for each in (*winners, *nominees)])
    return [each for each in (*winners, *nominees) if each.album_id not in known]


def make(*, user: User, now: datetime) -> Playlist:
    """Keep the list; the same again brings it up to date. Refused where there is nothing."""
    lines = lines_for(user)
    if not lines:
        raise Refused(_(NOTHING), code="nothing_missed")
    return save(
        user=user,
        kind=Playlist.Kind.CLUB,
        key=KEY,
        title=TITLE,
        note="One track of each winner, and of each nominee rated 3.5 stars or better, that you have neither rated nor "
        "heard: the favourite of those who rated it, else what the club plays most of it, else its first.",
        lines=lines,
        now=now,
    )


def renew(*, now: datetime) -> int:
    """Bring the lists that members keep up to date; how many. A list of which nothing is left stays as it is."""
    n = 0
    for row in Playlist.objects.filter(kind=Playlist.Kind.CLUB, key=KEY, user__is_active=True).select_related("user"):
        if row.user is None:
            continue
        try:
            make(user=row.user, now=now)
            n += 1
        except Refused:  # suspended, or all caught up
            continue
    return n


def _nominees(won: Collection[int]) -> list[Missed]:
    minimum = ClubSettings.load().minimum_ratings
    standing = Nomination.objects.standing().filter(week__phase__in=IS_OVER, album__merged_into__isnull=True)
    weeks = dict(standing.exclude(album__in=won).order_by().values_list("album_id").annotate(week=Max("week__number")))
    rated = Rating.objects.standing().filter(album__in=list(weeks)).order_by().values_list("album_id")
    found = [
        Missed(album, weeks[album], False, half / 2, n)
        for album, half, n in rated.annotate(half=Avg("half_stars"), n=Count("pk"))
        if n >= minimum and half / 2 >= WELL_RATED
    ]
    return sorted(found, key=lambda each: (-(each.mean or 0), -each.n_ratings, each.album_id))


def _known(member: User, album_ids: Collection[int]) -> set[int]:
    known = set(Rating.objects.filter(user=member, album__in=album_ids).values_list("album_id", flat=True))
    known |= set(Nomination.objects.filter(user=member, album__in=album_ids).values_list("album_id", flat=True))
    played = AlbumTotal.objects.filter(user=member, album__in=album_ids, n_listens__gt=0)
    known |= set(played.values_list("album_id", flat=True))
    return known | heard_by_track(member.pk, album_ids)


def _representatives(album_ids: Collection[int], viewer: User) -> dict[int, tuple[int, str]]:
    """Album id → the track that stands for it, and why it does."""
    found: dict[int, tuple[int, str]] = {}
    named = Rating.objects.standing().filter(album__in=album_ids, track__isnull=False, track__merged_into__isnull=True)
    for album, track, n in (
        named.order_by().values_list("album_id", "track_id").annotate(n=Count("user", distinct=True))
        .order_by("-n", "track_id")
    ):  # fmt: skip
        found.setdefault(
            album, (track, "the favourite of one who rated it" if n == 1 else f"the favourite of {n} who rated it")
        )
    left = [pk for pk in album_ids if pk not in found]
    plays = TrackTotal.objects.filter(
        user__in=counted_members(viewer), track__album__in=left, n_listens__gt=0, track__merged_into__isnull=True
    )
    rows = plays.order_by().values_list("track__album_id", "track_id")
    counted = rows.annotate(n_members=Count("user_id", distinct=True), n=Sum("n_listens")).filter(
        n_members__gte=AT_LEAST
    )
    for album, track, _n_members, _n in counted.order_by("-n", "track_id"):
        found.setdefault(album, (track, "what the club plays most of it"))
    left = [pk for pk in album_ids if pk not in found]
    first = AlbumTrack.objects.filter(album__in=left, position__gte=1, track__merged_into__isnull=True)
    for album, track in first.order_by("album_id", "disc", "position").values_list("album_id", "track_id"):
        found.setdefault(album, (track, "its first track"))
    return found


def _reason(each: Missed, week: str, why: str) -> str:
    what = f"Won {week}" if each.is_winner else f"Nominated in {week}"
    stars = f", {each.mean:.1f} stars from {each.n_ratings} ratings" if each.mean is not None else ""
    return f"{what}{stars}; {why}."
