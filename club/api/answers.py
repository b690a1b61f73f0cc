"""How the club's rows look in answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from catalog.api import AlbumAnswer
from club.api import examples
from club.models import Nomination, Phase, Rating, Vote, Week
from sidetrack.api.describing import shown_as
from sidetrack.api.serializers import Answer, UtcDateTimeField
from social.acting import viewer_of
from social.api import PersonAnswer, ShownPerson
from social.visibility import shown_ids

BINS = [f"{half / 2:.1f}" for half in range(2, 11)]


def context_for(request: Request, member_ids: Iterable[int | None]) -> dict[str, Any]:
    """What serializers of the club need: the request, and which of these members its caller may see."""
    wanted = (pk for pk in member_ids if pk is not None)
    return {"request": request, "shown": shown_ids(wanted, viewer_of(request))}


def weeks_for_answers() -> QuerySet[Week]:
    """Weeks with all that `WeekAnswer` shows, in one query; votes are counted for the winners only."""
    votes = Vote.objects.filter(nomination=OuterRef("winner")).order_by().values("nomination")
    points = votes.annotate(n=Sum(3 - F("rank"))).values("n")
    firsts = votes.annotate(n=Count("id", filter=Q(rank=1))).values("n")
    return Week.objects.with_winner().annotate(winner_points=Subquery(points), winner_firsts=Subquery(firsts))


class WinnerAnswer(Answer):
    nomination = serializers.IntegerField(source="winner_id")
    album = AlbumAnswer(source="winner.album")
    nominator = ShownPerson(source="winner.user", help_text="Null where the caller may not see who it is.")
    points = serializers.SerializerMethodField(help_text="2 for each first choice, 1 for each second.")
    firsts = serializers.SerializerMethodField(help_text="How many made it their first choice.")

    def get_points(self, week: Any) -> int:
        return int(week.winner_points or 0) + int(week.winner.points_elsewhere)

    def get_firsts(self, week: Any) -> int:
        return int(week.winner_firsts or 0) + int(week.winner.firsts_elsewhere)


@shown_as(examples.WEEK)
class WeekAnswer(Answer):
    number = serializers.IntegerField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="WEEK 003 [2025-11-24]: the local date of the discussion."
    )
    theme = serializers.CharField()
    phase = serializers.ChoiceField(choices=Phase.choices)
    opens_at = UtcDateTimeField()
    nominations_close_at = UtcDateTimeField()
    poll_close_at = UtcDateTimeField()
    discussion_at = UtcDateTimeField()
    ratings_close_at = UtcDateTimeField()
    winner = serializers.SerializerMethodField(help_text="Null until the poll has closed.")
    url = serializers.SerializerMethodField(help_text="The week's page.")

    @extend_schema_field(WinnerAnswer(allow_null=True))
    def get_winner(self, week: Week) -> dict[str, Any] | None:
        return dict(WinnerAnswer(week, context=self.context).data) if week.winner_id else None

    def get_url(self, week: Week) -> str:
        address: str = self.context["request"].build_absolute_uri(week.get_absolute_url())
        return address


@shown_as(examples.NOMINATION)
class NominationAnswer(Answer):
    id = serializers.IntegerField()
    week = serializers.IntegerField(source="week.number")
    album = AlbumAnswer()
    nominator = ShownPerson(source="user", help_text="Null where the caller may not see who it is.")
    pitch = serializers.SerializerMethodField(help_text="The nominator's words; empty where they are not shown.")
    pitch_track = serializers.SerializerMethodField(help_text="The name of the track to start with.")
    pitch_track_url = serializers.SerializerMethodField()
    genre = serializers.CharField()
    decade = serializers.CharField()
    country = serializers.CharField()
    created_at = UtcDateTimeField()

    def get_pitch(self, nomination: Nomination) -> str:
        return nomination.pitch if nomination.user_id in self.context["shown"] else ""

    def get_pitch_track(self, nomination: Nomination) -> str:
        return nomination.pitch_track if nomination.user_id in self.context["shown"] else ""

    def get_pitch_track_url(self, nomination: Nomination) -> str:
        return nomination.pitch_track_url if nomination.user_id in self.context["shown"] else ""


@shown_as(examples.NOMINATED)
class NominatedAnswer(NominationAnswer):
    warnings = serializers.SerializerMethodField(help_text="What the nominator should know: it won in another week, …")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, nomination: Nomination) -> list[str]:
        return list(self.context["warnings"])


class PollLineAnswer(Answer):
    nomination = serializers.IntegerField()
    album = AlbumAnswer()
    points = serializers.IntegerField()
    firsts = serializers.IntegerField()
    seconds = serializers.IntegerField()
    place = serializers.IntegerField(help_text="From 1.")


@shown_as(examples.POLL)
class PollAnswer(Answer):
    results = PollLineAnswer(
        many=True, help_text="Every nominee, best first; empty before the close for all but moderators and the service."
    )
    winner = WinnerAnswer(allow_null=True, help_text="Null until the poll has closed.")
    tie_break = serializers.CharField(help_text="How a tie was broken, in one sentence; empty where there was none.")
    voters = serializers.IntegerField(help_text="How many members have voted.")


@shown_as(examples.BALLOT)
class BallotAnswer(Answer):
    week = serializers.IntegerField()
    voter = ShownPerson()
    first = serializers.IntegerField(allow_null=True, help_text="The nomination in first place, or null.")
    second = serializers.IntegerField(allow_null=True, help_text="The nomination in second place, or null.")


@shown_as(examples.RATING)
class RatingAnswer(Answer):
    """`seen` in the context holds the ids of the ratings whose name and words the caller may see."""

    id = serializers.IntegerField()
    member = serializers.SerializerMethodField(help_text="Null where the caller may not see who it is.")
    value = serializers.FloatField(source="stars", help_text="1.0 to 5.0 in halves.")
    favorite_track = serializers.SerializerMethodField(help_text="Empty where there is none, or it is not shown.")
    review = serializers.SerializerMethodField(help_text="Null where the caller may not see it.")
    spoiler = serializers.BooleanField(help_text="The author asks to hide the text until clicked.")
    created_at = UtcDateTimeField()

    def _is_seen(self, rating: Rating) -> bool:
        return rating.pk in self.context["seen"]

    @extend_schema_field(PersonAnswer(allow_null=True))
    def get_member(self, rating: Rating) -> dict[str, Any] | None:
        return dict(PersonAnswer(rating.user, context=self.context).data) if self._is_seen(rating) else None

    def get_favorite_track(self, rating: Rating) -> str:
        return rating.favorite_track if self._is_seen(rating) else ""

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_review(self, rating: Rating) -> str | None:
        return rating.review if self._is_seen(rating) else None


@shown_as(examples.SUMMARY)
class RatingsSummaryAnswer(Answer):
    average = serializers.FloatField(allow_null=True, help_text="Stars, rounded to hundredths; null without ratings.")
    count = serializers.IntegerField()
    distribution = serializers.DictField(child=serializers.IntegerField(), help_text="How many gave each value.")


@shown_as(examples.WEEK_DETAIL)
class WeekDetailAnswer(WeekAnswer):
    """The view puts what goes beyond the week's own row into the context: `nominations`, `poll`, `ratings`."""

    nominations = serializers.SerializerMethodField()
    poll = serializers.SerializerMethodField()
    ratings_summary = serializers.SerializerMethodField()

    @extend_schema_field(NominationAnswer(many=True))
    def get_nominations(self, week: Week) -> Any:
        return NominationAnswer(self.context["nominations"], many=True, context=self.context).data

    @extend_schema_field(PollAnswer)
    def get_poll(self, week: Week) -> Any:
        return PollAnswer(self.context["poll"], context=self.context).data

    @extend_schema_field(RatingsSummaryAnswer)
    def get_ratings_summary(self, week: Week) -> Any:
        return RatingsSummaryAnswer(self.context["ratings"]).data
