"""Answers of outside catalogues, kept so that nothing is asked twice."""

from __future__ import annotations

from django.db import models


class CachedAnswer(models.Model):
    """What a service answered to one request; 404 is an answer too."""

    service = models.CharField(max_length=32)
    request_key = models.CharField(max_length=64, help_text="SHA-256 of the path and its sorted parameters.")
    address = models.TextField(help_text="Path and parameters, for people.")
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    fetched_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "request_key"], name="cachedanswer_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.address}"
