"""A file that a member brought."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ImportBatch(models.Model):
    """One file on its way in: what it is, how far it has come, what was counted; undone as a whole.

    n_lines = n_new + n_known + n_duplicates + the sum of `skipped` once it is done: every line is accounted for.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Being looked at"
        PREVIEWED = "previewed", "Waiting for your word"
        QUEUED = "queued", "Waiting for its turn"
        RUNNING = "running", "Being read"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Imported"
        FAILED = "failed", "Failed"
        UNDOING = "undoing", "Being taken back"
        UNDONE = "undone", "Taken back"

    id = models.AutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="import_batches")
    source = models.CharField(max_length=12, blank=True)
    file_format = models.CharField(max_length=32, blank=True, help_text="As recognised: spotify-extended, lastfm-csv …")
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to="imports/", blank=True, help_text="Kept until the import is done or forgotten.")
    file_hash = models.CharField(max_length=64, blank=True)
    n_bytes = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADED)
    wants_stop = models.BooleanField(default=False)
    position = models.JSONField(default=dict, blank=True, help_text="Where to go on: the member of the zip, the line.")
    share_read = models.FloatField(default=0, help_text="0 to 1: how much of the file is read.")
    n_lines = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_known = models.PositiveIntegerField(default=0, help_text="Held already, or repeated in the file.")
    n_duplicates = models.PositiveIntegerField(default=0, help_text="Plays that another source tells too.")
    skipped = models.JSONField(default=dict, blank=True, help_text="Lines left out, by reason.")
    examples = models.JSONField(default=dict, blank=True, help_text="By reason, the first lines left out.")
    preview = models.JSONField(default=dict, blank=True, help_text="The dry run's counts, in the same terms.")
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    n_starts = models.PositiveSmallIntegerField(
        default=0, help_text="Counted before the work: one that kills its worker."
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"], name="importbatch_of_member")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"
