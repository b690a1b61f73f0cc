"""Bringing an older club's history in: everything in one transaction, or nothing and every fault with its line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models, transaction

from club import revision
from club.models import ClubSettings, Nomination, Phase, Rating, Vote, Week
from club.nominating import TEXTS
from club.polls import POLL_IS_OVER, poll_results
from club.ratings import kept_figures
from club.rhythm import DEADLINES, Rhythm, deadlines_from, local_moment
from club.spreadsheets.csv_rows import COLUMNS, BadRow, Row, parse_row
from club.spreadsheets.lookups import Lookups, moment, moment_if_any
from social.errors import Refused

REASON = "imported"


@dataclass(slots=True)
class ImportReport:
    """Rows by kind, members and albums that are new, and what is wrong, by line. With faults nothing is written."""

    rows: Counter[str] = field(default_factory=Counter)
    n_new_members: int = 0
    n_new_albums: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    is_written: bool = False


class _Rollback(Exception):
    """Ends the transaction of a dry run, or of a file with faults."""


def import_rows(lines: Iterable[str], *, apply: bool, now: datetime) -> ImportReport:
    """Read a file's lines; write them all when `apply` and nothing is wrong. A dry run does all but keep it."""
    report = ImportReport()
    parsed = _parsed(lines, report)
    try:
        with transaction.atomic():
            importer = _Importer(report, now=now)
            importer.write(parsed)
            report.n_new_members, report.n_new_albums = importer.lookups.n_new_members, importer.lookups.n_new_albums
            if report.faults or not apply:
                raise _Rollback
            revision.bump()
        report.is_written = True
    except _Rollback:
        report.faults.sort()
    return report


def _parsed(lines: Iterable[str], report: ImportReport) -> list[Row]:
    reader = csv.DictReader(lines, strict=True)
    rows = []
    try:
        if unknown := set(reader.fieldnames or [""]) - set(COLUMNS):
            report.faults.append((1, f"Unknown columns: {', '.join(sorted(unknown)) or 'none at all'}."))
            return []
        for cells in reader:
            line = reader.line_num
            if None in cells:
                report.faults.append((line, "More cells than the header has columns."))
                continue
            filled = {name: cell or "" for name, cell in cells.items()}
            if not any(cell.strip() for cell in filled.values()):
                continue
            try:
                rows.append(parse_row(line, filled))
                report.rows[rows[-1].kind] += 1
            except BadRow as error:
                report.faults.append((line, str(error)))
    except csv.Error as error:
        report.faults.append((reader.line_num, f"This is no CSV: {error}."))
    return rows


