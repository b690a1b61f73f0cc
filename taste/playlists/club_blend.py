"""The club's blend: what many members play, and what those who rated albums liked best, at most a few of each member.

It is made weekly from members who show their listens to all members. Its numbers are counted when somebody reads it,
among those whose listens they may read: who hides is out of it at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from catalog.models import Track
from club.models import Rating
from listening.figures.together import AT_LEAST, SHOWN_TO_ALL, counted_members
from listening.models import IncognitoRange, ListenEvent
from listening.models.listen import ListenQuerySet
from social.errors import Refused
from social.models import User
from social.visibility import Viewer, present_q
from taste.blends.choosing import Candidate
from taste.blends.making import in_order
from taste.models import Playlist, PlaylistTrack
from taste.playlists.writing import Line, save, save_of_club

KEY, TITLE = "blend", "The club’s blend"
DAYS = 90
AIM, LEAST = 50, 10
N_LOOKED_AT = 400
PER_MEMBER, PER_ARTIST = 4, 2
A_FAVOURITE = 1.5  # members who play it, that somebody's favourite track of an album is worth


def of_club() -> Playlist | None:
    """The list as it was last made, without its lines."""
    found: Playlist | None = Playlist.objects.filter(user=None, kind=Playlist.Kind.CLUB, key=KEY).first()
    return found


@transaction.atomic
def renew(*, now: datetime) -> int:
    """Make it anew; how many tracks. Below LEAST there is none."""
    members = _members()
    chosen = _choose(members, now)
    if len(chosen) < LEAST:
        Playlist.objects.filter(user=None, kind=Playlist.Kind.CLUB, key=KEY).delete()
        return 0
    tracks = Track.objects.in_bulk(chosen)
    ordered = in_order([Candidate(pk, tracks[pk].artist_id, 1, 1) for pk in chosen])
    save_of_club(
        key=KEY,
        title=TITLE,
        note=f"Tracks that at least {AT_LEAST} members played in the last {DAYS} days, favourites of raters before "
        f"others; at most {PER_MEMBER} are brought by one member and {PER_ARTIST} are of one artist.",
        lines=[Line(tracks[each.track]) for each in ordered],
        now=now,
    )
    return len(ordered)


def lines_for(viewer: Viewer) -> list[PlaylistTrack]:
    """The list as this member reads it: with what they may know of why, without what they may know of nobody."""
    row = of_club()
    if row is None:
        return []
    lines = list(row.lines.order_by("position").select_related("track__artist", "track__album__artist"))
    ids = [line.track_id for line in lines]
    members = counted_members(viewer)
    plays = _counted(ListenEvent.objects.filter(track__in=ids, user__in=members)).values_list("track_id")
    n_of = {
        pk: (n_members, n) for pk, n_members, n in plays.annotate(n_members=Count("user", distinct=True), n=Count("pk"))
    }
    fans = _fans(ids)
    shown = [line for line in lines if n_of.get(line.track_id, (0, 0))[0] >= AT_LEAST]
    for place, line in enumerate(shown, start=1):
        line.position, line.reason = place, _reason(*n_of[line.track_id], fans[line.track_id])
    return shown


def keep(*, user: User, now: datetime) -> Playlist:
    """A copy among the member's own lists, as they read it now. Refused where there is nothing to keep."""
    row = of_club()
    lines = [Line(line.track, line.reason) for line in lines_for(user)]
    if not lines:
        raise Refused(_("There is nothing on the club’s blend yet."), code="empty")
    return save(
        user=user, kind=Playlist.Kind.CLUB, key=KEY, title=TITLE, note=row.note if row else "", lines=lines, now=now
    )  # fmt: skip


def _members() -> list[int]:
    shown = User.objects.present().filter(visibility__in=SHOWN_TO_ALL, listens_visibility__in=SHOWN_TO_ALL)
    return list(shown.order_by("pk").values_list("pk", flat=True))


def _counted(plays: ListenQuerySet) -> ListenQuerySet:
    """Each play once, without those of private times."""
    private = IncognitoRange.objects.filter(user=OuterRef("user"), starts_at__lte=OuterRef("played_at")).filter(
        Q(ends_at=None) | Q(ends_at__gt=OuterRef("played_at"))
    )
    return plays.filter(~Exists(private), duplicate_of__isnull=True).order_by()


def _choose(members: Collection[int], now: datetime) -> list[int]:
    """Track ids, the best first."""
    since = now - timedelta(days=DAYS)
    recent = ListenEvent.objects.filter(
        user__in=members, played_at__gte=since, played_at__lte=now, track__merged_into__isnull=True
    )
    rows = _counted(recent).values("track_id", "track__artist_id")
    many = rows.annotate(n_members=Count("user", distinct=True), n=Count("pk")).filter(n_members__gte=AT_LEAST)
    top = list(many.order_by("-n_members", "-n", "track_id")[:N_LOOKED_AT])
    ids = [each["track_id"] for each in top]
    fans = _fans(ids)
    players: dict[int, list[tuple[int, int]]] = defaultdict(list)
    by_player = _counted(recent.filter(track__in=ids)).values_list("track_id", "user_id").annotate(n=Count("pk"))
    for pk, user, n in by_player:
        players[pk].append((-n, user))
    top.sort(
        key=lambda each: (-(each["n_members"] + A_FAVOURITE * fans[each["track_id"]]), -each["n"], each["track_id"])
    )
    brought: Counter[int] = Counter()
    by_artist: Counter[int] = Counter()
    chosen: list[int] = []
    for each in top:
        pk, artist = each["track_id"], each["track__artist_id"]
        bringer = next((user for _, user in sorted(players[pk]) if brought[user] < PER_MEMBER), None)
        if bringer is None or by_artist[artist] >= PER_ARTIST:
            continue
        brought[bringer] += 1
        by_artist[artist] += 1
        chosen.append(pk)
        if len(chosen) == AIM:
            break
    return chosen


def _fans(track_ids: Iterable[int]) -> Counter[int]:
    """How many raters named each track as their favourite of its album."""
    rows = Rating.objects.standing().filter(present_q(owner="user"), track__in=list(track_ids)).order_by()
    return Counter(dict(rows.values_list("track_id").annotate(n=Count("user", distinct=True))))


def _reason(n_members: int, n: int, n_fans: int) -> str:
    fans = "" if not n_fans else f"; the favourite of {n_fans} who rated its album"
    return f"Played by {n_members} members, {n} times in all{fans}."
