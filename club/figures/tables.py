"""The tables behind the page of statistics, whole, as rows of plain cells: what its CSV files hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from club.drawing.svg import STARS
from club.figures.numbers import RankedWeek
from club.figures.statistics import GroupFigures
from club.figures.whole_club import ClubFigures
from club.models import Week

Cells = tuple[Any, ...]
Table = tuple[Cells, Iterable[Cells]]
ALBUM = ("week", "album", "artist")


def _album(week: Week) -> Cells:
    album = week.winner.album if week.winner else None
    return (week.number, album.title if album else "", album.credit if album else "")


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def ratings(figures: ClubFigures) -> Table:
    return ("stars", "ratings"), zip(STARS, figures.overall.histogram, strict=True)


def _ranked(rows: Iterable[RankedWeek], minimum: int) -> Table:
    head = (*ALBUM, "place", "score", "mean", "spread", "ratings", *(f"stars_{stars}" for stars in STARS))
    return head, (
        (
            *_album(row.week),
            row.place,
            _rounded(row.score),
            _rounded(row.figures.mean) if row.figures.count >= minimum else None,
            _rounded(row.figures.sd),
            row.figures.count,
            *row.figures.histogram,
        )
        for row in rows
    )


def highest(figures: ClubFigures) -> Table:
    return _ranked(figures.ranking, figures.minimum)


def divided(figures: ClubFigures) -> Table:
    return _ranked(figures.divided, figures.minimum)


def closest(figures: ClubFigures) -> Table:
    return (*ALBUM, "margin", "points", "points_of_second"), (
        (*_album(row.week), row.margin, *row.points) for row in figures.closest
    )


def raters(figures: ClubFigures) -> Table:
    return ("member", "weeks", "stars_above_others"), (
        (str(row.member), row.leaning.n, _rounded(row.leaning.offset)) for row in figures.raters
    )


def nominators(figures: ClubFigures) -> Table:
    head = ("member", "nominated", "won", "win_rate", "mean_of_winners", "nearly", "polls_voted", "kingmaker")
    return head, (
        (
            str(row.member),
            row.nominations,
            row.wins,
            _rounded(row.win_rate),
            _rounded(row.mean_of_picks),
            row.nearly,
            row.polls_voted if row.kingmaker is not None else None,
            row.kingmaker,
        )
        for row in figures.nominators
    )


def _grouped(kind: str, rows: Iterable[GroupFigures], minimum: int) -> Table:
    return (kind, "nominated", "won", "ratings_of_winners", "mean"), (
        (row.name, row.nominations, row.wins, row.n_ratings, _rounded(row.mean) if row.n_ratings >= minimum else None)
        for row in rows
    )


def genres(figures: ClubFigures) -> Table:
    return _grouped("genre", figures.genres, figures.minimum)


def decades(figures: ClubFigures) -> Table:
    return _grouped("decade", figures.decades, figures.minimum)


def countries(figures: ClubFigures) -> Table:
    return _grouped("country", figures.countries, figures.minimum)


def attendance(figures: ClubFigures) -> Table:
    return ("week", "nominated", "voted", "turnout", "rated", "took_part"), (
        (row.week.number, row.nominators, row.voters, _rounded(row.turnout), row.raters, row.members)
        for row in figures.attendance
    )


def streaks(figures: ClubFigures) -> Table:
    return ("member", "longest", "running"), (
        (str(row.member), row.streak.longest, row.streak.current) for row in figures.streaks
    )


TABLES: dict[str, Callable[[ClubFigures], Table]] = {
    table.__name__: table
    for table in (
        ratings, highest, divided, closest, raters, nominators, genres, decades, countries, attendance, streaks,
    )
}  # fmt: skip
