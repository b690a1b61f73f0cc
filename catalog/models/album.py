"""An album: MusicBrainz's release group, with one release chosen for its track list."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models.artist import Artist
from catalog.models.resolution import Resolution, Resolvable


class AlbumQuerySet(models.QuerySet["Album"]):
    def current(self) -> AlbumQuerySet:
        """Without the ones that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def unidentified(self) -> AlbumQuerySet:
        return self.current().exclude(resolution__in=[Resolution.MATCHED, Resolution.MANUAL])


class Album(Resolvable):
    title = models.CharField(max_length=500)
    title_key = models.CharField(max_length=500, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="albums", db_index=False)
    artist_credit = models.CharField(
        max_length=500, blank=True, help_text="The whole credit as printed, where it is more than the artist's name."
    )
    slug = models.SlugField(max_length=160, unique=True, allow_unicode=True, editable=False)
    release_group_mbid = models.UUIDField("MusicBrainz release group", null=True, blank=True, unique=True)
    release_mbid = models.UUIDField("MusicBrainz release", null=True, blank=True, unique=True)
    first_release_date = models.CharField(
        max_length=10, blank=True, help_text="As far as it is known: 1997, 1997-05 or 1997-05-21."
    )
    release_year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1860), MaxValueValidator(2200)]
    )
    primary_type = models.CharField(max_length=32, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Of the chosen release, ISO 3166-1.")
    label = models.CharField(max_length=200, blank=True)
    cover_300 = models.ImageField(upload_to="covers/", blank=True, editable=False)
    cover_600 = models.ImageField(upload_to="covers/", blank=True, editable=False)
    cover_hue = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Dominant hue, one of 24 bins in OKLCH; empty: grey.",
    )
    cover_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )

    objects = AlbumQuerySet.as_manager()

    class Meta:
        ordering = ["title_key"]
        indexes = [
            models.Index(fields=["artist", "title_key"], name="album_artist_title"),
            # One index for equal and for “begins with”; db_index would make two on PostgreSQL.
            models.Index(fields=["title_key"], name="album_title_key", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "title_key"],
                condition=Q(release_group_mbid__isnull=True, merged_into__isnull=True),
                name="album_one_unidentified_per_title",
                violation_error_message="An album of this name by this artist exists already.",
            ),
            models.CheckConstraint(
                condition=Q(cover_hue__isnull=True) | Q(cover_hue__lt=24), name="album_cover_hue_range"
            ),
            models.CheckConstraint(
                condition=Q(match_quality__isnull=True) | Q(match_quality__range=(0, 1)), name="album_quality_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} — {self.credit}"

    def get_absolute_url(self) -> str:
        return reverse("catalog:album", args=[self.slug])

    @property
    def credit(self) -> str:
        """The artist line as printed on the sleeve."""
        return self.artist_credit or self.artist.name

    @property
    def decade(self) -> int | None:
        """1990 for everything from 1990 to 1999."""
        return self.release_year // 10 * 10 if self.release_year else None
