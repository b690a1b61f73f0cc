"""What is said once, in the thread of the present phase, and to single members by their wish. Pure.

Each notice is in the plan only while it is news: what could not be said in time is never said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from club.models.week import Phase
from discordbot.cards import notices as cards
from discordbot.cards.parts import MAX_MENTIONS
from discordbot.desired.places import has_nominations, has_poll
from discordbot.facts import ClubState, WeekFacts
from discordbot.posts import DesiredMessage, DirectMessage, Json, Place, nonce_of
from discordbot.reminders import OCCASIONS, due_reminder, to_remind

NEWS = timedelta(hours=12)  # how long a moved deadline is worth a message of its own; the card tells it anyway
CANCELLED_NEWS = timedelta(days=2)
MOVES = frozenset({"extend_phase", "change_deadlines", "reopen_phase"})


def notices_of(week: WeekFacts, state: ClubState, now: datetime) -> tuple[list[DesiredMessage], list[DirectMessage]]:
    said = [*_one_more_day(week, state, now), *_moved(week, now), *_winner_changed(week, now)]
    said += [*_cancelled(week, now), *_withdrawn(week, state, now)]
    reminders, direct = _reminders(week, state, now)
    return [*said, *reminders], [*_withdrawn_direct(week, state, now), *direct]


def _once(
    week: WeekFacts, kind: str, key: str, place: Place, payload: Json, until: datetime, mentions: tuple[int, ...] = ()
) -> DesiredMessage:
    return DesiredMessage(week.number, kind, key, place, payload, is_once=True, until=until, mentions=mentions)


def _one_more_day(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[DesiredMessage]:
    """Nobody did what the phase asks for, so it lasts a day longer; those who could are mentioned, as in a reminder."""
    match week.phase:
        case Phase.NOMINATIONS:
            place: Place = "nominations"
            given, until, nothing = week.nominations_extended_at, week.nominations_close_at, not week.nominees
        case Phase.POLL:
            place, given, until, nothing = "poll", week.poll_extended_at, week.poll_close_at, not week.n_voters
        case _:
            return
    if given and nothing and given <= now < until:
        mentions = tuple(member.snowflake for member in to_remind(week, state, now))[:MAX_MENTIONS]
        yield _once(week, "notice", f"day-{place}", place, cards.one_more_day(week, state, mentions), until, mentions)


def _moved(week: WeekFacts, now: datetime) -> Iterator[DesiredMessage]:
    """The last of a moderator's moves of the present deadline, while it still holds."""
    moves = [act for act in week.acts if act.verb in MOVES]
    if not moves or week.phase not in cards.MOVED:
        return
    act, field = moves[-1], cards.MOVED[week.phase][2]
    before, after = dict(act.before), dict(act.after)
    until: datetime = min(getattr(week, field), act.at + NEWS)
    holds = after.get("phase") == week.phase and _moment(after, field) == getattr(week, field)
    is_a_move = before.get("phase") != after.get("phase") or _moment(before, field) != _moment(after, field)
    if holds and is_a_move and now < until:
        yield _once(week, "notice", f"act-{act.act_id}", OCCASIONS[week.phase].place, cards.moved(week, act), until)


def _moment(kept: dict[str, str], field: str) -> datetime | None:
    """A deadline as the log keeps it, in whatever offset it was given."""
    return datetime.fromisoformat(kept[field]) if kept.get(field) else None


def _winner_changed(week: WeekFacts, now: datetime) -> Iterator[DesiredMessage]:
    """Cards are edited without a sound: whoever listens to the wrong album must hear of it."""
    acts = [act for act in week.acts if act.verb == "override_winner"]
    if not acts or week.winner is None or week.phase not in {Phase.LISTENING, Phase.DISCUSSION}:
        return
    act, until = acts[-1], acts[-1].at + NEWS
    if dict(act.after).get("winner") == str(week.winner_id) and now < until:
        yield _once(week, "notice", f"act-{act.act_id}", "winner", cards.winner_changed(week.winner.album), until)


def _cancelled(week: WeekFacts, now: datetime) -> Iterator[DesiredMessage]:
    if week.phase != Phase.CANCELLED or not has_nominations(week):
        return
    place: Place = "poll" if has_poll(week) else "nominations"
    skips = [act.at for act in week.acts if act.verb == "skip_week"]
    at = skips[-1] if skips else week.poll_close_at if place == "poll" else week.nominations_close_at
    if now < at + CANCELLED_NEWS:
        key = f"cancelled-{at:%Y%m%d%H%M}"
        yield _once(week, "notice", key, place, cards.cancelled(week), at + CANCELLED_NEWS)


def _withdrawn(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[DesiredMessage]:
    if week.phase != Phase.POLL or now >= week.poll_close_at:
        return
    for gone in week.withdrawn:
        if gone.had_votes or gone.at >= week.nominations_close_at:  # told either way: silence would say “no votes”
            payload = cards.withdrawn(week, gone, state)
            yield _once(week, "notice", f"withdrawn-{gone.nomination_id}", "poll", payload, week.poll_close_at)


def _withdrawn_direct(week: WeekFacts, state: ClubState, now: datetime) -> Iterator[DirectMessage]:
    if week.phase != Phase.POLL or now >= week.poll_close_at:
        return
    for gone in week.withdrawn:
        for member in gone.freed:
            voter = nonce_of(gone.nomination_id, member.snowflake)  # logs name the key, and ballots are secret
            key = f"withdrawn-{gone.nomination_id}-{voter}"
            payload = cards.withdrawn_direct(week, gone, state)
            yield DirectMessage(week.number, key, member.snowflake, payload, week.poll_close_at)


def _reminders(week: WeekFacts, state: ClubState, now: datetime) -> tuple[list[DesiredMessage], list[DirectMessage]]:
    """One message, in as many parts as Discord's limits ask for in a large club."""
    due = due_reminder(week, state, now)
    if due is None:
        return [], []
    said = []
    for start in range(0, len(due.members), MAX_MENTIONS):
        mentions = tuple(member.snowflake for member in due.members[start : start + MAX_MENTIONS])
        payload = cards.reminder(week, due, state, mentions)
        key = f"{due.key}-{start // MAX_MENTIONS + 1}" if start else due.key
        said.append(_once(week, "reminder", key, due.place, payload, due.until, mentions))
    direct = [
        DirectMessage(
            week.number, f"{due.key}-{member.snowflake}", member.snowflake, cards.reminder(week, due, state, ()),
            due.until,
        )
        for member in due.direct
    ]  # fmt: skip
    return said, direct
