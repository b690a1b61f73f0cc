"""Audio files on this machine, and how they are analysed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.forgetting import GOES_ALONG
from catalog.models import Track


class AudioFile(models.Model):
    """One file under AUDIO_ROOT: what it holds, what was measured in it, or why it could not be.

    Nothing of it is ever served, exported or posted; `path` is for the operator's eyes alone. A new version of the
    extractor, of a model or of the axes makes it due again: see `taste.audio.due`.
    """

    when_unused = GOES_ALONG

    class MatchedBy(models.TextChoices):
        MBID = "mbid", "recording id in its tags"
        TAGS = "tags", "artist and title in its tags"
        NAME = "name", "the file's name"
        HAND = "hand", "an operator"

    path = models.CharField(max_length=1000, unique=True, help_text="Relative to AUDIO_ROOT, with forward slashes.")
    n_bytes = models.PositiveBigIntegerField()
    modified_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its bytes.")
    seconds = models.FloatField(null=True, blank=True)
    tags = models.JSONField(default=dict, blank=True, help_text="What its tags say of artist, title and recording.")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.SET_NULL, related_name="audio_files")
    matched_by = models.CharField(max_length=8, choices=MatchedBy, blank=True)
    no_match_reason = models.CharField(max_length=300, blank=True, help_text="Why it belongs to no track, in words.")
    match_tried_at = models.DateTimeField(null=True, blank=True, help_text="When a track was last looked for.")
    problem = models.CharField(max_length=500, blank=True, help_text="Why it could not be read, in words.")
    measured = models.JSONField(default=dict, blank=True, help_text="What `taste.audio.extraction` found in it.")
    measured_version = models.CharField(max_length=24, blank=True, help_text="Of the extractor; empty: not yet.")
    measured_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.CharField(
        max_length=300, blank=True, help_text="Models, and the axes, that have had it: |musicnn=1|axes-1|"
    )
    lease_until = models.DateTimeField(null=True, blank=True, help_text="Until when a worker has it.")
    n_starts = models.PositiveSmallIntegerField(default=0, help_text="Without an end: each one killed its worker.")
    seen_at = models.DateTimeField(help_text="When a scan last found it.")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When a scan first missed it.")

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["content_hash"], name="audiofile_hash")]

    def __str__(self) -> str:
        return self.path


class AnalysisSettings(models.Model):
    """An operator's switches over the environment; an empty one leaves it to the environment. One row."""

    class Device(models.TextChoices):
        AUTO = "auto", "CUDA where there is one"
        CPU = "cpu", "CPU"
        CUDA = "cuda", "CUDA"

    embedding_models = models.CharField(max_length=200, blank=True, help_text="As EMBEDDING_MODEL, with commas.")
    device = models.CharField(max_length=8, choices=Device, blank=True)
    uses_stems = models.BooleanField(null=True, blank=True)
    excerpt_seconds = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0: whole tracks.")
    jobs_at_once = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: one fewer than WORKERS, so that other jobs have their turn."
    )
    is_paused = models.BooleanField(default=False, help_text="No new jobs begin while this is on.")

    class Meta:
        verbose_name_plural = "analysis settings"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="analysissettings_one_row")]

    def __str__(self) -> str:
        return "Analysis settings"
