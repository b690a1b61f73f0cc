"""What members report, and what moderators do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from social.errors import NotAllowed


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> ReportQuerySet:
        return self.filter(resolved_at__isnull=True)

    def cases(self) -> ReportQuerySet:
        """The first report of each case: what is open about one thing, or was settled with one decision."""
        ended = Coalesce("resolved_at", Value(datetime.max.replace(tzinfo=UTC), models.DateTimeField()))
        before = Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
        same = {name: OuterRef(name) for name in ("kind", "object_id", "ended")}
        return self.annotate(ended=ended).filter(~Exists(Report.objects.annotate(ended=ended).filter(before, **same)))


class Report(models.Model):
    """Somebody's word that something should not stand; the text is kept as it was when it was reported."""

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", "Hidden"
        WARNED = "warned", "Warned"
        DISMISSED = "dismissed", "Dismissed"

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reports_made"
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports_about",
        help_text="Whose words or profile it is about.",
    )
    kind = models.CharField(max_length=32, help_text="What was reported, as app.model: club.rating.")
    object_id = models.BigIntegerField()
    address = models.CharField(max_length=300, help_text="Where it stands on the site.")
    quote = models.TextField(blank=True, help_text="The text as it was when it was reported.")
    reason = models.CharField(max_length=1000)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports_resolved"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.CharField(max_length=1000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["resolved_at", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "object_id"],
                condition=Q(resolved_at__isnull=True),
                name="report_once_while_open",
                violation_error_message="You have reported this already; a moderator will look at it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk} about {self.kind} {self.object_id}"


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise NotAllowed("The moderators' log is only ever added to.", code="append_only")


class ModerationActionQuerySet(models.QuerySet["ModerationAction"]):
    update = delete = bulk_update = _refuse


class ModerationAction(models.Model):
    """What a moderator did, to what, why, and how it was before and after. Rows are only ever added."""

    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="moderation_actions"
    )
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=32, help_text="What it was done to, as app.model.")
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=200, help_text="What a reader calls the object.")
    reason = models.CharField(max_length=1000, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    undoes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        help_text="The earlier action that this one takes back.",
    )

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["kind", "object_id"], name="moderationaction_object")]

    def __str__(self) -> str:
        return f"{self.verb}: {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    delete = _refuse


class MemberWarning(models.Model):
    """A moderator's warning, shown to the member on every page until they say that they have read it."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="warnings")
    text = models.CharField(max_length=1000)
    quote = models.TextField(blank=True, help_text="The member's words that it is about.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["member"], condition=Q(read_at__isnull=True), name="memberwarning_unread"),
        ]

    def __str__(self) -> str:
        return f"Warning for {self.member}"
