"""Pictures that stand for a page where its address is posted."""

from __future__ import annotations

from django.db import models


class ShareImage(models.Model):
    """The newest picture of one week, album or member; `content_hash` names what it shows, so that it is drawn once."""

    class Kind(models.TextChoices):
        WEEK = "week", "Week"
        ALBUM = "album", "Album"
        MEMBER = "user", "Member"

    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=20)
    file = models.FileField(upload_to="share/")
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="shareimage_one_per_page")]

    def __str__(self) -> str:
        return f"Share image of {self.kind} {self.object_id}"
