"""Where in Discord the club lives."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q


class DiscordSettings(models.Model):
    """The one row of channels and roles; the environment holds only the token and the server (guild)."""

    club_channel_snowflake = models.BigIntegerField(
        "club channel", null=True, blank=True, help_text="A text channel or a forum: every week's threads grow there."
    )
    is_forum = models.BooleanField("the club channel is a forum", default=False)
    voice_channel_snowflake = models.BigIntegerField(
        "voice channel", null=True, blank=True, help_text="Where the discussion is held."
    )
    moderators_channel_snowflake = models.BigIntegerField(
        "moderators' channel", null=True, blank=True, help_text="Where the bot says what it could not do."
    )
    moderator_role_snowflake = models.BigIntegerField(
        "moderator role", null=True, blank=True, help_text="Mentioned in the moderators' channel; opens nothing."
    )
    posts_digest = models.BooleanField(
        "Monday digest",
        default=False,
        help_text="Every Monday one message in the club's channel: what was played, won and rated in the last week.",
    )
    digest_hour = models.PositiveSmallIntegerField(
        "hour of the digest", default=10, validators=[MaxValueValidator(23)], help_text="In the club's time zone."
    )
    commands_hash = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "Discord settings"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="discordsettings_one_row"),
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23),
                name="discordsettings_digest_hour",
                violation_error_message="An hour lies between 0 and 23.",
            ),
        ]

    def __str__(self) -> str:
        return "Discord settings"

    @classmethod
    def load(cls) -> DiscordSettings:
        """The row, made empty at first use."""
        return cls.objects.get_or_create(pk=1)[0]
