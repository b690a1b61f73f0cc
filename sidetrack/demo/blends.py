"""The demo's shared lists: a blend, a question that waits, a list for a mood, the club's blend, a list by hand."""

from __future__ import annotations

from datetime import timedelta

from catalog.models import Track
from sidetrack.demo.stage import Stage
from social.errors import Refused
from social.models import User
from social.visibility import Visibility
from taste.blends import asking, making
from taste.blends.standing import may_blend
from taste.matching.showing import nearest_to
from taste.models import Blend, Playlist
from taste.playlists import club_blend, moods, writing

DAY = timedelta(days=1)
N_NEAR = 6
BY_HAND, FEW = "For the train home", 9
FIELDS = ("21", "33", "12", "22", "32", "11")  # of the plane: the first that has enough music is taken


def share(stage: Stage) -> None:
    """Both who can be signed in as have a blend and a question to answer; everything is made by the usual functions."""
    for member in hosts(stage):
        others = [each.member for each in nearest_to(member, n=N_NEAR) if may_blend(member, each.member)]
        for place, other in enumerate(others[:3]):
            match place:
                case 0:
                    _blend(member, other, stage)
                case 1:
                    asking.ask(by=other, whom=member, lean=Blend.Lean.NEW, now=stage.now - DAY)
                case 2:
                    asking.ask(by=member, whom=other, now=stage.now - 2 * DAY)
        _mood(member, stage)
        _by_hand(member, stage)
    Blend.objects.filter(asker__is_demo=True, asked__is_demo=True).update(is_demo=True)
    Playlist.objects.filter(user__is_demo=True).update(is_demo=True)
    n = club_blend.renew(now=stage.now)
    stage.say(f"{Blend.objects.filter(is_demo=True).count()} blends, {n} tracks in the club's")


def hosts(stage: Stage) -> list[User]:
    """A moderator and a member: as whom the demo can be looked at."""
    invented = sorted(stage.users.values(), key=lambda user: (user.date_joined, user.handle))
    moderators = [user for user in invented if user.is_moderator]
    members = [user for user in invented if not user.is_moderator]
    return [*moderators[:1], *members[:1]]


def remove() -> None:
    """The club's own list was made of invented plays; the next Monday makes one of real ones."""
    Playlist.objects.filter(user=None).delete()


def _blend(member: User, other: User, stage: Stage) -> None:
    row = asking.ask(by=member, whom=other, now=stage.now - 5 * DAY)
    if row.accepted_at is None:
        row = asking.accept(by=other, blend=row, now=stage.now - 4 * DAY)
    making.make(row.pk, now=stage.now)


def _mood(member: User, stage: Stage) -> None:
    for field in FIELDS:
        try:
            moods.make(user=member, field=field, minutes=60, now=stage.now)
        except Refused:
            continue
        return


def _by_hand(member: User, stage: Stage) -> None:
    """A list that its owner shows to all members, of tracks they play."""
    placed, _n = moods.placed_of(member)
    played = [each.track for each in sorted(placed, key=lambda each: (-each.n_plays, each.track))]
    if not played:
        return
    row = writing.make(user=member, title=BY_HAND, now=stage.now - 9 * DAY)
    tracks = Track.objects.in_bulk(played)
    one_of_each = {tracks[pk].artist_id: tracks[pk] for pk in reversed(played)}
    for track in list(one_of_each.values())[-FEW:]:
        writing.add_track(user=member, track=track, playlist=row, now=stage.now - 9 * DAY)
    writing.edit(
        user=member, playlist=row, title=BY_HAND, note="Fifty minutes, two changes.", visibility=Visibility.MEMBERS,
        now=stage.now - 8 * DAY,
    )  # fmt: skip
