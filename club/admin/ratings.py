"""Ratings and reviews: read, hidden, shown again; nobody edits another's words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from import_export import resources
from import_export.admin import ExportMixin
from import_export.fields import Field

from club.errors import ClubRuleBroken
from club.models import Rating
from club.moderating import hide_rating, unhide_rating
from sidetrack.admin_acts import Act, ActAdmin, HistoryAdmin, ReadOnlyAdmin
from sidetrack.admin_sheets import Sheets
from social.models import Report
from social.text import plain_text
from social.visibility import Visibility

TO_MEMBERS = [Visibility.PUBLIC, Visibility.MEMBERS]


class RatingAct(Act):
    def facts(self) -> list[tuple[str, Any]]:
        rating = self.obj
        where = str(rating.week) if rating.week else "outside the club"
        return [
            ("Album", f"{rating.album}, {where}"),
            ("Member", rating.user),
            ("Stars", f"{rating.stars:.1f}"),
            ("Review", rating.review or "No text."),
        ]


class Hide(RatingAct):
    name, label, is_severe = "hide", "Hide", True
    explanation = "Review and stars leave every page and every figure. They are kept, and can be shown again."

    def is_offered(self) -> bool:
        return self.obj.hidden_at is None

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        hide_rating(rating=self.obj, by=self.moderator, reason=cleaned["reason"], now=now)
        return f"The rating by {self.obj.user} is hidden."


class Unhide(RatingAct):
    name, label = "unhide", "Show again"
    explanation = "Review and stars return to their pages and figures."

    def is_offered(self) -> bool:
        return self.obj.hidden_at is not None

    def facts(self) -> list[tuple[str, Any]]:
        return [*super().facts(), ("Hidden because", self.obj.hidden_reason)]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        unhide_rating(rating=self.obj, by=self.moderator, reason=cleaned["reason"], now=now)
        return f"The rating by {self.obj.user} is shown again."


class RatingResource(resources.ModelResource):
    week = Field(column_name="week", attribute="week__number", readonly=True)
    album = Field(column_name="album", attribute="album__title", readonly=True)
    artist = Field(column_name="artist", attribute="album__artist__name", readonly=True)
    member = Field(column_name="member", attribute="user__handle", readonly=True)
    stars = Field(column_name="stars", attribute="stars", readonly=True)

    class Meta:
        model = Rating
        fields = (
            "week",
            "album",
            "artist",
            "member",
            "stars",
            "favorite_track",
            "review",
            "created_at",
            "hidden_at",
            "hidden_reason",
        )


@admin.register(Rating)
class RatingAdmin(Sheets, ExportMixin, ActAdmin, HistoryAdmin, ReadOnlyAdmin):
    acts = (Hide, Unhide)
    refusals = (ClubRuleBroken,)
    resource_classes: ClassVar[list[Any]] = [RatingResource]
    list_display = ("album", "user", "stars_shown", "words", "week", "created_at", "is_shown")
    list_filter = (
        ("hidden_at", admin.EmptyFieldListFilter), ("review", admin.EmptyFieldListFilter), "half_stars", "created_at",
    )  # fmt: skip
    search_fields = (
        "album__title",
        "album__artist__name",
        "user__handle",
        "user__display_name",
        "=week__number",
        "review",
    )
    list_per_page = 50
    actions = None
    fields = (
        "album", "week", "user", "stars_shown", "favorite_track", "review", "spoiler", "visibility", "created_at",
        "updated_at", "hidden_at", "hidden_by", "hidden_reason",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        """What members can see, and what was reported or hidden: who keeps words to themselves keeps them from us too.

        A block does not count here, or a member could hide from moderators by blocking them.
        """
        rows: QuerySet[Rating] = super().get_queryset(request).select_related("album__artist", "week", "user")
        if request.user.is_superuser:
            return rows
        reported = Exists(Report.objects.filter(kind="club.rating", object_id=OuterRef("pk")))
        shared = Q(visibility__in=TO_MEMBERS, user__club_visibility__in=TO_MEMBERS)
        return rows.filter(shared | Q(hidden_at__isnull=False) | reported)

    @admin.display(description="stars", ordering="half_stars")
    def stars_shown(self, rating: Rating) -> str:
        return f"{rating.stars:.1f}"

    @admin.display(description="review")
    def words(self, rating: Rating) -> str:
        return plain_text(rating.review, limit=120) or "–"

    @admin.display(description="shown", boolean=True)
    def is_shown(self, rating: Rating) -> bool:
        return rating.hidden_at is None
