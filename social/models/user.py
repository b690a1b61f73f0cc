"""A member of the club."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import now

from social.visibility import Viewer, Visibility, VisibleQuerySet, blocked_ids, present_q, visible_q

MODERATORS = "moderator"  # the name of the group
HANDLE = RegexValidator(r"^[A-Za-z0-9_]{2,32}$", "A handle has 2 to 32 letters, digits or underscores.")


def check_zone(name: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    from django.core.exceptions import ValidationError

    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is no time zone. Write one such as Europe/Berlin.")


class UserQuerySet(VisibleQuerySet):
    def by_handle(self, handle: str) -> UserQuerySet:
        """Handles are the same in any case."""
        return self.filter(handle__iexact=handle)

    def meetable_by(self, viewer: Viewer) -> UserQuerySet:
        """Whose page `viewer` may see, or may at least ask to: name and handle of who shows themselves to followers."""
        if viewer is None or not viewer.is_authenticated:
            return self.visible_to(viewer)
        asks = Q(visibility=Visibility.FOLLOWERS) & ~Q(pk__in=blocked_ids(viewer))
        return self.filter(visible_q(viewer, levels=User.VISIBILITY_LEVELS, owner="") | asks)

    def present(self, *, to: Viewer = None, now: datetime | None = None) -> UserQuerySet:
        """Who is shown in what is made for others: see `present_q`."""
        return self.filter(present_q(to=to, now=now))

    def searchable(self) -> UserQuerySet:
        """Whom search engines may be told about."""
        return self.present().filter(visibility=Visibility.PUBLIC, searchable=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, handle: str, password: str | None = None, **extra: Any) -> User:
        user: User = self.model(handle=handle, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, handle: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(handle, password, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        found: User = self.get(handle__iexact=username)
        return found


class User(AbstractBaseUser, PermissionsMixin):
    """A member: made by the bot, by REST, or by signing in. There is no e-mail address."""

    VISIBILITY_LEVELS = ["visibility"]
    VISIBILITY_OWNER = ""

    imagined_follows: frozenset[int] = frozenset()  # set on one instance that is no row: see social.viewpoint
    acts_as_moderator = False  # set on one instance, for one act, by a face that has proof: Manage Server in Discord

    class Theme(models.TextChoices):
        AUTO = "auto", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class Motion(models.TextChoices):
        AUTO = "auto", "As my device"
        REDUCED = "reduced", "Reduced"

    handle = models.CharField(
        max_length=32, unique=True, validators=[HANDLE], help_text="Letters, digits and underscores."
    )
    display_name = models.CharField(max_length=64, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    bio = models.CharField(max_length=500, blank=True)
    avatar = models.ImageField(upload_to="avatars/", blank=True)

    visibility = models.CharField("profile", max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    club_visibility = models.CharField(
        "ratings and nominations",
        max_length=10,
        choices=Visibility,
        default=Visibility.PUBLIC,
        help_text="Whom your name and words are shown to in the archive. Figures always count every rating.",
    )
    listens_visibility = models.CharField("listens", max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    taste_visibility = models.CharField("taste", max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    searchable = models.BooleanField("may be found by search engines", default=False)

    wants_reminders = models.BooleanField(default=True)
    wants_direct_messages = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    shows_ballots = models.BooleanField("my votes may be shown after a poll", default=False)
    allows_quotes = models.BooleanField("my reviews may be quoted in Discord", default=False)
    shows_progress = models.BooleanField("my progress through the week's album may be shown", default=False)
    shows_matches = models.BooleanField(
        "members may compare themselves with me",
        default=True,
        help_text="Off: no match, no blend, in either direction.",
    )
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.AUTO)
    motion = models.CharField(max_length=8, choices=Motion, default=Motion.AUTO)
    shortcuts = models.BooleanField("single-key shortcuts", default=True)

    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    welcomed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the first steps were done or put aside."
    )
    deleted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Gone: what is left keeps the archive's totals true, nameless."
    )
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)
    suspension_reason = models.CharField(max_length=500, blank=True, editable=False)
    date_joined = models.DateTimeField(default=now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "member"
        ordering = ["handle"]
        constraints = [
            models.UniqueConstraint(
                Lower("handle"), name="user_handle_unique", violation_error_message="Somebody has this handle already."
            ),
        ]

    def __str__(self) -> str:
        if self.deleted_at is not None:
            return "A former member"
        return self.display_name or self.handle

    def get_absolute_url(self) -> str:
        return reverse("social:profile", args=[self.handle])

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.handle

    @cached_property
    def is_moderator(self) -> bool:
        """In the moderators' group (asked once per instance)."""
        return self.is_active and (self.is_superuser or self.groups.filter(name=MODERATORS).exists())

    @property
    def is_staff(self) -> bool:
        """May open the admin: moderators and superusers."""
        return self.is_moderator

    def is_suspended(self, now: datetime) -> bool:
        """Suspended at `now`; a suspension without an end lasts until a moderator lifts it."""
        if self.suspended_at is None or now < self.suspended_at:
            return False
        return self.suspended_until is None or now < self.suspended_until
