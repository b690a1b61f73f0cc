"""Who makes music."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse


class ArtistQuerySet(models.QuerySet["Artist"]):
    def current(self) -> ArtistQuerySet:
        """Without the ones that were merged into another."""
        return self.filter(merged_into__isnull=True)


class Artist(models.Model):
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300, blank=True)
    name_key = models.CharField(max_length=300, editable=False)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True, editable=False)
    mbid = models.UUIDField("MusicBrainz artist", null=True, blank=True, unique=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 code: DE, JP.")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArtistQuerySet.as_manager()

    class Meta:
        ordering = ["name_key"]
        indexes = [
            # One index for equal and for “begins with”; db_index would make two on PostgreSQL.
            models.Index(fields=["name_key"], name="artist_name_key", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                condition=Q(mbid__isnull=True, merged_into__isnull=True),
                name="artist_one_unidentified_per_name",
                violation_error_message="An artist of this name without a MusicBrainz id exists already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:artist", args=[self.slug])
