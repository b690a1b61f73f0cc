"""Asked, shown, confirmed: nothing that a moderator does happens before they have seen what it would do.

`ask` carries the act out and rolls it back, so that the preview says exactly what would happen, refusals included.
`confirm` does it when everything still stands as it was shown; of two moderators who press at once one wins, and the
other is told what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from club.clock import forget_zone
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Phase, Week
from club.phases import catch_up_all
from club.polls import may_see_poll
from club.undoing import undoable
from discordbot.models import DiscordSettings, PendingAct
from discordbot.moderating.people import Asker, moderator, signed_reason
from discordbot.moderating.settings_words import Values
from discordbot.moderating.telling import Change, Shot, act_in_words, ago, told, who
from discordbot.moderating.verbs import VERBS, Deed
from discordbot.replies import DANGER, PRIMARY, Reply, button, buttons
from discordbot.routes import encode
from discordbot.safe_text import escaped, fitted
from discordbot.texts import moderators, say
from social.models import ModerationAction, User

CONFIRMS, CANCELS = "mod.yes", "mod.no"
SEVERE = frozenset({"override", "skip"})
R = TypeVar("R")


class _RolledBack(Exception):
    """Ends a rehearsal."""


def ask(asker: Asker, deed: Deed, *, now: datetime, notes: Sequence[str] = ()) -> Reply:
    """The preview with its two buttons, or the refusal that confirming would meet."""
    by = moderator(asker, now=now)
    catch_up_all(now)
    if deed.week is not None:
        deed = Deed(deed.verb, Week.objects.get(pk=deed.week.pk), deed.arguments, deed.reason)
    standing, change = rehearsed(lambda: (VERBS[deed.verb].standing(deed), carried_out(deed, by, now)))
    if deed.week is not None and deed.week.phase == Phase.POLL:
        change = replace(change, is_secret=not may_see_poll(deed.week, by))
    PendingAct.objects.filter(asked_at__lt=now - 7 * 24 * PendingAct.GOOD_FOR).delete()
    row = PendingAct.objects.create(
        asker_snowflake=asker.person.snowflake,
        verb=deed.verb,
        week=deed.week,
        arguments={**deed.arguments, "reason": deed.reason},
        seen={"standing": standing, "log": _last_line()},
        asked_at=now,
    )
    lines = [say(moderators.PREVIEW), *told(change)]
    if deed.reason:
        lines.append(say(moderators.REASON, reason=escaped(deed.reason, 300, one_line=True)))
    lines += [*notes, say(moderators.NOBODY_TOLD)]
    style = DANGER if deed.verb in SEVERE else PRIMARY
    yes = button(moderators.CONFIRM, encode(CONFIRMS, None, row.pk), style=style)
    no = button(moderators.CANCEL, encode(CANCELS, None, row.pk))
    return Reply("\n".join(lines), (buttons(yes, no),))


def confirm(asker: Asker, pk: int, *, now: datetime) -> Reply:
    """Do what was previewed, once; pressed again, the same answer again."""
    try:
        with transaction.atomic():
            row = _asked(asker, pk)
            if row is None:
                return Reply(say(moderators.NO_PREVIEW))
            if row.answered_at is None:
                _answered(row, _outcome(row, moderator(asker, now=now), now), now)
            return Reply(row.outcome)
    except ClubRuleBroken as refusal:
        return _closed(asker, pk, say(moderators.NOT_DONE, why=refusal.message), now)


def cancel(asker: Asker, pk: int, *, now: datetime) -> Reply:
    return _closed(asker, pk, say(moderators.CANCELLED), now)


# --- Doing it -------------------------------------------------------------------------------------------------------
def _outcome(row: PendingAct, by: User, now: datetime) -> str:
    if now - row.asked_at > PendingAct.GOOD_FOR:
        return say(moderators.EXPIRED)
    catch_up_all(now)
    arguments = dict(row.arguments)
    reason = signed_reason(arguments.pop("reason", ""), by)
    week = Week.objects.get(pk=row.week_id) if row.week_id else None
    deed = Deed(row.verb, week, arguments, reason)
    if VERBS[row.verb].standing(deed) != row.seen["standing"]:
        return say(moderators.NOT_DONE, why=overtaken(row, week))
    change = carried_out(deed, by, now)
    return "\n".join([say(moderators.DONE), *told(change), say(moderators.UNDO_HINT)])


def carried_out(deed: Deed, by: User, now: datetime) -> Change:
    """Do it, and read how things stood before and how they stand after."""
    verb = VERBS[deed.verb]
    act = undoable().filter(pk=deed.arguments["act"]).first() if deed.verb == "undo" else None
    week = deed.week.pk if deed.week else _week_of(act)
    before = Shot.of(week) if week else None
    settings = {"settings": ClubSettings, "places": DiscordSettings}.get(deed.verb)
    was = verb.standing(deed) if settings else {}
    done = verb.perform(deed, by, now)
    after = week or (done.pk if isinstance(done, Week) else None)
    return Change(
        deed,
        now,
        before,
        Shot.of(after) if after else None,
        act,
        Values.with_rhythm(was, verb.standing(deed)) if settings else None,
    )


def _week_of(act: ModerationAction | None) -> int | None:
    """The week that an act was done to, if it was one."""
    return act.object_id if act and act.kind == "club.week" and Week.objects.filter(pk=act.object_id).exists() else None


def rehearsed(work: Callable[[], R]) -> R:
    """What `work` gives, with everything that it wrote taken back."""
    kept: list[R] = []
    try:
        with transaction.atomic():
            kept.append(work())
            raise _RolledBack
    except _RolledBack:
        return kept[0]
    finally:
        forget_zone()  # it may have been read while it was another


# --- What happened meanwhile ----------------------------------------------------------------------------------------
def overtaken(row: PendingAct, week: Week | None) -> str:
    """Why the preview no longer holds: somebody did it already, did something else, or the clock did."""
    verb = VERBS[row.verb]
    acts = ModerationAction.objects.filter(pk__gt=row.seen["log"]).select_related("moderator").order_by("-id")
    acts = acts.filter(kind=verb.log_kind) if verb.log_kind else acts.filter(kind__regex=r"^(club|discordbot)\.")
    if week is not None:
        acts = acts.filter(object_id=week.pk)
    act = acts.first()
    if act is not None:
        words = moderators.ALREADY if act.verb == verb.log_verb else moderators.MEANWHILE
        return say(words, name=who(act), time=ago(act.created_at), what=act_in_words(act))
    if week is not None:
        return say(moderators.MOVED_ON, week=str(week), phase=week.get_phase_display())
    return say(moderators.CHANGED)


def _last_line() -> int:
    return int(ModerationAction.objects.aggregate(last=Max("pk"))["last"] or 0)


# --- The row --------------------------------------------------------------------------------------------------------
def _asked(asker: Asker, pk: int) -> PendingAct | None:
    rows = PendingAct.objects.select_for_update(of=("self",))
    return rows.filter(pk=pk, asker_snowflake=asker.person.snowflake, verb__in=VERBS).first()


def _answered(row: PendingAct, outcome: str, now: datetime) -> None:
    row.answered_at, row.outcome = now, fitted(outcome, 1000)
    row.save(update_fields=["answered_at", "outcome"])


@transaction.atomic
def _closed(asker: Asker, pk: int, outcome: str, now: datetime) -> Reply:
    """Nothing was done, and nothing will be: the buttons go."""
    row = _asked(asker, pk)
    if row is None:
        return Reply(say(moderators.NO_PREVIEW))
    if row.answered_at is None:
        _answered(row, outcome, now)
    return Reply(row.outcome)
