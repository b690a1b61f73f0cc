"""The club in REST: weeks, nominations, votes, ratings, and what moderators do."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from club.api.moderation import OverrideWinner, Review
from club.api.nominations import Nominations
from club.api.ratings import Ratings, RatingsSummary
from club.api.votes import Votes, VotesSummary
from club.api.weeks import OneWeek, Weeks
from club.errors import ClubRuleBroken
from sidetrack.api.errors import teach

teach(
    ClubRuleBroken,
    {
        **{"bad_value": 400, "bad_deadlines": 400, "reason_needed": 400},
        **{"not_a_moderator": 403, "suspended": 403, "not_your_own": 403},
        "no_week": 404,
    },
    otherwise=409,
)

urlpatterns: list[URLPattern] = [
    path("club/weeks", Weeks.as_view(), name="weeks"),
    path("club/weeks/<int:number>", OneWeek.as_view(), name="week"),
    path("club/weeks/<int:number>/nominations", Nominations.as_view(), name="week_nominations"),
    path("club/weeks/<int:number>/votes", Votes.as_view(), name="week_votes"),
    path("club/weeks/<int:number>/votes/summary", VotesSummary.as_view(), name="week_votes_summary"),
    path("club/weeks/<int:number>/ratings", Ratings.as_view(), name="week_ratings"),
    path("club/weeks/<int:number>/ratings/summary", RatingsSummary.as_view(), name="week_ratings_summary"),
    path("admin/weeks/<int:number>/override-winner", OverrideWinner.as_view(), name="override_winner"),
    path("admin/reviews/<int:pk>", Review.as_view(), name="review"),
]
