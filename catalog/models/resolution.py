"""How far a name has come on its way to a MusicBrainz id; shared by albums and tracks."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Resolution(models.TextChoices):
    UNRESOLVED = "unresolved", "Not looked up yet"
    MATCHED = "matched", "Matched"
    MANUAL = "manual", "Matched by hand"
    NO_MATCH = "no_match", "Nothing found yet"


class Resolvable(models.Model):
    """Something that is known by name first and by MusicBrainz id later."""

    resolution = models.CharField(max_length=12, choices=Resolution, default=Resolution.UNRESOLVED)
    match_quality = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 to 1: how sure the match is.",
    )
    n_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, blank=True, db_index=True)
    spotify_id = models.CharField(max_length=32, null=True, blank=True, unique=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
