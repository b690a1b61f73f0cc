"""Settings in words: what changes, and what that means for weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from club.models import ClubSettings, Phase, Week
from club.phases import TABLE, deadline_of
from club.rhythm import DEADLINES, Rhythm, deadlines_from, next_opening
from discordbot.cards.parts import moment
from discordbot.safe_text import escaped
from discordbot.texts import moderators, say, settings

VERBS = frozenset({"change_settings", "change_places"})
OTHERS = {"name", "auto_open", "nominations_per_member", "allow_self_vote", "minimum_ratings"}
OF_RHYTHM = frozenset(settings.CHOICES) - OTHERS


@dataclass(frozen=True)
class Values:
    """Some settings before and after, as JSON; the rhythm as it is after, and the weeks that run."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    rhythm: Rhythm | None = None
    running: tuple[Week, ...] = ()

    @classmethod
    def with_rhythm(cls, before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
        running = Week.objects.open().exclude(phase=Phase.SCHEDULED).order_by("number")
        return cls(before, after, ClubSettings.load().rhythm, tuple(running))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """One line for each setting that changes."""
    for name, value in after.items():
        label = settings.CHOICES.get(name) or settings.PLACES.get(name)
        if label and before.get(name, value) != value:
            yield say(settings.DIFFERENCE, name=say(label), before=shown(name, before[name]), after=shown(name, value))


def shown(name: str, value: Any) -> str:
    """A setting's value as people write it."""
    if isinstance(value, bool):
        return say(settings.YES if value else settings.NO)
    if value is None or value == "":
        return say(settings.NONE)
    if name == "open_weekday":
        return say(settings.WEEKDAYS[int(value)])
    if name.endswith("_time"):
        return f"{time.fromisoformat(str(value)):%H:%M}"
    if name.endswith("channel_snowflake"):
        return f"<#{value}>"
    if name.endswith("role_snowflake"):
        return f"<@&{value}>"
    return escaped(str(value), 100, one_line=True)


def told_choices(values: Values, now: datetime) -> Iterator[str]:
    """What changes; where the hours do, the next week by the new ones, and what becomes of weeks that run."""
    lines = list(differences(values.before, values.after))
    if not lines:
        yield say(settings.NOTHING_CHANGES)
        return
    yield say(settings.CHANGING)
    yield from lines
    changed = {name for name, value in values.after.items() if values.before.get(name) != value}
    if values.rhythm and changed & OF_RHYTHM:
        yield say(settings.NEXT_WEEK)
        upcoming = deadlines_from(next_opening(now, values.rhythm), values.rhythm)
        for name in DEADLINES:
            yield say(
                moderators.DEADLINE, deadline=say(moderators.DEADLINES[name]), time=moment(getattr(upcoming, name))
            )
        if values.running:
            yield from _running(values.running, values.rhythm)


def _running(weeks: tuple[Week, ...], rhythm: Rhythm) -> Iterator[str]:
    yield say(settings.RUNNING_KEEP)
    for week in weeks[-5:]:
        if (deadline := deadline_of(week)) is not None:
            yield say(
                settings.RUNNING,
                week=str(week),
                deadline=say(moderators.DEADLINES[TABLE[week.phase].deadline]),
                time=moment(deadline),
                local=f"{deadline.astimezone(rhythm.zone):%H:%M}",
                zone=rhythm.zone.key,
            )


def told_places(values: Values) -> Iterator[str]:
    lines = list(differences(values.before, {name: v for name, v in values.after.items() if name != "is_forum"}))
    if not lines:
        yield say(settings.NOTHING_CHANGES)
        return
    yield say(settings.CHANGING_PLACES)
    yield from lines
    if "club_channel_snowflake" in values.after:
        if values.after.get("is_forum"):
            yield say(settings.FORUM_FOUND)
        if values.before.get("club_channel_snowflake"):
            yield say(settings.WEEKS_MOVE)
