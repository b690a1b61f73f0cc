"""Members: moderators read and act by story functions; only superusers edit rows, and then never a password's hash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.forms import AdminUserCreationForm as DjangoCreationForm
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now as clock
from import_export import resources
from import_export.admin import ExportMixin

from sidetrack.admin_acts import Act, ActAdmin, OptionalReasonForm, ReasonForm
from sidetrack.admin_sheets import Sheets
from social.errors import Refused
from social.hiding import hide_profile_words, unhide_profile_words
from social.models import LinkedAccount, ModerationAction, User
from social.models.user import MODERATORS
from social.moderation import lift_suspension, people_changed, suspend, warn
from social.profile import PUBLIC_FIELDS


class SuspensionForm(ReasonForm):
    until = forms.SplitDateTimeField(
        required=False, widget=AdminSplitDateTime, help_text="Empty: until a moderator lifts it."
    )
    field_order = ["until", "reason"]


class MemberAct(Act):
    def is_offered(self) -> bool:
        return bool(self.obj != self.moderator and (self.moderator.is_superuser or not self.obj.is_superuser))


class Suspend(MemberAct):
    name, label, is_severe, form_class = "suspend", "Suspend", True, SuspensionForm
    explanation = (
        "They can no longer sign in, nominate, vote, rate or write, and stand in no list of members, feed, match or "
        "digest. Their page and what they did stay. They read your reason when they try to sign in."
    )

    def is_offered(self) -> bool:
        return super().is_offered() and not self.obj.is_suspended(clock())

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        suspend(
            member=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now, until=cleaned["until"]
        )  # fmt: skip
        return f"{self.obj} is suspended."


class Lift(MemberAct):
    name, label, form_class = "lift", "Lift the suspension", OptionalReasonForm

    def is_offered(self) -> bool:
        return super().is_offered() and self.obj.is_suspended(clock())

    def facts(self) -> list[tuple[str, Any]]:
        return [("Suspended because", self.obj.suspension_reason)]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        lift_suspension(member=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return f"{self.obj} may act again."


class Warn(MemberAct):
    name, label = "warn", "Warn"
    explanation = "They read your words on every page until they say that they have read them."

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        warn(member=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return f"{self.obj} will read the warning at their next visit."


class HideProfile(MemberAct):
    name, label, is_severe = "hide-profile", "Hide name and bio", True
    explanation = "The display name and the bio are emptied; both can be brought back. The handle stays."

    def is_offered(self) -> bool:
        return super().is_offered() and bool(self.obj.display_name or self.obj.bio)

    def facts(self) -> list[tuple[str, Any]]:
        return [("Display name", self.obj.display_name or "–"), ("Bio", self.obj.bio or "–")]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        hide_profile_words(member=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return f"Name and bio of {self.obj.handle} are hidden."


class UnhideProfile(MemberAct):
    name, label, form_class = "unhide-profile", "Bring name and bio back", OptionalReasonForm

    def is_offered(self) -> bool:
        hidden = ModerationAction.objects.filter(verb="hide_profile", kind="social.user", object_id=self.obj.pk)
        return super().is_offered() and hidden.filter(undone_by=None).exists()

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        unhide_profile_words(member=self.obj, moderator=self.moderator, reason=cleaned["reason"], now=now)
        return f"Name and bio of {self.obj.handle} are back."


class SuspendedFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("suspended", "Suspended now"), ("moderator", "Moderators"), ("inactive", "Switched off")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        match self.value():
            case "suspended":
                over = Q(suspended_until__isnull=False, suspended_until__lte=clock())
                return queryset.filter(suspended_at__lte=clock()).exclude(over)
            case "moderator":
                return queryset.filter(Q(groups__name=MODERATORS) | Q(is_superuser=True)).distinct()
            case "inactive":
                return queryset.filter(is_active=False)
        return queryset


class MemberResource(resources.ModelResource):
    """What a member list holds: nothing that signs in, nothing that only the member set for themselves."""

    class Meta:
        model = User
        fields = ("handle", "display_name", "date_joined", "is_active", "suspended_at", "suspended_until")
        export_order = fields


class CreationForm(DjangoCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("handle",)
        field_classes: ClassVar[dict[str, Any]] = {}


@admin.register(User)
class UserAdmin(Sheets, ExportMixin, ActAdmin, DjangoUserAdmin):  # type: ignore[type-arg]
    acts = (Suspend, Lift, Warn, HideProfile, UnhideProfile)
    refusals = (Refused,)
    resource_classes: ClassVar[list[Any]] = [MemberResource]
    form = forms.ModelForm
    add_form = CreationForm
    change_password_form = AdminPasswordChangeForm
    add_fieldsets = ((None, {"fields": ("handle", "usable_password", "password1", "password2")}),)
    list_display = ("handle", "display_name", "discord", "date_joined", "state", "is_moderator_shown")
    list_filter = (SuspendedFilter, "visibility", "club_visibility", "date_joined")
    search_fields = ("handle", "display_name")
    search_help_text = "Handle, display name, or a whole Discord id."
    ordering = ("handle",)
    filter_horizontal = ("groups",)
    for_moderators = (
        "handle", "display_name", "bio", "discord", "visibility", "club_visibility", "date_joined", "is_active",
        "suspended_at", "suspended_until", "suspension_reason",
    )  # fmt: skip
    readonly_fields = ("discord", "date_joined", "suspended_at", "suspended_until", "suspension_reason", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("linked_accounts__user", "groups")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term.isdigit():
            found |= queryset.filter(
                linked_accounts__provider=LinkedAccount.Provider.DISCORD, linked_accounts__provider_user_id=search_term
            )
            may_repeat = True
        return found, may_repeat

    def offered(self, request: HttpRequest, obj: Any) -> Iterator[dict[str, Any]]:
        yield from super().offered(request, obj)
        if request.user.is_superuser:
            address = reverse("admin:auth_user_password_change", args=[obj.pk])
            yield {"label": "Set a password", "address": address, "is_severe": False}

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        if not request.user.is_superuser:
            return ((None, {"fields": self.for_moderators}),)
        return (
            (None, {"fields": self.for_moderators}),
            ("Power", {"fields": ("is_superuser", "groups", "last_login")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if request.user.is_superuser else self.for_moderators

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Raw editing (power, handles, passwords) is the operator's, whatever a group may say."""
        return bool(request.user.is_superuser)

    has_add_permission = has_change_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Members leave by deleting their account; rows that the archive counts are never dropped here."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if PUBLIC_FIELDS.intersection(form.changed_data):
            people_changed()

    @admin.display(description="Discord")
    def discord(self, member: User) -> str:
        for link in member.linked_accounts.all():
            if link.provider == LinkedAccount.Provider.DISCORD:
                return f"{link.provider_user_id}{'' if link.verified_at else ' (not signed in yet)'}"
        return "–"

    @admin.display(description="state")
    def state(self, member: User) -> str:
        if not member.is_active:
            return "switched off"
        return "suspended" if member.is_suspended(clock()) else ""

    @admin.display(description="moderator", boolean=True)
    def is_moderator_shown(self, member: User) -> bool:
        return member.is_superuser or any(group.name == MODERATORS for group in member.groups.all())
