"""From what a moderator typed after `/club` to the preview of the act."""

from __future__ import annotations

from datetime import datetime

from club.errors import ClubRuleBroken
from club.models import Phase, Week
from club.permissions import require_reason
from club.undoing import undoable
from discordbot.cards.parts import moment
from discordbot.moderating.choosing import moment_of, nominee_of, week_of
from discordbot.moderating.confirming import ask
from discordbot.moderating.people import Asker, moderator
from discordbot.moderating.verbs import Deed, next_number
from discordbot.replies import Reply
from discordbot.texts import moderators, say


def open_(asker: Asker, *, theme: str, date: str, reason: str, now: datetime) -> Reply:
    moderator(asker, now=now)
    opens_at = moment_of(date, is_opening=True)
    arguments = {
        "number": next_number(),
        "theme": theme,
        "opens_at": opens_at.isoformat() if opens_at else None,
    }
    return ask(asker, Deed("open", None, arguments, reason), now=now, notes=_waiting(now))


def _waiting(now: datetime) -> list[str]:
    """A week that stands ready already is easily overlooked."""
    week = Week.objects.filter(phase=Phase.SCHEDULED, opens_at__gt=now).order_by("opens_at").first()
    return [say(moderators.ANOTHER_WAITS, week=week, time=moment(week.opens_at))] if week else []


def close(asker: Asker, *, week: str, reason: str, now: datetime) -> Reply:
    moderator(asker, now=now)
    return ask(asker, Deed("close", week_of("close", week), {}, reason), now=now)


def extend(asker: Asker, *, days: int, hours: int, week: str, reason: str, now: datetime) -> Reply:
    moderator(asker, now=now)
    if not days and not hours:
        raise ClubRuleBroken(say(moderators.NOTHING_LONGER), code="bad_value")
    return ask(asker, Deed("extend", week_of("extend", week), {"days": days, "hours": hours}, reason), now=now)


def reopen(asker: Asker, *, week: str, until: str, reason: str, now: datetime) -> Reply:
    moderator(asker, now=now)
    end = moment_of(until)
    arguments = {"until": end.isoformat() if end else None}
    return ask(asker, Deed("reopen", week_of("reopen", week), arguments, reason), now=now)


def override(asker: Asker, *, nominee: str, week: str, reason: str, now: datetime) -> Reply:
    moderator(asker, now=now)
    meant = week_of("override", week)
    arguments = {"nomination": nominee_of(meant, nominee).pk}
    return ask(asker, Deed("override", meant, arguments, reason), now=now)


def skip(asker: Asker, *, week: str, reason: str, now: datetime) -> Reply:
    moderator(asker, now=now)
    return ask(asker, Deed("skip", week_of("skip", week), {}, require_reason(reason)), now=now)


def undo(asker: Asker, *, now: datetime) -> Reply:
    moderator(asker, now=now)
    last = undoable().first()
    if last is None:
        raise ClubRuleBroken(say(moderators.NOTHING_TO_UNDO), code="nothing_to_undo")
    return ask(asker, Deed("undo", None, {"act": last.pk}), now=now)
