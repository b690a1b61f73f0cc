"""Albums that a member keeps: favourites, albums to hear, and a diary of albums heard."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Album
from catalog.pointing import MAY_STAY_BEHIND
from social.visibility import Visibility, VisibleQuerySet

N_FAVOURITES = 4


class ShelfQuerySet(VisibleQuerySet):
    def standing(self) -> Self:
        """Without what stayed with an album that became part of another: there the member has that other one too."""
        return self.filter(album__merged_into__isnull=True)


class FavouriteAlbum(models.Model):
    """One of four that stand on top of the member's page; as visible as the page."""

    VISIBILITY_LEVELS = ["user__visibility"]
    VISIBILITY_OWNER = "user"
    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourite_albums", db_index=False
    )
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="favourite_of")
    position = models.PositiveSmallIntegerField(help_text="From 1 to 4.")

    objects = ShelfQuerySet.as_manager()

    class Meta:
        ordering = ["user", "position"]
        constraints = [
            models.UniqueConstraint(fields=["user", "position"], name="favouritealbum_one_per_place"),
            models.UniqueConstraint(fields=["user", "album"], name="favouritealbum_once"),
            models.CheckConstraint(
                condition=Q(position__range=(1, N_FAVOURITES)),
                name="favouritealbum_places",
                violation_error_message="There are four places for favourite albums.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.album}"


class WantedAlbum(models.Model):
    """On a member's list of albums to hear."""

    VISIBILITY_LEVELS = ["visibility", "user__visibility"]
    VISIBILITY_OWNER = "user"
    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wanted_albums", db_index=False
    )
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="wanted_by")
    note = models.CharField(max_length=300, blank=True, help_text="Who or what it was that made you want it.")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="wantedalbum_newest"),
            models.Index(fields=["-created_at", "-id"], name="wantedalbum_by_time"),  # of everybody: the feed
        ]
        constraints = [models.UniqueConstraint(fields=["user", "album"], name="wantedalbum_once")]

    def __str__(self) -> str:
        return f"{self.user} wants to hear {self.album}"

    @property
    def words(self) -> str:
        """All that its member wrote, as moderators read it when it is reported."""
        return self.note


class DiaryEntry(models.Model):
    """A member heard this album that day, said by hand. It adds no plays: nobody told at what time which track ran."""

    VISIBILITY_LEVELS = ["visibility", "user__visibility", "user__listens_visibility"]
    VISIBILITY_OWNER = "user"
    when_merged = MAY_STAY_BEHIND

    class Extent(models.TextChoices):
        WHOLE = "whole", "the whole album"
        PART = "part", "a part of it"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="diary_entries", db_index=False
    )
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="diary_entries")
    listened_on = models.DateField()
    extent = models.CharField(max_length=5, choices=Extent, default=Extent.WHOLE)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "diary entries"
        ordering = ["-listened_on", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="diaryentry_newest"),
            models.Index(fields=["-created_at", "-id"], name="diaryentry_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "album", "listened_on"],
                name="diaryentry_once_a_day",
                violation_error_message="This album is in your diary for that day already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} heard {self.album} on {self.listened_on}"
