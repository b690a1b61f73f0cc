"""Where the bot posts: changed by moderators, logged, taken back like any other of their acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from club import revision
from club.errors import ClubRuleBroken
from club.permissions import require_moderator
from club.undoing import UNDOERS, moved_on
from discordbot.models import DiscordSettings
from discordbot.texts import moderators, say
from social.models import ModerationAction, User
from social.moderation import log_action

PLACES = (
    "club_channel_snowflake",
    "is_forum",
    "voice_channel_snowflake",
    "moderators_channel_snowflake",
    "moderator_role_snowflake",
    "posts_digest",
    "digest_hour",
)
VERB = "change_places"


def places(settings: DiscordSettings, names: Iterable[str]) -> dict[str, Any]:
    """Some of the places as JSON."""
    return {name: getattr(settings, name) for name in names}


@transaction.atomic
def change_places(*, by: User | None, now: datetime, wanted: Mapping[str, Any], reason: str = "") -> DiscordSettings:
    """Set some of the channels and roles (None for none); those that stand already change nothing."""
    require_moderator(by, now)
    if unknown := set(wanted) - set(PLACES):
        raise ClubRuleBroken(say(moderators.NO_SUCH_PLACE, names=", ".join(sorted(unknown))), code="bad_value")
    settings = _locked()
    before = places(settings, wanted)
    changed = {name: value for name, value in wanted.items() if value != before[name]}
    if changed:
        _write(settings, changed)
        log_action(
            moderator=by, verb=VERB, obj=settings, reason=reason[:1000], now=now,
            before={name: before[name] for name in changed}, after=changed,
        )  # fmt: skip
    return settings


def undo_places(act: ModerationAction, by: User | None, now: datetime) -> DiscordSettings:
    """The places as they were, if nobody changed them since."""
    settings = _locked()
    if places(settings, act.after) != act.after:
        raise moved_on(act)
    _write(settings, act.before)
    return settings


def register() -> None:
    """Called when the app starts: `undo` knows how to take this back."""
    UNDOERS[VERB] = undo_places


def _locked() -> DiscordSettings:
    DiscordSettings.load()
    return DiscordSettings.objects.select_for_update(no_key=True).get(pk=1)


def _write(settings: DiscordSettings, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    settings.save(update_fields=[*values, "updated_at"])
    revision.bump()  # week pages link to threads
