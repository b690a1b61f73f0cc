"""What a moderator's verb can be done to: the week that is meant, the nominees, the moments; as lists and as typed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, Value, When

from catalog.names import words_key
from club.clock import club_zone
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Nomination, Phase, Week
from club.models.week import WeekQuerySet
from club.phases import BEFORE_LISTENING, TABLE
from club.polls import POLL_IS_OVER, poll_result
from club.rhythm import next_opening
from discordbot.moderating.typed import read_moment
from discordbot.safe_text import escaped, plain
from discordbot.texts import moderators, say

Choices = list[tuple[str, str]]
MOST = 25
N_OPENINGS = 6
PHASES_FOR = {
    "close": frozenset(TABLE),
    "extend": frozenset(TABLE),
    "reopen": frozenset({Phase.POLL, Phase.LISTENING, Phase.DISCUSSION, Phase.CLOSED, Phase.CANCELLED}),
    "override": frozenset(POLL_IS_OVER),
    "skip": BEFORE_LISTENING,
}
WEEK = re.compile(r"^\s*(?:week)?\s*#?\s*(?P<number>\d{1,7})\b", re.IGNORECASE)


# --- Weeks ----------------------------------------------------------------------------------------------------------
def weeks_for(verb: str) -> WeekQuerySet:
    """Weeks to which it can be done, the likeliest first: the newest, and one that has not opened yet last."""
    waiting = Case(When(phase=Phase.SCHEDULED, then=Value(1)), default=Value(0), output_field=IntegerField())
    weeks = Week.objects.with_winner().filter(phase__in=PHASES_FOR[verb])
    return weeks.order_by(waiting, "-number")


def week_choices(verb: str, typed: str) -> Choices:
    """(what is shown, what is sent)."""
    weeks = weeks_for(verb)
    if number := number_in(typed):
        weeks = weeks.filter(number__startswith=str(number))
    elif key := words_key(typed):
        weeks = weeks.filter(winner__album__title_key__contains=key)
    return [(name_of(week), str(week.number)) for week in weeks[:MOST]]


def name_of(week: Week) -> str:
    """`WEEK 012 [2025-11-24] · Listening · Blue — Joni Mitchell`."""
    album = f" · {week.winner.album}" if week.winner else ""
    return plain(f"{week.label} · {week.get_phase_display()}{album}", 100)


def number_in(typed: str) -> int | None:
    """The number in `12`, `012`, `WEEK 012 …`."""
    found = WEEK.match(typed)
    return int(found["number"]) if found else None


def week_of(verb: str, typed: str) -> Week:
    """The week that was typed, else the likeliest one."""
    if not typed.strip():
        week = weeks_for(verb).first()
        if week is None:
            raise ClubRuleBroken(say(moderators.NO_WEEK_FOR), code="no_week")
        return week
    week = Week.objects.filter(number=number_in(typed) or 0).first()
    if week is None:
        raise ClubRuleBroken(say(moderators.NO_SUCH_WEEK, typed=escaped(typed, 60, one_line=True)), code="no_week")
    return week


# --- Nominees -------------------------------------------------------------------------------------------------------
def nominee_choices(typed_week: str, typed: str) -> Choices:
    """Nominees of the week that could win in place of its winner, as they came out of the poll."""
    try:
        week = week_of("override", typed_week)
    except ClubRuleBroken:
        return []
    if week.phase not in POLL_IS_OVER:  # points are secret until then
        return []
    rows = {row.pk: row for row in _others(week)}
    key = words_key(typed)
    found = []
    for entry in poll_result(week).entries:
        row = rows.get(entry.nomination_id)
        if row is not None and (not key or key in words_key(str(row.album))):
            found.append((plain(f"{row.album} · {entry.points}", 100), str(row.pk)))
    return found[:MOST]


def nominee_of(week: Week, typed: str) -> Nomination:
    """By what the list sends, by its whole title, or by words that only one nominee has."""
    rows = list(Nomination.objects.standing().filter(week=week).select_related("album__artist"))
    key = words_key(typed)
    chosen = [row for row in rows if str(row.pk) == typed.strip()]
    chosen = chosen or [row for row in rows if key and key == words_key(row.album.title)]
    found = chosen or [row for row in rows if key and key in words_key(str(row.album))]
    if len(found) != 1:
        words = say(moderators.NO_SUCH_NOMINEE, typed=escaped(typed, 100, one_line=True), week=week)
        raise ClubRuleBroken(words, code="not_nominated")
    return found[0]


def _others(week: Week) -> list[Nomination]:
    rows = Nomination.objects.standing().filter(week=week).select_related("album__artist")
    return [row for row in rows if row.pk != week.winner_id]


# --- Moments --------------------------------------------------------------------------------------------------------
def opening_choices(typed: str, now: datetime) -> Choices:
    """The next days on which the club's rhythm would open a week, and what was typed if it can be read."""
    rhythm = ClubSettings.load().rhythm
    found: Choices = []
    if typed.strip() and (moment := read_moment(typed, zone=rhythm.zone, usual=rhythm.open_time)):
        found.append((f"{moment.astimezone(rhythm.zone):%A %d %B %Y, %H:%M}", typed.strip()[:100]))
    day = next_opening(now, rhythm)
    for ahead in range(N_OPENINGS):
        opening = day + timedelta(weeks=ahead)
        name = f"{opening:%A %d %B %Y}, {rhythm.open_time:%H:%M}"
        if typed.strip().casefold() in f"{name} {opening.isoformat()}".casefold():
            found.append((name, opening.isoformat()))
    return found


def moment_of(typed: str, *, is_opening: bool = False) -> datetime | None:
    """The moment that was typed; None for nothing. A day alone means the hour at which weeks open, or polls close."""
    if not typed.strip():
        return None
    rhythm = ClubSettings.load().rhythm
    usual = rhythm.open_time if is_opening else rhythm.poll_close.at
    moment = read_moment(typed, zone=rhythm.zone, usual=usual)
    if moment is None:
        words = say(moderators.ODD_TIME, typed=escaped(typed, 60, one_line=True), zone=club_zone().key)
        raise ClubRuleBroken(words, code="bad_value")
    return moment
