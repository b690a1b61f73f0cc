"""`club/weeks/{number}/votes` and its summary."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import album_by_id
from club.api.answers import BallotAnswer, PollAnswer, context_for
from club.api.lookups import nomination_or_404, poll_of, standing_nominations, week_or_404
from club.errors import ClubRuleBroken
from club.models import Nomination, Week
from club.voting import cast_choice
from sidetrack.api.describing import WEEK_NUMBER, answers, asks
from sidetrack.api.serializers import RowIdField
from sidetrack.api.views import Endpoint
from social.acting import Person, acting_member


class NewVote(Person):
    nomination = RowIdField(required=False, help_text="The id of a nomination of this week.")
    album_id = RowIdField(required=False, help_text="The nominated album, instead of `nomination`.")
    rank = serializers.ChoiceField(choices=[1, 2], help_text="1: first choice, two points. 2: second, one point.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("nomination" in attrs) == ("album_id" in attrs):
            raise serializers.ValidationError({"nomination": ["Send either nomination or album_id."]})
        return attrs


def chosen(week: Week, given: dict[str, Any]) -> Nomination:
    """The nomination that the vote is for; one that is not up for vote here breaks a rule, an unknown one is 404."""
    if "nomination" in given:
        return nomination_or_404(given["nomination"])
    album = album_by_id(given["album_id"])
    nomination = Nomination.objects.standing().filter(week=week, album=album).first()
    if nomination is None:
        raise ClubRuleBroken(f"{album} is not nominated in {week}.", code="not_nominated")
    return nomination


class Votes(Endpoint):
    @extend_schema(
        tags=["club"],
        operation_id="votes_cast",
        summary="Vote",
        description="A later vote of the same rank replaces the earlier one. A nomination that the member holds in the "
        "other rank moves, and the other rank becomes empty. Refused (409): `wrong_phase`, `own_nomination`, "
        "`not_nominated`.",
        request=asks(
            NewVote,
            {
                "First choice": {"nomination": 41, "rank": 1},
                "By album": {"user": "ana", "album_id": 17, "rank": 2},
            },
        ),
        parameters=[WEEK_NUMBER],
        responses=answers({200: BallotAnswer}, 400, 401, 403, 404, 409),
    )
    def post(self, request: Request, number: int) -> Response:
        now = timezone.now()
        week = week_or_404(number)
        body = NewVote(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            voter = acting_member(request, body.validated_data, now=now)
            nomination = chosen(week, body.validated_data)
            ballot = cast_choice(
                voter=voter, week=week, nomination=nomination, rank=body.validated_data["rank"], now=now
            )
        answer = {
            "week": week.number,
            "voter": voter,
            "first": ballot.first.pk if ballot.first else None,
            "second": ballot.second.pk if ballot.second else None,
        }
        return Response(BallotAnswer(answer, context={"request": request, "shown": {voter.pk}}).data)


class VotesSummary(Endpoint):
    @extend_schema(
        tags=["club"],
        operation_id="votes_summary",
        summary="The poll: points and places of every nominee",
        description="Before the poll closes only the number of voters is shown, except to moderators and the service "
        "token. Single ballots are never listed here.",
        parameters=[WEEK_NUMBER],
        responses=answers({200: PollAnswer}, 401, 403, 404),
    )
    def get(self, request: Request, number: int) -> Response:
        week = week_or_404(number)
        nominations = standing_nominations(week)
        context = context_for(request, [week.winner.user_id if week.winner else None])
        return Response(PollAnswer(poll_of(week, nominations, request), context=context).data)
