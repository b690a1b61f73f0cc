"""An act in words: what it would do, or did, from how things stood before and how they stand after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from club.models import Nomination, Phase, Week
from club.phases import TABLE, deadline_of
from club.polls import n_voters
from club.rhythm import DEADLINES
from discordbot.cards.parts import moment
from discordbot.moderating.settings_words import VERBS as SETTINGS_VERBS
from discordbot.moderating.settings_words import Values, differences, told_choices, told_places
from discordbot.moderating.verbs import Deed
from discordbot.safe_text import escaped
from discordbot.texts import Words, moderators, say
from social.models import ModerationAction


@dataclass(frozen=True)
class Shot:
    """A week as it stood at one moment, with what previews count."""

    week: Week
    n_nominated: int
    n_voters: int

    @classmethod
    def of(cls, pk: int) -> Shot:
        week = Week.objects.with_winner().get(pk=pk)
        return cls(week, Nomination.objects.standing().filter(week=week).count(), n_voters(week))

    @property
    def winner(self) -> str:
        """`**Album** — Artist (Year)`, or that there is none."""
        return credited(self.week.winner) if self.week.winner else say(moderators.NO_WINNER)


@dataclass(frozen=True)
class Change:
    """before: None where the act makes the week. act: what an undo takes back. values: of changed settings.

    is_secret: how the poll stands may not be told to whoever asks.
    """

    deed: Deed
    now: datetime
    before: Shot | None = None
    after: Shot | None = None
    act: ModerationAction | None = None
    values: Values | None = None
    is_secret: bool = False


def credited(nomination: Nomination) -> str:
    album = nomination.album
    year = f" ({album.release_year})" if album.release_year else ""
    artist = album.artist_credit or album.artist.name
    return f"**{escaped(album.title, 120, one_line=True)}** — {escaped(artist, 90, one_line=True)}{year}"


def short(moment_at: datetime) -> str:
    return f"<t:{int(moment_at.timestamp())}:f>"


def told(change: Change) -> list[str]:
    """The lines of a preview, or of what was done."""
    return list(TELLERS[change.deed.verb](change))


def act_in_words(act: ModerationAction) -> str:
    """What somebody did, from the log: “extended a phase of WEEK 012”."""
    label = escaped(act.label, 150, one_line=True)
    if (words := moderators.ACTS.get(act.verb)) is not None:
        return say(words, label=label)
    return say(moderators.OTHER_ACT, verb=act.verb.replace("_", " "), label=label)


def who(act: ModerationAction) -> str:
    return escaped(str(act.moderator), 64, one_line=True) if act.moderator else say(moderators.SOMEBODY)


def ago(moment_at: datetime) -> str:
    return f"<t:{int(moment_at.timestamp())}:R>"


# --- One teller for each verb ---------------------------------------------------------------------------------------
def tell_open(change: Change) -> Iterator[str]:
    week = _after(change).week
    name, theme = str(week), escaped(week.theme, 200, one_line=True)
    if week.phase == Phase.SCHEDULED:
        yield say(moderators.OPENING_LATER, week=name, time=moment(week.opens_at))
    else:
        yield say(moderators.OPENING_NOW, week=name)
    yield say(moderators.THEME, theme=theme) if theme else say(moderators.NO_THEME)
    for field in DEADLINES[1:]:
        yield say(moderators.DEADLINE, deadline=say(moderators.DEADLINES[field]), time=moment(getattr(week, field)))


def tell_close(change: Change) -> Iterator[str]:
    before, after = _before(change), _after(change)
    week = before.week
    if week.phase == Phase.SCHEDULED:
        yield say(moderators.OPENING_NOW, week=str(week))
    else:
        yield say(moderators.CLOSING, phase=say(moderators.PHASES[week.phase]), week=str(week))
    if week.phase == Phase.NOMINATIONS:
        yield say(moderators.N_NOMINATED, n=before.n_nominated)
    elif week.phase == Phase.POLL:
        yield say(moderators.N_BALLOTS, n=before.n_voters)
    elif week.phase == Phase.DISCUSSION:
        yield say(moderators.N_RATINGS, n=week.rating_count)
    yield from _what_follows(week, after, is_secret=change.is_secret)


def _what_follows(week: Week, after: Shot, *, is_secret: bool) -> Iterator[str]:
    then = after.week
    match then.phase:
        case Phase.NOMINATIONS:
            yield say(moderators.NOMINATIONS_OPEN, time=moment(then.nominations_close_at))
        case Phase.POLL:
            yield say(moderators.POLL_OPENS, time=moment(then.poll_close_at))
        case Phase.LISTENING:
            if is_secret:
                yield say(moderators.WINNER_SECRET)
            else:
                words = moderators.WINS_ALONE if week.phase == Phase.NOMINATIONS else moderators.WINNER
                yield say(words, album=after.winner)
                yield from filter(None, [escaped(then.tie_break, 300)])
            begins = say(moderators.DEADLINES["discussion_at"])
            yield say(moderators.DEADLINE, deadline=begins, time=moment(then.discussion_at))
        case Phase.DISCUSSION:
            yield say(moderators.DISCUSSION_OPENS, time=moment(then.ratings_close_at))
        case Phase.CANCELLED:
            yield say(moderators.ALL_WITHDRAWN)


def tell_extend(change: Change) -> Iterator[str]:
    before, after = _before(change).week, _after(change).week
    yield say(moderators.EXTENDING, phase=say(moderators.PHASES[before.phase]), week=str(before))
    yield from _moved(before, after)


def tell_reopen(change: Change) -> Iterator[str]:
    before, after = _before(change), _after(change)
    end = deadline_of(after.week)
    phase = escaped(after.week.get_phase_display(), 40)
    yield say(moderators.REOPENING, week=str(after.week), phase=phase, time=moment(end) if end else "–")
    if before.week.winner and after.week.winner is None:
        yield say(moderators.UNDECIDED, album=before.winner)
    else:
        yield say(moderators.KEPT)
    yield from _moved(before.week, after.week, _later_than_phase(after.week))


def tell_override(change: Change) -> Iterator[str]:
    before, after = _before(change), _after(change)
    if before.week.winner_id == after.week.winner_id:
        yield say(moderators.SAME_WINNER, album=after.winner, week=str(after.week))
        return
    yield say(moderators.OVERRIDING, week=str(after.week), before=before.winner, after=after.winner)
    if n_ratings := before.week.rating_count:
        yield say(moderators.RATINGS_LEAVE, n=n_ratings)


def tell_skip(change: Change) -> Iterator[str]:
    before = _before(change)
    yield say(moderators.SKIPPING, week=str(before.week))
    yield say(moderators.N_NOMINATED, n=before.n_nominated)
    if before.n_voters:
        yield say(moderators.N_BALLOTS, n=before.n_voters)


def tell_undo(change: Change) -> Iterator[str]:
    if (act := change.act) is None:
        return
    yield say(moderators.UNDOING, name=who(act), time=ago(act.created_at), what=act_in_words(act))
    if act.reason:
        yield say(moderators.ITS_REASON, reason=escaped(act.reason, 300, one_line=True))
    if change.before and change.after:
        yield from _put_back(change.before, change.after)
    elif act.verb in SETTINGS_VERBS:
        yield from differences(act.after, act.before)


def _put_back(before: Shot, after: Shot) -> Iterator[str]:
    if before.week.phase != after.week.phase:
        yield say(
            moderators.PHASE_BACK,
            week=str(after.week),
            before=before.week.get_phase_display(),
            after=after.week.get_phase_display(),
        )
    if before.week.winner_id != after.week.winner_id:
        yield say(moderators.WINNER_BACK, before=before.winner, after=after.winner)
    yield from _moved(before.week, after.week)


def tell_settings(change: Change) -> Iterator[str]:
    yield from told_choices(change.values, change.now) if change.values else ()


def tell_places(change: Change) -> Iterator[str]:
    yield from told_places(change.values) if change.values else ()


TELLERS: dict[str, Callable[[Change], Iterator[str]]] = {
    "open": tell_open,
    "close": tell_close,
    "extend": tell_extend,
    "reopen": tell_reopen,
    "override": tell_override,
    "skip": tell_skip,
    "undo": tell_undo,
    "settings": tell_settings,
    "places": tell_places,
}


# --- Pieces ---------------------------------------------------------------------------------------------------------
def _moved(before: Week, after: Week, names: tuple[str, ...] = DEADLINES) -> Iterator[str]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            deadline: Words = moderators.DEADLINES[name]
            yield say(moderators.MOVED, deadline=say(deadline), time=moment(new), before=short(old))


def _later_than_phase(week: Week) -> tuple[str, ...]:
    end = TABLE.get(week.phase)
    return DEADLINES[DEADLINES.index(end.deadline) + 1 :] if end else ()


def _before(change: Change) -> Shot:
    return cast(Shot, change.before)  # every verb but opening begins with a week


def _after(change: Change) -> Shot:
    return cast(Shot, change.after)
