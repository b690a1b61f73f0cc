"""The hall of fame: one holder for each record, with the rule that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from club.figures.rows import ClubRows
from club.figures.statistics import DIVIDED_AT_LEAST, Streak
from club.models import Week
from social.models import User


@dataclass(frozen=True, slots=True)
class Record:
    """`title` is held by a week's winner or by a member, with `value`, by `rule`."""

    title: str
    rule: str
    value: str
    week: Week | None = None
    member: User | None = None


class Wins(Protocol):
    @property
    def member(self) -> User: ...
    @property
    def wins(self) -> int: ...


class Run(Protocol):
    @property
    def member(self) -> User: ...
    @property
    def streak(self) -> Streak: ...


class Turnout(Protocol):
    @property
    def week(self) -> Week: ...
    @property
    def turnout(self) -> float | None: ...


def records_of_weeks(rows: ClubRows, *, best: Week | None, attendance: Sequence[Turnout]) -> tuple[Record, ...]:
    """Records that any week holds; of equal holders the earliest."""
    records: list[Record] = []
    figures, polls = rows.figures, rows.polls
    if best is not None:
        mean = figures[best.pk].mean or 0.0
        records.append(Record("Highest score", "best shrunk average", f"{mean:.2f}", week=best))

    def of_week(title: str, rule: str, value: Callable[[Week], float | None], words: Callable[[float], str]) -> None:
        if (top := top_week(rows.weeks, value)) is not None:
            records.append(Record(title, rule, words(top[1]), week=top[0]))

    of_week("Most full marks", "most ratings of 5.0", lambda week: figures[week.pk].histogram[-1] or None,
            lambda n: counted(int(n), "rating"))  # fmt: skip
    of_week("Most talked about", "most ratings", lambda week: figures[week.pk].count or None,
            lambda n: counted(int(n), "rating"))  # fmt: skip
    of_week(
        "Most divided",
        f"widest spread of at least {DIVIDED_AT_LEAST} ratings",
        lambda week: each.sd if (each := figures[week.pk]).count >= DIVIDED_AT_LEAST else None,
        lambda sd: f"± {sd:.2f}",
    )
    of_week("Landslide", "most points ahead of the second place", lambda week: polls[week.pk].margin or None,
            lambda n: counted(int(n), "point"))  # fmt: skip
    of_week("Fullest field", "most nominations", lambda week: len(polls[week.pk].entries) or None,
            lambda n: counted(int(n), "nomination"))  # fmt: skip
    turnouts = {row.week.pk: row.turnout for row in attendance}
    of_week("Best turnout", "largest share of the members around who voted", lambda week: turnouts[week.pk] or None,
            lambda share: f"{share:.0%}")  # fmt: skip
    return tuple(records)


def records_of_members(
    members: Mapping[int, User], *, most_wins: Wins | None, longest: Run | None, n_rated: Mapping[int, int]
) -> tuple[Record, ...]:
    """Records that any of these members holds. n_rated: how many weeks each member of the club rated."""
    records: list[Record] = []
    if most_wins is not None and most_wins.wins:
        records.append(
            Record("Most wins", "most winning nominations", counted(most_wins.wins, "win"), member=most_wins.member)
        )
    if longest is not None and longest.streak.longest > 1:
        weeks = counted(longest.streak.longest, "week")
        records.append(Record("Longest streak", "most weeks in a row", weeks, member=longest.member))
    given = {member_id: n for member_id, n in n_rated.items() if member_id in members}
    if given:
        member_id, n_ratings = min(given.items(), key=lambda each: (-each[1], each[0]))
        words = counted(n_ratings, "rating")
        records.append(Record("Most ratings", "most weeks rated", words, member=members[member_id]))
    return tuple(records)


def top_week(weeks: Iterable[Week], value: Callable[[Week], float | None]) -> tuple[Week, float] | None:
    """The first week with the largest value; weeks without one do not count."""
    top: tuple[Week, float] | None = None
    for week in weeks:
        each = value(week)
        if each is not None and (top is None or each > top[1]):
            top = (week, each)
    return top


def counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
