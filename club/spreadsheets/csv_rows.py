"""The spreadsheet form of a club's history: one kind of row each for weeks, nominations, ballots, points and ratings.

Pure: text in, frozen rows or refusals out. `COLUMNS` is the header that exports write; imports accept any part of it,
and rows in any order. What each kind of row may say (* it must):

week        week*, opens_at*; theme; phase (closed); the other deadlines (by the club's rhythm); voters and tie_break of
            a poll without ballots
nomination  week*, member* (handle), artist*, album*; member_name, discord_id, year, release_group_mbid; pitch,
            pitch_track, pitch_track_url, genre, decade, country; nomination (a label that ballots and points rows may
            use instead of the title); winner (yes; else the poll decides); at, withdrawn_at
ballot      week*, member*, first or second* (label, title, or “Artist - Title”); at
points      week*, nomination* (label, title, or “Artist - Title”), points*; firsts, seconds: totals of a poll whose
            ballots were not kept
rating      member*, stars* (1.0 to 5.0); week, or artist and album for one outside the weeks; favorite_track, review,
            spoiler (yes), visibility (public, members, followers, me), listened_on, at, updated_at, hidden_at,
            hidden_reason

Times are ISO 8601, in the club's zone where they name none; a day alone is, for a
deadline, that day at the rhythm's hour, else its midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from club.rhythm import DEADLINES, FIRST_YEAR, LAST_YEAR, is_in_range
from sidetrack.cells import as_written, harmless

KINDS: dict[str, tuple[str, ...]] = {
    "week": (
        "week", "theme", "phase", *DEADLINES, "nominations_extended_at", "poll_extended_at", "voters", "tie_break",
    ),
    "nomination": (
        "week", "nomination", "member", "member_name", "discord_id", "artist", "album", "year", "release_group_mbid",
        "pitch", "pitch_track", "pitch_track_url", "genre", "decade", "country", "winner", "at", "withdrawn_at",
    ),
    "ballot": ("week", "member", "member_name", "discord_id", "first", "second", "at"),
    "points": ("week", "nomination", "points", "firsts", "seconds"),
    "rating": (
        "week", "member", "member_name", "discord_id", "artist", "album", "year", "release_group_mbid", "stars",
        "favorite_track", "review", "spoiler", "visibility", "listened_on", "at", "updated_at", "hidden_at",
        "hidden_reason",
    ),
}  # fmt: skip
COLUMNS = ("kind", *dict.fromkeys(column for columns in KINDS.values() for column in columns))
NEEDED = {
    "week": ("week", "opens_at"),
    "nomination": ("week", "member", "artist", "album"),
    "ballot": ("week", "member"),
    "points": ("week", "nomination", "points"),
    "rating": ("member", "stars"),
}
FIRST_RECORD = 1860
YES, NO = {"yes", "true", "1", "x"}, {"", "no", "false", "0"}


class BadRow(ValueError):
    """What is wrong with a row, for whoever can edit it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its kind, and its cells as values; what is empty is not in `values`."""

    line: int
    kind: str
    values: Mapping[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def parse_row(line: int, cells: Mapping[str, str]) -> Row:
    """A row from its cells by column; raises BadRow with every fault in one sentence each."""
    kind = cells.get("kind", "").strip().lower()
    if kind not in KINDS:
        raise BadRow(f"“{kind}” is no kind of row: write {', '.join(KINDS)}.")
    faults, values = [], {}
    for name, cell in cells.items():
        if name == "kind" or not cell.strip():
            continue
        if name not in KINDS[kind]:
            faults.append(f"A {kind} row has no “{name}”.")
            continue
        if "\x00" in cell:
            faults.append(f"{name}: holds a character that cannot be stored.")
            continue
        try:
            values[name] = READERS.get(name, text)(cell)
        except ValueError as error:
            faults.append(f"{name}: {error}")
    faults += [f"A {kind} row needs “{name}”." for name in NEEDED[kind] if not cells.get(name, "").strip()]
    if kind == "ballot" and not {"first", "second"} & set(values):
        faults.append("A ballot row needs “first” or “second”.")
    if kind == "rating" and "week" not in values and not {"artist", "album"} <= set(values):
        faults.append("A rating outside the weeks needs “artist” and “album”.")
    if faults:
        raise BadRow(" ".join(faults))
    return Row(line, kind, values)


# --- Cells to values ------------------------------------------------------------------------------------------------
def text(cell: str) -> str:
    """Text as it is; an apostrophe that guards a formula is taken off."""
    return as_written(cell)


def name(cell: str) -> str:
    return text(cell).strip()


def whole(cell: str) -> int:
    if not (cell.strip().isascii() and cell.strip().isdigit() and len(cell.strip()) < 10):
        raise ValueError(f"“{cell}” is no whole number.")
    return int(cell)


def year(cell: str) -> int:
    if not FIRST_RECORD <= (number := whole(cell)) < LAST_YEAR:
        raise ValueError(f"“{cell}” is no year of an album.")
    return number


def stars(cell: str) -> int:
    """`3.5` (or `3,5`) is 7 half-stars."""
    try:
        doubled = float(cell.replace(",", ".")) * 2
    except ValueError:
        doubled = 0.0
    if doubled not in range(2, 11):
        raise ValueError(f"“{cell}” is no rating: 1.0 to 5.0 in halves.")
    return int(doubled)


def moment(cell: str) -> datetime | date:
    """ISO 8601; without a zone it is in the club's, without a time a date."""
    written = cell.strip()
    try:
        given = date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(
            f"“{cell}” is no time: write 2025-11-10T20:00, with Z or an offset where it is not local."
        ) from None
    if not is_in_range(given):
        raise ValueError(f"“{cell}” lies before {FIRST_YEAR} or after {LAST_YEAR}.")
    return given


def day(cell: str) -> date:
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"“{cell}” is no date: write 2025-11-10.") from None


def flag(cell: str) -> bool:
    word = cell.strip().lower()
    if word not in YES | NO:
        raise ValueError(f"“{cell}” is neither yes nor no.")
    return word in YES


def mbid(cell: str) -> UUID:
    try:
        return UUID(cell.strip())
    except ValueError:
        raise ValueError(f"“{cell}” is no MusicBrainz id.") from None


MOMENTS = (*DEADLINES, "nominations_extended_at", "poll_extended_at", "at", "withdrawn_at", "updated_at", "hidden_at")
READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(MOMENTS, moment),
    **dict.fromkeys(("week", "voters", "points", "firsts", "seconds"), whole),
    "year": year,
    **dict.fromkeys(("winner", "spoiler"), flag),
    **dict.fromkeys(("member", "member_name", "discord_id", "artist", "album", "nomination", "first", "second"), name),
    **dict.fromkeys(("phase", "visibility"), lambda cell: cell.strip().lower()),
    "stars": stars,
    "release_group_mbid": mbid,
    "listened_on": day,
}


# --- Values to cells ------------------------------------------------------------------------------------------------
def cell_of(value: object) -> str:
    """A value as exports write it; reading it gives the value back."""
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case str():
            return harmless(value)
        case _:
            return str(value)
