"""A small club with a week in every phase, for tests that look at whole pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from catalog.tests.factories import AlbumFactory
from club.models import Nomination, Phase, Vote, Week
from club.tests.factories import NominationFactory, RatingFactory, WeekFactory
from social.models import User
from social.tests.factories import UserFactory

PITCH = "Nobody else sounded like this, and nobody does now. Start with the second side."
REVIEW = "The first half is a lesson in **restraint**; the second throws it out of the window."


@dataclass(frozen=True)
class SmallClub:
    members: list[User]
    closed: Week
    discussion: Week
    listening: Week
    poll: Week
    nominations: Week


def small_club(n_members: int = 4) -> SmallClub:
    """Weeks 1 to 5, the newest open for nominations; the deadlines lie around the real now."""
    members = [UserFactory(shows_ballots=bool(place % 2)) for place in range(n_members)]
    opened = timezone.now().replace(microsecond=0)
    days_ago = {
        Phase.CLOSED: 40,
        Phase.DISCUSSION: 15,
        Phase.LISTENING: 7,
        Phase.POLL: 4,
        Phase.NOMINATIONS: 1,
    }
    weeks = [_week(members, phase, opened - timedelta(days=days)) for phase, days in days_ago.items()]
    return SmallClub(members, *weeks)


def _week(members: list[User], phase: Phase, opens_at: object) -> Week:
    week = WeekFactory(phase=Phase.NOMINATIONS, opens_at=opens_at, theme="Debuts" if phase == Phase.POLL else "")
    said = {"pitch": PITCH, "genre": "Folk", "decade": "1990s", "country": "JP"}
    nominations = [
        NominationFactory(week=week, user=member, album=AlbumFactory(n_tracks=3), **said) for member in members[:3]
    ]
    if phase != Phase.NOMINATIONS:
        _vote(week, members, nominations)
    week.phase = phase
    if phase in (Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED):
        week.winner = nominations[1]
    week.save()
    if phase in (Phase.DISCUSSION, Phase.CLOSED):
        for place, member in enumerate(members[1:]):
            RatingFactory(
                week=week, user=member, half_stars=6 + place, review=REVIEW if place < 2 else "", spoiler=place == 1
            )
        week.refresh_from_db()
    return week


def _vote(week: Week, members: list[User], nominations: list[Nomination]) -> None:
    for member in members:
        first, second = [each for each in nominations if each.user_id != member.pk][:2]
        for rank, nomination in ((1, first), (2, second)):
            Vote.objects.create(week=week, user=member, nomination=nomination, rank=rank, cast_at=week.opens_at)
