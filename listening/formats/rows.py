"""What a parser yields for each record of a file, and how it reads the fields."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TextIO
from uuid import UUID
from zoneinfo import ZoneInfo

from listening.plays import Play, Reason, to_second

UTC_ZONE = ZoneInfo("UTC")
LONGEST_UUID = 64  # letters, whatever stands around it
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
WRITTEN = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}),? (\d{1,2}):(\d{2})")


class LeftOut(NamedTuple):
    """A record that is no play of its member: why (`plays.Reason`), and the words by which they recognise it."""

    reason: str
    what: str = ""


Told = Play | LeftOut
Row = tuple[int, Told]  # the record's line, or its place in its list, from 1


@dataclass(frozen=True, slots=True)
class Around:
    """What a parser must know and the file does not say."""

    zone: ZoneInfo = UTC_ZONE  # the member's, for players whose clock knows no zone
    part_name: str = ""  # of the file, or of the file in the zip


Parser = Callable[[TextIO, Around], Iterator[Row]]


class Broken(Exception):
    """The file cannot be read on. The text says where, for its member."""


def said(value: Any) -> str:
    """A name as databases hold it: no NUL, no half of a surrogate pair, no space around; "" for what is no name."""
    if not isinstance(value, str):
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    if value.isprintable():  # no NUL and no half of a pair is
        return value.strip()
    text: str = value if value.isascii() else value.encode("utf-8", "replace").decode()
    return (text.replace("\0", "") if "\0" in text else text).strip()


def names_of(artist: str, title: str) -> str:
    """A record in words, for the list of those left out."""
    return f"{artist} – {title}" if artist and title else artist or title


def mbid(value: Any) -> UUID | None:
    """A MusicBrainz id; None for anything else, which exporters write often."""
    return _uuid(value) if isinstance(value, str) and len(value) <= LONGEST_UUID else None


@lru_cache(maxsize=50_000)
def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def mbids(values: Any) -> tuple[UUID, ...]:
    found = map(mbid, values) if isinstance(values, list) else ()
    return tuple(each for each in found if each is not None)


def whole(value: Any) -> int | None:
    """A number of at least 0, written as one or as text; None for anything else."""
    try:
        number = int(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return number if 0 <= number < 2**53 and not isinstance(value, bool) else None


def milliseconds(value: Any) -> int | None:
    """A length in ms that the database can hold (24 days), 0 counts as unknown."""
    number = whole(value)
    return number if number and number < 2**31 else None


def from_unix(value: Any) -> datetime | LeftOut:
    """Unix seconds, or milliseconds where the number is too large for them, as UTC without fractions.

    Zero counts as no date: exporters write it for plays whose time Last.fm has lost.
    """
    number = whole(value)
    if number is None:
        return LeftOut(Reason.NO_TIME if value in (None, "") else Reason.UNREADABLE)
    if number >= 10**11:
        number //= 1000
    if number < 86_400:
        return LeftOut(Reason.NO_TIME)
    try:
        return datetime.fromtimestamp(number, UTC)
    except (OverflowError, ValueError, OSError):
        return LeftOut(Reason.UNREADABLE)


def from_iso(value: Any) -> datetime | LeftOut:
    """ISO 8601, UTC where no offset stands, as UTC without fractions."""
    if value in (None, ""):
        return LeftOut(Reason.NO_TIME)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return LeftOut(Reason.UNREADABLE)
    return to_second(moment)


def from_words(value: str) -> datetime | LeftOut:
    """`20 Nov 2020 09:35`, `11 Jul 2024, 09:07`, ISO 8601 or unix time, as UTC."""
    if found := WRITTEN.fullmatch(value):
        day, month, year, hour, minute = found.groups()
        try:
            return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), tzinfo=UTC)
        except (ValueError, KeyError):
            return LeftOut(Reason.UNREADABLE)
    return from_unix(value) if value.isdecimal() or not value else from_iso(value)
