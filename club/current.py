"""Which week a verb means, and whether the verb is allowed in it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from django.db import transaction

from club.clock import day_and_time
from club.errors import ClubRuleBroken
from club.models import Phase, Week
from club.phases import TABLE, catch_up_all, caught_up

Verb: TypeAlias = Literal["nominate", "vote", "rate"]


class Rule(NamedTuple):
    """The phase in which a verb is allowed, the deadlines between which that is, and how people speak of it."""

    phase: Phase
    opens: str
    subject: str
    opens_in_words: str
    none: str


RULES: dict[Verb, Rule] = {
    "nominate": Rule(Phase.NOMINATIONS, "opens_at", "Nominations for", "open", "No week takes nominations right now."),
    "vote": Rule(Phase.POLL, "nominations_close_at", "Voting in", "opens", "No poll is open right now."),
    "rate": Rule(Phase.DISCUSSION, "discussion_at", "Ratings for", "open", "No week takes ratings right now."),
}
IN_ORDER = [*TABLE, Phase.CLOSED]


def week_for(verb: Verb, *, now: datetime) -> Week:
    """The newest week whose phase allows `verb`; refused when there is none."""
    rule = RULES[verb]
    catch_up_all(now)
    if (week := Week.objects.with_winner().filter(phase=rule.phase).order_by("-number").first()) is not None:
        return week
    raise ClubRuleBroken(rule.none, code="no_week")


def open_for(verb: Verb, week: Week, now: datetime) -> Week:
    """The week, locked, if `verb` is allowed in it at `now`, to the microsecond; else refused with when it is."""
    week = caught_up(week, now)
    rule = RULES[verb]
    if week.phase == rule.phase:
        return week
    raise ClubRuleBroken(refusal(rule, week, now), code="wrong_phase")


def require_open(verb: Verb, week: Week, now: datetime) -> None:
    """The same refusal for a form that is wrong in itself: when the poll is closed, that is what is wrong with it."""
    with transaction.atomic():
        open_for(verb, week, now)


def refusal(rule: Rule, week: Week, now: datetime) -> str:
    """Why not now: it opens later, it closed, or the week was cancelled."""
    if week.phase == Phase.CANCELLED:
        return f"{week} was cancelled."
    if IN_ORDER.index(week.phase) < IN_ORDER.index(rule.phase):
        opens = day_and_time(getattr(week, rule.opens), now)
        return f"{rule.subject} {week} {rule.opens_in_words} on {opens}."
    return f"{rule.subject} {week} closed on {day_and_time(getattr(week, TABLE[rule.phase].deadline), now)}."
