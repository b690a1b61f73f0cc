"""What is said once: a deadline moved, a week cancelled, a vote free again, a reminder. Pure."""

from __future__ import annotations

from datetime import datetime

from club.models.week import Phase
from discordbot.cards import nominations, poll, ratings
from discordbot.cards.nominations import cancelled_line, week_name
from discordbot.cards.parts import mentioned, message, moment, named
from discordbot.facts import Act, AlbumFacts, ClubState, WeekFacts, Withdrawn
from discordbot.posts import Json
from discordbot.reminders import Reminder
from discordbot.safe_text import escaped
from discordbot.texts import posts, say

MOVED = {
    Phase.NOMINATIONS: (posts.NOMINATIONS_MOVED, posts.NOMINATIONS_REOPENED, "nominations_close_at"),
    Phase.POLL: (posts.POLL_MOVED, posts.POLL_REOPENED, "poll_close_at"),
    Phase.LISTENING: (posts.DISCUSSION_MOVED, posts.LISTENING_REOPENED, "discussion_at"),
    Phase.DISCUSSION: (posts.RATINGS_MOVED, posts.RATINGS_REOPENED, "ratings_close_at"),
}


def buttons(week: WeekFacts, state: ClubState) -> list[Json]:
    """What can be done in the week's present phase."""
    match week.phase:
        case Phase.NOMINATIONS:
            return nominations.buttons(week, state)
        case Phase.POLL:
            return poll.buttons(week, state)
        case Phase.DISCUSSION:
            return ratings.buttons(week, state)
        case _:
            return []


def one_more_day(week: WeekFacts, state: ClubState, mentions: tuple[int, ...]) -> Json:
    """Nobody nominated, or nobody voted."""
    text, until = (
        (posts.NOBODY_NOMINATED, week.nominations_close_at)
        if week.phase == Phase.NOMINATIONS
        else (posts.NOBODY_VOTED, week.poll_close_at)
    )
    return _to(mentions, say(text, time=moment(until)), week, state)


def moved(week: WeekFacts, act: Act) -> Json:
    """A moderator moved the present phase's end, or went back to it."""
    text, again, field = MOVED[week.phase]
    at: datetime = getattr(week, field)
    return message(say(again if act.verb == "reopen_phase" else text, time=moment(at)))


def winner_changed(album: AlbumFacts) -> Json:
    return message(say(posts.WINNER_CHANGED, **named(album)))


def cancelled(week: WeekFacts) -> Json:
    return message(cancelled_line(week))


def withdrawn(week: WeekFacts, gone: Withdrawn, state: ClubState) -> Json:
    """Said to everybody: naming the voters would tell for whom they had voted."""
    text = say(posts.WITHDRAWN, album=escaped(gone.title, 120, one_line=True), time=moment(week.poll_close_at))
    return message(text, rows=buttons(week, state))


def withdrawn_direct(week: WeekFacts, gone: Withdrawn, state: ClubState) -> Json:
    """Said to one voter who asked for direct messages."""
    places = {"album": escaped(gone.title, 120, one_line=True), "week": week_name(week)}
    text = say(posts.WITHDRAWN_DIRECT, **places, time=moment(week.poll_close_at))
    return message(text, rows=buttons(week, state))


def reminder(week: WeekFacts, due: Reminder, state: ClubState, mentions: tuple[int, ...]) -> Json:
    """One message for everybody whom it concerns; without mentions it is a direct message."""
    places: dict[str, str] = {"week": week_name(week), "time": moment(due.deadline)}
    if week.winner:
        places |= named(week.winner.album)
    text = {
        "nominations": posts.REMIND_NOMINATIONS,
        "poll": posts.REMIND_POLL,
        "winner": posts.REMIND_WINNER,
        "ratings": posts.REMIND_RATINGS,
    }[due.place]
    return _to(mentions, f"{say(text, **places)}\n{say(posts.FEWER_REMINDERS)}", week, state)


def _to(mentions: tuple[int, ...], text: str, week: WeekFacts, state: ClubState) -> Json:
    content = f"{mentioned(mentions)}\n{text}" if mentions else text
    return message(content, rows=buttons(week, state), mentions=mentions)
