"""How tracks sound: each source's evidence, the chosen best, vectors, and what members say themselves."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalog.forgetting import GOES_ALONG
from catalog.models import Track
from catalog.pointing import BY_SLOT, MAY_STAY_BEHIND

SHARES = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Axis(models.TextChoices):
    """What a track is told by; the meaning of each is the one of the field of that name in Spotify's audio features."""

    ENERGY = "energy", "Energy"
    VALENCE = "valence", "Valence"
    DANCEABILITY = "danceability", "Danceability"
    TEMPO = "tempo", "Tempo"
    ACOUSTICNESS = "acousticness", "Acousticness"
    INSTRUMENTALNESS = "instrumentalness", "Instrumentalness"
    SPEECHINESS = "speechiness", "Speechiness"
    LIVENESS = "liveness", "Liveness"
    LOUDNESS = "loudness", "Loudness"
    KEY = "key", "Key"
    MODE = "mode", "Mode"


RANGES = dict.fromkeys(
    ("energy", "valence", "danceability", "acousticness", "instrumentalness", "speechiness", "liveness"), (0, 1)
) | {"tempo": (20, 400), "loudness": (-100, 20), "key": (-1, 11), "mode": (0, 1)}


class TrackScore(models.Model):
    """What one source says of a track on one axis: the evidence.

    value: 0 to 1; BPM for tempo, LUFS for loudness, 0 to 11 or -1 (none) for key, 1 major or 0 minor for mode.
    """

    when_merged, when_unused = MAY_STAY_BEHIND, GOES_ALONG

    class Source(models.TextChoices):
        AUDIO = "audio", "measured in the audio here"
        SPOTIFY = "spotify", "Spotify audio features"
        ACOUSTICBRAINZ = "acousticbrainz", "AcousticBrainz"
        TAGS = "tags", "tags"
        DEMO = "demo", "invented for the demo"

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="scores", db_index=False)
    axis = models.CharField(max_length=20, choices=Axis)
    source = models.CharField(max_length=16, choices=Source)
    version = models.CharField(max_length=24)
    value = models.FloatField()
    confidence = models.FloatField(validators=SHARES, help_text="0 guessed to 1 measured.")
    method = models.CharField(max_length=120, help_text="How the value came about, for a person to read.")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "axis", "source", "version"], name="trackscore_once"),
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="trackscore_confidence_range"),
        ]

    def __str__(self) -> str:
        return f"{self.axis} of {self.track_id}: {self.value:.2f} ({self.source})"


class TrackFeatures(models.Model):
    """The chosen best value on each axis; null where nobody knows. `confidence` has 0 to 1 by axis, `sources` who."""

    when_merged, when_unused = BY_SLOT, GOES_ALONG  # chosen anew from the evidence

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="features")
    energy = models.FloatField(null=True, blank=True, validators=SHARES)
    valence = models.FloatField(null=True, blank=True, validators=SHARES)
    danceability = models.FloatField(null=True, blank=True, validators=SHARES)
    tempo = models.FloatField(null=True, blank=True, help_text="BPM.")
    acousticness = models.FloatField(null=True, blank=True, validators=SHARES)
    instrumentalness = models.FloatField(null=True, blank=True, validators=SHARES)
    speechiness = models.FloatField(null=True, blank=True, validators=SHARES)
    liveness = models.FloatField(null=True, blank=True, validators=SHARES)
    loudness = models.FloatField(null=True, blank=True, help_text="Integrated loudness in LUFS.")
    key = models.SmallIntegerField(null=True, blank=True, help_text="0 C to 11 B; -1 none.")
    mode = models.SmallIntegerField(null=True, blank=True, help_text="1 major, 0 minor.")
    confidence = models.JSONField(default=dict, blank=True)
    sources = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "track features"
        constraints = (
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{axis}__isnull": True}) | Q(**{f"{axis}__range": allowed}),
                    name=f"features_{axis}_range",
                )
                for axis, allowed in RANGES.items()
            ),
        )

    def __str__(self) -> str:
        return f"Features of {self.track_id}"


class TrackEmbedding(models.Model):
    """Where a track lies in the space of one model: little-endian float32, `dimensions` of them."""

    when_merged, when_unused = MAY_STAY_BEHIND, GOES_ALONG

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="embeddings", db_index=False)
    model = models.CharField(max_length=24, help_text="The adapter's name: musicnn, dsp-v1, clap, …")
    version = models.CharField(max_length=24)
    dimensions = models.PositiveSmallIntegerField()
    vector = models.BinaryField()
    tags = models.JSONField(default=dict, blank=True, help_text="Words the model hears, 0 to 1.")
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["track", "model"], name="trackembedding_once_per_model")]
        indexes = [models.Index(fields=["model", "track", "computed_at"], name="trackembedding_model")]

    def __str__(self) -> str:
        return f"{self.model} of {self.track_id}"


class Label(models.Model):
    """What a member says a track is on one axis; it moves the axis for that member alone."""

    when_merged = MAY_STAY_BEHIND

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sound_labels", db_index=False
    )
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="sound_labels")
    axis = models.CharField(max_length=20, choices=Axis)
    value = models.FloatField(validators=SHARES)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "track", "axis"], name="label_once"),
            models.CheckConstraint(condition=Q(value__range=(0, 1)), name="label_value_range"),
            models.CheckConstraint(
                condition=Q(axis__in=("energy", "valence", "danceability", "acousticness", "instrumentalness")),
                name="label_axis",
                violation_error_message="Label energy, valence, danceability, acousticness or instrumentalness.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.axis} of {self.track_id} is {self.value}, says {self.user_id}"
