"""What social forgets of a member who left, and what every app needs for its own part."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from social.models import (
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
from social.own_data.exporting import forget_export

ROWS_AT_ONCE = 1_000
NOBODY = "A former member"
WORDS = {
    "handle", "display_name", "bio", "review", "favorite_track", "pitch", "pitch_track", "pitch_track_url",
    "timezone", "suspension_reason", "title", "note",
}  # fmt: skip
SHORTEST_NAME = 3  # a name of two letters stands in too many other words


def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete in batches, each in a transaction of its own, so that no other writer waits long; how many it were."""
    n = 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=ids).delete()
        n += len(ids)
    return n


def forget(member: User, *, keeps_ratings: bool, now: datetime) -> None:
    """Everything of social's but the member's own row."""
    _moderation(member, now=now)
    _relations(member)
    _sessions(member)
    for export in DataExport.objects.filter(user=member):
        forget_export(export)
    for model in (PersonalToken, NotificationSwitch, Notification):
        delete_rows(model._default_manager.filter(user=member))
    delete_rows(MemberWarning.objects.filter(member=member))
    _named_to_others(member)
    for account in (SocialAccount, EmailAddress, LinkedAccount):
        for row in account._default_manager.filter(user=member):
            row.delete()
    if member.avatar:
        member.avatar.delete(save=False)


def _relations(member: User) -> None:
    delete_rows(Follow.objects.filter(Q(follower=member) | Q(followed=member)))
    delete_rows(Block.objects.filter(Q(blocker=member) | Q(blocked=member)))
    delete_rows(Mute.objects.filter(Q(muter=member) | Q(muted=member)))


def _sessions(member: User) -> None:
    """Signed out everywhere. A session says whose it is only when it is read, so all living ones are."""
    UserSession.objects.filter(user=member).delete()
    mine = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=ROWS_AT_ONCE)
        if _user_of(session) == str(member.pk)
    ]
    for start in range(0, len(mine), ROWS_AT_ONCE):
        Session.objects.filter(session_key__in=mine[start : start + ROWS_AT_ONCE]).delete()


def _user_of(session: Session) -> str | None:
    store: type[SessionBase] = session.get_session_store_class()  # type: ignore[assignment]
    return store().decode(session.session_data).get("_auth_user_id")


def _named_to_others(member: User) -> None:
    """Out of what others were told; where nobody is left to name, the row goes."""
    delete_rows(Notification.actors.through._default_manager.filter(user=member))
    delete_rows(Notification.objects.filter(has_actors=True, actors__isnull=True))


# --- The moderators' log --------------------------------------------------------------------------------------------
def _moderation(member: User, *, now: datetime) -> None:
    """What was done and why stays; the member's words and name do not. What is open about them is settled."""
    about = Report.objects.filter(subject=member)
    about.filter(resolved_at__isnull=True).update(
        resolved_at=now, outcome=Report.Outcome.DISMISSED, outcome_reason="The member left."
    )
    mine = Report.objects.filter(Q(subject=member) | Q(reporter=member) | Q(resolved_by=member))
    for report in mine.iterator(chunk_size=ROWS_AT_ONCE):
        if report.subject_id == member.pk:
            report.quote, report.subject = "", None
        report.reporter = None if report.reporter_id == member.pk else report.reporter
        report.resolved_by = None if report.resolved_by_id == member.pk else report.resolved_by
        for name in ("quote", "reason", "outcome_reason", "address"):
            setattr(report, name, without_name(getattr(report, name), member, with_display_name=True))
        report.save()
    scrub_actions(ModerationAction.objects.filter(kind=User._meta.label_lower, object_id=member.pk), member)
    for action in ModerationAction.objects.iterator(chunk_size=ROWS_AT_ONCE):
        _scrub_name(action, member)
    _log(ModerationAction).filter(moderator=member).update(moderator=None)
    delete_rows(LogEntry.objects.filter(user=member))
    users = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=users, object_id=str(member.pk)).update(object_repr=NOBODY, change_message="")


def _log(model: type[Model]) -> QuerySet[Any]:
    """The log is only ever added to, but for whoever leaves: past its own manager."""
    return QuerySet(model)


def scrub_actions(actions: QuerySet[ModerationAction], member: User | None = None) -> None:
    """Take a member's words out of what moderators did to them. member: where the label is their words or name."""
    for action in actions.iterator(chunk_size=ROWS_AT_ONCE):
        kept = {name: _without_words(getattr(action, name)) for name in ("before", "after")}
        if member is not None:
            kept["label"] = NOBODY
            kept["reason"] = without_name(action.reason, member, with_display_name=True)
        _log(ModerationAction).filter(pk=action.pk).update(**kept)


def _scrub_name(action: ModerationAction, member: User) -> None:
    """The handle, wherever it stands in the log."""
    texts = {name: without_name(getattr(action, name), member) for name in ("label", "reason")}
    kept: dict[str, Any] = {name: text for name, text in texts.items() if text != getattr(action, name)}
    for name in ("before", "after"):
        was = getattr(action, name)
        if (value := _without_name_in(was, member)) != was:
            kept[name] = value
    if action.moderator_id == member.pk and action.label:
        kept.setdefault("reason", without_name(action.reason, member, with_display_name=True))
    if kept:
        _log(ModerationAction).filter(pk=action.pk).update(**kept)


def _without_words(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _without_words(value) for name, value in said.items() if name not in WORDS}
    return said


def _without_name_in(said: Any, member: User) -> Any:
    match said:
        case dict():
            return {name: _without_name_in(value, member) for name, value in said.items()}
        case list():
            return [_without_name_in(value, member) for value in said]
        case str():
            return without_name(said, member)
        case _:
            return said


def without_name(text: str, member: User, *, with_display_name: bool = False) -> str:
    """The text with the member's handle, and their display name where asked, told as a former member's."""
    names = [f"@{member.handle}", member.handle]
    if with_display_name:
        names.append(member.display_name)
    for name in names:
        if len(name) >= SHORTEST_NAME:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "a former member", text, flags=re.IGNORECASE)
    return text


@transaction.atomic
def make_nobody(member: User, *, now: datetime) -> None:
    """What is left of the member: a row without a word, that ratings and ballots may go on pointing at."""
    member.groups.clear()
    member.user_permissions.clear()
    kept = {"id", "is_demo", "date_joined"}
    for field in User._meta.concrete_fields:
        if field.name not in kept:
            setattr(member, field.name, field.get_default())
    member.handle = _free_handle(member)
    member.visibility = member.listens_visibility = member.taste_visibility = "me"
    member.shows_matches = member.wants_reminders = False
    member.is_active = False
    member.deleted_at = now
    member.set_unusable_password()
    member.save()


def _free_handle(member: User) -> str:
    handle, n = f"former_{member.pk}", 1
    while User.objects.by_handle(handle).exclude(pk=member.pk).exists():
        n += 1
        handle = f"former_{member.pk}_{n}"
    return handle
