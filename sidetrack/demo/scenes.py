"""The accidents of the demo's club: a week cancelled, a winner changed, a review hidden, a report still open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from club.lifecycle import extend_phase, skip_week
from club.models import Nomination, Phase, Rating, Week
from club.models.rating import RatingQuerySet
from club.moderating import override_winner
from club.nominating import withdraw
from club.polls import poll_result
from sidetrack.demo import acts, plan
from sidetrack.demo.members import dice
from sidetrack.demo.stage import Stage
from social.models import Report, User
from social.reports import report, resolve_report

if TYPE_CHECKING:
    from sidetrack.demo.story import Story

DAY = timedelta(days=1)
ROOM_LEFT = timedelta(hours=18)  # the open poll stays open at least this long


def direct(story: Story, place: int, week: Week) -> None:
    """Put this week's accident, if it has one, where it belongs in the story."""
    middle_of_nominations = week.opens_at + (week.nominations_close_at - week.opens_at) / 2
    match place, week.phase:
        case plan.SKIPPED, Phase.NOMINATIONS:
            story.at(middle_of_nominations, lambda then: skips(story, week, then))
        case plan.WITHDRAWN, Phase.POLL:
            story.at(week.poll_close_at - DAY, lambda then: withdraws(story, week, then))
        case plan.PROLONGED, Phase.POLL:
            story.at(week.poll_close_at - DAY / 4, lambda then: prolongs(story, week, DAY, "A public holiday.", then))
        case plan.POLLING, Phase.POLL:
            missing = story.stage.now + ROOM_LEFT - week.poll_close_at
            delta = DAY * max(1, -(-missing // DAY))
            reason = "Half of us are travelling: a few more days for this poll."
            story.at(week.poll_close_at - DAY / 4, lambda then: prolongs(story, week, delta, reason, then))
        case plan.OVERRIDDEN, Phase.LISTENING:
            story.at(week.poll_close_at + DAY, lambda then: overrides(story, week, then))
        case plan.SCANDAL, Phase.DISCUSSION:
            story.at(week.ratings_close_at - DAY / 2, lambda then: hides(story, week, then))


def skips(story: Story, week: Week, now: datetime) -> None:
    skip_week(week=week, by=story.stage.moderator(), now=now, reason="The holidays: almost nobody is here.")


def withdraws(story: Story, week: Week, now: datetime) -> None:
    """A moderator takes the album with most points out; its voters may vote again, and some of them do."""
    leading = Nomination.objects.get(pk=poll_result(week).entries[0].nomination_id)
    reason = "It cannot be heard anywhere in most of our countries."
    freed = withdraw(nomination=leading, by=story.stage.moderator(), now=now, reason=reason).freed_voter_ids
    again = {user.pk: handle for handle, user in story.stage.users.items()}
    for hours, pk in enumerate(freed, start=1):
        persona = story.stage.personas[again[pk]]
        when = now + timedelta(hours=hours)
        story.at(when, lambda then, who=persona: acts.votes(story, plan.WITHDRAWN, week, who, then))  # type: ignore[misc]


def prolongs(story: Story, week: Week, delta: timedelta, reason: str, now: datetime) -> None:
    extend_phase(week=week, delta=delta, by=story.stage.moderator(), now=now, reason=reason)


def overrides(story: Story, week: Week, now: datetime) -> None:
    """The second album of the poll takes the place of the first."""
    second = Nomination.objects.get(pk=poll_result(week).entries[1].nomination_id)
    reason = "The winner vanished from every streaming service two days after the poll."
    override_winner(week=week, nomination=second, by=story.stage.moderator(), reason=reason, now=now)
    story.won.add(story.stage.names[second.album_id])


def hides(story: Story, week: Week, now: datetime) -> None:
    """A review is reported, and a moderator hides it."""
    stage = story.stage
    rating = _reviews(week).last()
    if rating is None:
        return
    resolve_report(
        report=_reported(stage, rating, reason="Copied from a newspaper, word for word.", now=now),
        moderator=stage.moderator(),
        outcome=Report.Outcome.HIDDEN,
        reason="Not their own words. They may write another.",
        now=now + timedelta(hours=3),
    )


def afterwards(stage: Stage) -> None:
    """What stands outside the weeks: two reports that wait for a moderator, and one that was dismissed long ago."""
    weeks = list(Week.objects.filter(is_demo=True, rating_count__gte=5).order_by("-number"))
    words = [review for week in weeks if (review := _reviews(week).first()) is not None]
    if len(words) < 3:
        return
    newest, older, *_, oldest = words
    _reported(stage, newest, reason="Not one word about the record itself.", now=stage.now - timedelta(hours=2))
    _reported(stage, older, reason="I think that they never listened to it.", now=stage.now - timedelta(days=2))
    when = oldest.created_at + DAY
    resolve_report(
        report=_reported(stage, oldest, reason="They did not like my favourite record.", now=when),
        moderator=stage.moderator(),
        outcome=Report.Outcome.DISMISSED,
        reason="Nobody has to.",
        now=when + timedelta(hours=9),
    )


def _reported(stage: Stage, rating: Rating, *, reason: str, now: datetime) -> Report:
    assert rating.week is not None  # noqa: S101  (reviews of a week)
    return report(
        reporter=_reporter(stage, rating),
        obj=rating,
        address=f"{rating.week.get_absolute_url()}#rating-{rating.pk}",
        quote=rating.review,
        subject=rating.user,
        reason=reason,
        now=now,
    )[0]


def _reporter(stage: Stage, rating: Rating) -> User:
    return dice("reporter", rating.user.handle, rating.review).choice(
        [user for user in stage.users.values() if user != rating.user]
    )


def _reviews(week: Week) -> RatingQuerySet:
    return Rating.objects.standing().filter(week=week).exclude(review="").order_by("created_at", "id")
