"""Members' taste week by week, the map that it moves on, and what stands out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from social.visibility import VisibleQuerySet
from taste.iso_weeks import iso_week

# Page, listens and taste must all be open: the same rule as `taste.dashboard.rights`, which asks it of members.
TASTE_LEVELS = ["visibility", "listens_visibility", "taste_visibility"]
DRAWN_FROM_LISTENS = [f"user__{level}" for level in TASTE_LEVELS]


class WeeklyTaste(models.Model):
    """One member's ISO week in the zone that their days are counted in (`Listener.zone`).

    axes: {axis: {"mean", "sd", "n", "confidence"}}, each play counting once, tracks without a value left out.
    moods: {mood: share of the `n_mooded` plays}, summing to 1. words: the week's leading words,
    [{"word", "lift", "share"}]. Vectors are little-endian float32 in the space of `model`.
    """

    VISIBILITY_LEVELS = DRAWN_FROM_LISTENS
    VISIBILITY_OWNER = "user"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_tastes", db_index=False
    )
    starts_on = models.DateField(help_text="The Monday.")
    n_listens = models.PositiveIntegerField()
    n_tracks = models.PositiveIntegerField(help_text="Different ones.")
    n_artists = models.PositiveIntegerField()
    n_new_artists = models.PositiveIntegerField(help_text="Heard for the first time ever.")
    n_sounding = models.PositiveIntegerField(help_text="Plays of tracks with at least one axis value.")
    n_mooded = models.PositiveIntegerField(default=0, help_text="Plays of tracks with energy and valence.")
    n_placed = models.PositiveIntegerField(help_text="Plays of tracks with an embedding of `model`.")
    ms_played = models.PositiveBigIntegerField()
    diversity = models.FloatField(help_text="Effective number of artists: exp of the Shannon entropy of their shares.")
    axes = models.JSONField(default=dict)
    moods = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    model = models.CharField(max_length=24, blank=True)
    centroid = models.BinaryField(null=True, help_text="Mean of its plays’ embeddings, as they are.")
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    map_version = models.PositiveIntegerField(null=True, help_text="Of the TasteMap that x and y are places on.")
    momentum = models.FloatField(null=True, help_text="Norm of the week's centroid minus its EMA of span 4.")
    fingerprint = models.CharField(max_length=40, help_text="Of the listens and values it was computed from.")
    computed_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["user", "starts_on"]
        constraints = [models.UniqueConstraint(fields=["user", "starts_on"], name="weeklytaste_once_a_week")]

    def __str__(self) -> str:
        return f"{self.iso_week} of {self.user_id}"

    @property
    def iso_week(self) -> str:
        """2025-W48."""
        return iso_week(self.starts_on)


class TasteMap(models.Model):
    """The map of all analysed tracks in two dimensions; the newest version of a model counts.

    track_ids: little-endian int64 (n,). places: float32 (n, 2). mean, scale: float32 (dimensions,), the standardiser.
    """

    class Method(models.TextChoices):
        UMAP = "umap", "UMAP"
        PCA = "pca", "PCA"

    model = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    method = models.CharField(max_length=8, choices=Method)
    seed = models.PositiveIntegerField()
    n_tracks = models.PositiveIntegerField()
    n_fitted = models.PositiveIntegerField(help_text="The rest were placed by transform.")
    track_ids = models.BinaryField()
    places = models.BinaryField()
    mean = models.BinaryField()
    scale = models.BinaryField()
    trustworthiness = models.FloatField(null=True)
    moved = models.FloatField(null=True, help_text="Mean move of shared tracks since the version before, in map s.d.")
    parameters = models.JSONField(default=dict)
    fitted_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "version"], name="tastemap_once_per_version")]

    def __str__(self) -> str:
        return f"{self.model} map {self.version} ({self.method}, {self.n_tracks} tracks)"


class ChangePoint(models.Model):
    """A week from which on a member's energy or valence lies elsewhere."""

    VISIBILITY_LEVELS = DRAWN_FROM_LISTENS
    VISIBILITY_OWNER = "user"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="taste_changes", db_index=False
    )
    axis = models.CharField(max_length=20)
    starts_on = models.DateField(help_text="Monday of the first week of the new level.")
    alarmed_on = models.DateField(help_text="Monday of the week whose listens gave it away.")
    before = models.FloatField()
    after = models.FloatField()
    sds = models.FloatField(help_text="How far, in standard deviations of the baseline; negative: down.")
    threshold = models.FloatField(help_text="Of the CUSUM, calibrated on the member's own baseline.")
    is_confirmed = models.BooleanField(default=False, help_text="An offline search finds a break within six weeks.")
    sentence = models.CharField(max_length=300)
    computed_at = models.DateTimeField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["user", "-starts_on"]
        constraints = [models.UniqueConstraint(fields=["user", "axis", "starts_on"], name="changepoint_once")]

    def __str__(self) -> str:
        return self.sentence


class TasteProfile(models.Model):
    """What a member likes in a row of numbers: what matches, blends and recommendations begin with.

    genre_histogram: {genre: share of plays}. feature_means: {axis: {"mean", "sd", "n"}}. time_of_day_histogram: 24
    shares, by hour in the member's zone. embedding: play-weighted mean over 26 weeks, float32, in the space of `model`.
    """

    VISIBILITY_LEVELS = DRAWN_FROM_LISTENS
    VISIBILITY_OWNER = "user"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="taste_profile"
    )
    n_listens = models.PositiveIntegerField(default=0)
    n_sounding = models.PositiveIntegerField(default=0)
    genre_histogram = models.JSONField(default=dict)
    feature_means = models.JSONField(default=dict)
    time_of_day_histogram = models.JSONField(default=list)
    model = models.CharField(max_length=24, blank=True)
    embedding = models.BinaryField(null=True)
    weeks_revision = models.PositiveBigIntegerField(
        default=0, help_text="`Listener.revision` that the weeks were last computed from."
    )
    weeks_sound_at = models.DateTimeField(
        null=True, help_text="The newest `TrackFeatures.updated_at` that the weeks were last computed from."
    )
    last_computed_at = models.DateTimeField(null=True)

    objects = VisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Taste of {self.user_id}"
