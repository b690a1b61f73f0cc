"""One thing that stands, or should stand, in Discord."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from club.models import Week


class PostQuerySet(models.QuerySet["Post"]):
    def standing(self) -> PostQuerySet:
        """What was made and not given up or taken away."""
        return self.filter(state=Post.State.STANDING)


class Post(models.Model):
    """A message, a thread or a scheduled event of the bot, found again by (week, kind, key)."""

    class State(models.TextChoices):
        PENDING = "pending", "To be made"
        STANDING = "standing", "Standing"
        GONE = "gone", "No longer wanted"
        FAILED = "failed", "Given up for now"

    week = models.ForeignKey(Week, null=True, blank=True, on_delete=models.CASCADE, related_name="discord_posts")
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=64)
    channel_snowflake = models.BigIntegerField(null=True, blank=True, help_text="Where it stands: channel or thread.")
    thread_snowflake = models.BigIntegerField(null=True, blank=True, help_text="The thread that grows from it.")
    message_snowflake = models.BigIntegerField(null=True, blank=True)
    event_snowflake = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=100, blank=True, help_text="Of a thread, as Discord shows it.")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Of an event, as Discord has it.")
    content_hash = models.CharField(max_length=64, blank=True, help_text="Of what was last written to Discord.")
    nonce = models.CharField(max_length=25, help_text="Discord ignores a second message with it for some minutes.")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    is_pinned = models.BooleanField(default=False)
    is_locked = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    attempted_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it may have been made without our knowing: look before making it."
    )
    n_failures = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True, help_text="Why it could not be made, in words.")
    made_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When Discord first had it, by the reconciler's clock; what comes late says so.",
    )
    told_at = models.DateTimeField(null=True, blank=True, help_text="When moderators were told of the problem.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["message_snowflake"], name="post_message")]
        constraints = [
            models.UniqueConstraint(fields=["week", "kind", "key"], name="post_once_a_week"),
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(week__isnull=True), name="post_once_club_wide"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.week or 'the club'}"