class _Importer:
    """Writes parsed rows kind by kind; a row that cannot be written becomes a fault and the others are still tried."""

    def __init__(self, report: ImportReport, *, now: datetime) -> None:
        self.report, self.now = report, now
        self.rhythm: Rhythm = ClubSettings.load().rhythm
        self.zone: ZoneInfo = self.rhythm.zone
        self.lookups = Lookups(now=now)
        self.weeks: dict[int, Week] = {}
        self.week_rows: dict[int, Row] = {}
        self.nominations: dict[int, list[tuple[Row, Nomination]]] = {}

    def write(self, rows: list[Row]) -> None:
        by_kind = {kind: [row for row in rows if row.kind == kind] for kind in self.report.rows}
        taken = set(Week.objects.values_list("number", flat=True))
        for row in by_kind.get("week", []):
            self.tried(row, lambda row: self.add_week(row, taken))
        Week.objects.bulk_create(self.weeks.values())
        made = [nom for row in by_kind.get("nomination", []) if (nom := self.tried(row, self.nomination))]
        if self.report.faults:  # what follows points at nominations: it would only repeat their faults
            return
        Nomination.objects.bulk_create(made)
        for row in by_kind.get("points", []):
            self.tried(row, self.add_points)
        Nomination.objects.bulk_update(made, ["points_elsewhere", "firsts_elsewhere", "seconds_elsewhere"], 500)
        Nomination.history.bulk_history_create(made, default_change_reason=REASON, default_date=self.now)
        voted: set[tuple[int, int]] = set()
        votes = [self.tried(row, lambda row: self.ballot(row, voted)) or [] for row in by_kind.get("ballot", [])]
        Vote.objects.bulk_create([vote for ballot in votes for vote in ballot], 1000)
        self.decide()
        rated: set[tuple[int | None, int, int]] = set(
            Rating.objects.filter(week__isnull=True).values_list("week_id", "user_id", "album_id")
        )
        ratings = [self.tried(row, lambda row: self.rating(row, rated)) for row in by_kind.get("rating", [])]
        kept = [rating for rating in ratings if rating]
        Rating.objects.bulk_create(kept, 500)
        Rating.history.bulk_history_create(kept, default_change_reason=REASON, default_date=self.now)
        self.count(kept)

    def tried(self, row: Row, make: Any) -> Any:
        """What `make` makes of the row, or None and a fault."""
        try:
            return make(row)
        except ValidationError as error:
            texts = [f"{name}: {' '.join(each)}" for name, each in error.message_dict.items()]
            self.report.faults.append((row.line, " ".join(texts)))
        except (BadRow, Refused, ValueError) as error:
            self.report.faults.append((row.line, str(error)))
        return None

    # --- Weeks ------------------------------------------------------------------------------------------------------
    def add_week(self, row: Row, taken: set[int]) -> None:
        number = row["week"]
        if number in self.weeks:
            raise BadRow(f"Week {number} is in line {self.week_rows[number].line} already.")
        if number in taken:
            raise BadRow(f"The club has a week {number} already; weeks are brought in whole, and once.")
        opens_at = row["opens_at"]
        opening_day = opens_at.astimezone(self.zone).date() if isinstance(opens_at, datetime) else opens_at
        deadlines = dict(deadlines_from(opening_day, self.rhythm).items())
        for name in DEADLINES:
            default = deadlines[name]
            if isinstance(row.get(name), datetime):
                deadlines[name] = moment(row, name, self.zone, default)
            elif row.get(name) is not None:  # a day: at the rhythm's time
                deadlines[name] = local_moment(row[name], default.astimezone(self.zone).time(), self.zone)
        week = Week(
            number=number,
            theme=row.get("theme", ""),
            phase=row.get("phase", Phase.CLOSED),
            **deadlines,
            nominations_extended_at=moment_if_any(row, "nominations_extended_at", self.zone),
            poll_extended_at=moment_if_any(row, "poll_extended_at", self.zone),
            voters_elsewhere=row.get("voters", 0),
            tie_break=row.get("tie_break", ""),
        )
        checked(week)
        if not week.deadlines.in_order():
            raise BadRow("Each deadline must come after the one before it.")
        self.weeks[number], self.week_rows[number], self.nominations[number] = week, row, []

    def week_of(self, row: Row) -> Week:
        if (week := self.weeks.get(row["week"])) is None:
            raise BadRow(f"There is no week row for week {row['week']}.")
        return week

    # --- What members did -------------------------------------------------------------------------------------------
    def nomination(self, row: Row) -> Nomination:
        week, others = self.week_of(row), self.nominations[row["week"]]
        label = row.get("nomination", "")
        if label and any(other.get("nomination", "") == label for other, _ in others):
            raise BadRow(f"Week {week.number} has another nomination “{label}”.")
        nomination = Nomination(
            week=week,
            user=self.lookups.member(row),
            album=self.lookups.album(row),
            created_at=moment(row, "at", self.zone, week.opens_at + timedelta(seconds=len(others) + 1)),
            withdrawn_at=moment_if_any(row, "withdrawn_at", self.zone),
            **{name: row.get(name, "") for name in TEXTS},
        )
        checked(nomination)
        if nomination.withdrawn_at is None and any(
            other.album_id == nomination.album_id and other.withdrawn_at is None for _, other in others
        ):
            raise BadRow(f"“{nomination.album.title}” is nominated in week {week.number} already.")
        if row.get("winner") and any(other.get("winner") for other, _ in others):
            raise BadRow(f"Week {week.number} has another winner.")
        if row.get("winner") and (nomination.withdrawn_at or week.phase not in POLL_IS_OVER):
            raise BadRow("Only a standing nomination of a week whose poll is over can be its winner.")
        others.append((row, nomination))
        return nomination

    def meant(self, week: Week, label: str) -> Nomination:
        """The standing nomination of that label, else of that title, else of “Artist - Title”."""
        standing = [(row, each) for row, each in self.nominations[week.number] if each.withdrawn_at is None]
        for names in (
            lambda row: row.get("nomination", ""),
            lambda row: row["album"],
            lambda row: f"{row['artist']} - {row['album']}",
        ):
            found = [each for row, each in standing if names(row).casefold() == label.casefold()]
            if len(found) == 1:
                return found[0]
        raise BadRow(f"“{label}” is not one nomination of week {week.number}: write its “nomination” or its title.")

    def add_points(self, row: Row) -> None:
        nomination = self.meant(self.week_of(row), row["nomination"])
        if nomination.points_elsewhere or nomination.firsts_elsewhere or nomination.seconds_elsewhere:
            raise BadRow(f"“{nomination.album.title}” has a points row already.")
        nomination.points_elsewhere = row["points"]
        nomination.firsts_elsewhere = row.get("firsts", 0)
        nomination.seconds_elsewhere = row.get("seconds", 0)

    def ballot(self, row: Row, voted: set[tuple[int, int]]) -> list[Vote]:
        week, voter = self.week_of(row), self.lookups.member(row)
        if (week.pk, voter.pk) in voted:
            raise BadRow(f"{voter.handle} has another ballot in week {week.number}.")
        voted.add((week.pk, voter.pk))
        at = moment(row, "at", self.zone, week.poll_close_at - timedelta(seconds=1))
        chosen = [(rank, self.meant(week, row[name])) for rank, name in ((1, "first"), (2, "second")) if row.get(name)]
        if len(chosen) == 2 and chosen[0][1] is chosen[1][1]:
            raise BadRow("The same album cannot be both the first and the second choice.")
        return [
            Vote(week=week, user=voter, nomination=nomination, rank=rank, cast_at=at) for rank, nomination in chosen
        ]

    def rating(self, row: Row, rated: set[tuple[int | None, int, int]]) -> Rating:
        week = self.week_of(row) if row.get("week") is not None else None
        member = self.lookups.member(row)
        if week is None:
            album, default_at = self.lookups.album(row), self.now
        elif week.winner is None:
            raise BadRow(f"Week {week.number} has no winner that could be rated.")
        else:
            album, default_at = week.winner.album, week.discussion_at
        key = (week.pk if week else None, member.pk, album.pk)
        if key in rated:
            raise BadRow(f"{member.handle} has rated this already.")
        rated.add(key)
        at = moment(row, "at", self.zone, default_at)
        rating = Rating(
            week=week,
            user=member,
            album=album,
            half_stars=row["stars"],
            favorite_track=row.get("favorite_track", ""),
            review=row.get("review", ""),
            spoiler=row.get("spoiler", False),
            visibility=row.get("visibility", Rating._meta.get_field("visibility").get_default()),
            listened_on=row.get("listened_on"),
            created_at=at,
            updated_at=moment(row, "updated_at", self.zone, at),
            hidden_at=moment_if_any(row, "hidden_at", self.zone),
            hidden_reason=row.get("hidden_reason", ""),
        )
        checked(rating)
        return rating

    # --- What follows from it ---------------------------------------------------------------------------------------
    def decide(self) -> None:
        """The winner that the file names, else the one its points or ballots make."""
        results = poll_results(list(self.weeks.values()))
        for number, week in self.weeks.items():
            result = results[week.pk]
            named = next((each for row, each in self.nominations[number] if row.get("winner")), None)
            if week.phase in POLL_IS_OVER:
                week.winner = named or next(
                    (each for _, each in self.nominations[number] if each.pk == result.winner_id), None
                )
                week.poll_margin = result.margin
                if week.winner is None:
                    self.report.faults.append((self.week_rows[number].line, f"Week {number} has no winner."))
                if named is None and not week.tie_break:
                    week.tie_break = result.tie_break

    def count(self, ratings: list[Rating]) -> None:
        """Figures of the ratings, and the weeks' first lines of history."""
        half_stars: dict[int | None, list[int]] = {}
        for rating in ratings:
            if rating.hidden_at is None:
                half_stars.setdefault(rating.week_id, []).append(rating.half_stars)
        weeks = list(self.weeks.values())
        for week in weeks:
            for name, value in kept_figures(half_stars.get(week.pk, [])).items():
                setattr(week, name, value)
        fields = ["winner", "tie_break", "poll_margin", *kept_figures([])]
        Week.objects.bulk_update(weeks, fields, 200)
        Week.history.bulk_history_create(weeks, default_change_reason=REASON, default_date=self.now)


def checked(row: models.Model) -> None:
    """Lengths, choices and addresses by the model's own rules; references are known to exist."""
    row.clean_fields(exclude=[each.name for each in row._meta.fields if each.is_relation])
    for each in row._meta.fields:  # Django leaves the length of a TextField to forms
        if isinstance(each, models.TextField) and each.max_length and len(getattr(row, each.name)) > each.max_length:
            raise BadRow(f"{each.name}: at most {each.max_length} characters.")
