"""Each act: what it is done to, how things stand before it, and which function of the club does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max, Model

from club.choosing import change_settings, chosen
from club.errors import ClubRuleBroken
from club.lifecycle import close_phase_now, extend_phase, open_week, reopen_phase, skip_week
from club.models import ClubSettings, Nomination, Week
from club.moderating import override_winner, undo
from club.phases import locked, snapshot
from club.undoing import undoable
from discordbot.models import DiscordSettings
from discordbot.moderating.places import change_places, places
from discordbot.texts import moderators, say
from social.models import User

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """What is asked for. arguments: what the verb needs besides the week, as JSON."""

    verb: str
    week: Week | None
    arguments: Arguments
    reason: str = ""


class Verb(NamedTuple):
    """standing: what must still be so when it is confirmed, as JSON, read under a lock. perform: does it.

    log_kind: the kind of thing under which the log has it, "" for any; log_verb: its name there.
    """

    standing: Callable[[Deed], dict[str, Any]]
    perform: Callable[[Deed, User, datetime], Model]
    log_kind: str
    log_verb: str


def required(week: Week | None) -> Week:
    if week is None:
        raise ClubRuleBroken(say(moderators.NO_WEEK_FOR), code="no_week")
    return week


def moment(arguments: Arguments, name: str) -> datetime | None:
    text = arguments.get(name)
    return datetime.fromisoformat(text) if text else None


def next_number() -> int:
    return int(Week.objects.aggregate(last=Max("number"))["last"] or 0) + 1


# --- How things stand -----------------------------------------------------------------------------------------------
def last_week(deed: Deed) -> dict[str, Any]:
    ClubSettings.load()
    ClubSettings.objects.select_for_update(no_key=True).get(pk=1)  # one week is opened at a time
    return {"number": next_number()}


def this_week(deed: Deed) -> dict[str, Any]:
    return snapshot(locked(required(deed.week)))


def last_act(deed: Deed) -> dict[str, Any]:
    act = undoable().select_for_update(of=("self",)).first()
    return {"act": act.pk if act else None}


def choices_now(deed: Deed) -> dict[str, Any]:
    ClubSettings.load()
    settings = ClubSettings.objects.select_for_update(no_key=True).get(pk=1)
    return chosen(settings, deed.arguments["choices"])


def places_now(deed: Deed) -> dict[str, Any]:
    DiscordSettings.load()
    settings = DiscordSettings.objects.select_for_update(no_key=True).get(pk=1)
    return places(settings, deed.arguments["places"])


# --- Doing it -------------------------------------------------------------------------------------------------------
def perform_open(deed: Deed, by: User, now: datetime) -> Model:
    opens_at = moment(deed.arguments, "opens_at")
    if opens_at is not None and opens_at <= now:
        raise ClubRuleBroken(
            say(moderators.IN_THE_PAST, time=f"<t:{int(opens_at.timestamp())}:F>"), code="bad_deadlines"
        )
    return open_week(
        now=now,
        number=deed.arguments["number"],
        theme=deed.arguments.get("theme", ""),
        deadlines={"opens_at": opens_at} if opens_at else None,
        by=by,
        reason=deed.reason,
    )[0]


def perform_close(deed: Deed, by: User, now: datetime) -> Model:
    return close_phase_now(week=required(deed.week), by=by, now=now, reason=deed.reason)


def perform_extend(deed: Deed, by: User, now: datetime) -> Model:
    delta = timedelta(days=deed.arguments.get("days", 0), hours=deed.arguments.get("hours", 0))
    return extend_phase(week=required(deed.week), delta=delta, by=by, now=now, reason=deed.reason)


def perform_reopen(deed: Deed, by: User, now: datetime) -> Model:
    until = moment(deed.arguments, "until")
    return reopen_phase(week=required(deed.week), by=by, now=now, until=until, reason=deed.reason)


def perform_override(deed: Deed, by: User, now: datetime) -> Model:
    week = required(deed.week)
    nomination = Nomination.objects.select_related("album").filter(pk=deed.arguments["nomination"]).first()
    if nomination is None:
        raise ClubRuleBroken(say(moderators.NO_SUCH_NOMINEE, typed="?", week=week), code="not_nominated")
    return override_winner(week=week, nomination=nomination, by=by, reason=deed.reason, now=now)


def perform_skip(deed: Deed, by: User, now: datetime) -> Model:
    return skip_week(week=required(deed.week), by=by, now=now, reason=deed.reason)


def perform_undo(deed: Deed, by: User, now: datetime) -> Model:
    act = undoable().filter(pk=deed.arguments["act"]).first()
    if act is None:
        raise ClubRuleBroken(say(moderators.NOTHING_TO_UNDO), code="nothing_to_undo")
    return undo(by=by, now=now, act=act)


def perform_settings(deed: Deed, by: User, now: datetime) -> Model:
    return change_settings(by=by, now=now, reason=deed.reason, **deed.arguments["choices"])


def perform_places(deed: Deed, by: User, now: datetime) -> Model:
    return change_places(by=by, now=now, reason=deed.reason, wanted=deed.arguments["places"])


VERBS = {
    "open": Verb(last_week, perform_open, "club.week", "open_week"),
    "close": Verb(this_week, perform_close, "club.week", "close_phase"),
    "extend": Verb(this_week, perform_extend, "club.week", "extend_phase"),
    "reopen": Verb(this_week, perform_reopen, "club.week", "reopen_phase"),
    "override": Verb(this_week, perform_override, "club.week", "override_winner"),
    "skip": Verb(this_week, perform_skip, "club.week", "skip_week"),
    "undo": Verb(last_act, perform_undo, "", "undo"),
    "settings": Verb(choices_now, perform_settings, "club.clubsettings", "change_settings"),
    "places": Verb(places_now, perform_places, "discordbot.discordsettings", "change_places"),
}
