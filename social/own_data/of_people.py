"""The export's parts that social knows: the member, who they are with, what they were told, what they may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.translation import gettext as _

from social.models import (
    AccountDeletion,
    Block,
    DataExport,
    Follow,
    LinkedAccount,
    MemberWarning,
    ModerationAction,
    Mute,
    Notification,
    NotificationSwitch,
    PersonalToken,
    Report,
    User,
)
from social.own_data.parts import Files, Part, Table, rows_of


def parts(member: User) -> list[Part]:
    return [*_about(member), *_between(member), *_told(member), *_moderation(member)]


def _about(member: User) -> Iterator[Part]:
    yield Table(
        "profile/profile",
        _("Profile and settings"),
        _("Your profile, your settings and who may see what."),
        User.objects.filter(pk=member.pk),
    )
    if member.avatar:
        yield Files("profile/", _("Picture"), _("Your picture."), lambda: _avatar(member))
    yield Table(
        "profile/linked_accounts",
        _("Linked accounts"),
        _("Accounts of other services that are yours; without their tokens."),
        rows_of(LinkedAccount, member),
    )
    yield Table(
        "profile/sign_in_services",
        _("Ways to sign in"),
        _("Services that you sign in with, and what they said of you."),
        rows_of(SocialAccount, member),
    )
    yield Table(
        "profile/sessions",
        _("Sessions"),
        _("Browsers in which you are signed in."),
        rows_of(UserSession, member),
        leave_out=frozenset({"ip", "data"}),
    )
    yield Table(
        "profile/api_tokens",
        _("API tokens"),
        _("Names of your tokens, and when each was used."),
        rows_of(PersonalToken, member),
    )


def _avatar(member: User) -> Iterator[tuple[str, Iterable[bytes]]]:
    try:
        with member.avatar.open("rb") as file:
            yield f"profile/{(member.avatar.name or '').rpartition('/')[2]}", file.chunks()
    except OSError:  # the row outlived its file
        return


def _between(member: User) -> Iterator[Part]:
    for model, owner, path, title, text in (
        (Follow, "follower", "people/following", _("Whom I follow"), _("Members whom you follow or asked to.")),
        (Follow, "followed", "people/followers", _("My followers"), _("Members who follow you or asked to.")),
        (Block, "blocker", "people/blocked", _("Whom I block"), _("Members whom you block.")),
        (Mute, "muter", "people/muted", _("Whom I mute"), _("Members whom you mute.")),
    ):
        yield Table(path, title, text, rows_of(model, member, owner), names_all=owner != "followed")


def _told(member: User) -> Iterator[Part]:
    yield Table(
        "told/notifications",
        _("Notifications"),
        _("What you were told; {who} stands where members are named."),
        rows_of(Notification, member),
    )
    yield Table(
        "told/switches",
        _("Notification switches"),
        _("Which kinds you want, and where."),
        rows_of(NotificationSwitch, member),
    )
    yield Table("told/exports", _("Earlier exports"), _("When you took your data along."), rows_of(DataExport, member),
                leave_out=frozenset({"file_name"}))  # fmt: skip
    yield Table(
        "told/leaving", _("Leaving"), _("Your wish to leave, if there is one."), rows_of(AccountDeletion, member)
    )


def _moderation(member: User) -> Iterator[Part]:
    others = frozenset({"subject", "resolved_by", "reporter"})
    yield Table(
        "moderation/reports_made",
        _("Reports that I made"),
        _("What you reported, and what came of it."),
        rows_of(Report, member, "reporter"),
        leave_out=others,
    )
    yield Table(
        "moderation/reports_about_me",
        _("Settled reports about me"),
        _("Reports about your words that were settled; not who made them."),
        rows_of(Report, member, "subject").filter(resolved_at__isnull=False),
        leave_out=others | {"reason"},
    )
    yield Table(
        "moderation/warnings",
        _("Warnings"),
        _("Warnings that you were given."),
        rows_of(MemberWarning, member, "member"),
    )
    yield Table(
        "moderation/actions",
        _("What I did as a moderator"),
        _("Acts of yours that the moderators' log has."),
        ModerationAction.objects.filter(Q(moderator=member)),
        names_all=True,
    )
    yield Table(
        "moderation/admin_log", _("What I did in the admin"), _("Changes of yours that the admin's log has."),
        rows_of(LogEntry, member),
    )  # fmt: skip
