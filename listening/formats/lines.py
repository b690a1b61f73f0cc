"""Text line by line: separated values, logs, JSON lines. One line is one record, so that what is left out adds up."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from listening.formats.json_text import decoded
from listening.formats.rows import Broken

LONGEST = 1 << 20


def lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """Each line with its number, without its end; empty ones are passed over. `Broken` for one without an end."""
    number = 0
    while line := text.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise Broken(f"has a line of more than a million characters (line {number:,})")
        line = line.rstrip("\r\n")
        if line and not line.isspace():
            yield number, line


def cells(line: str, separator: str) -> list[str]:
    """The values of one line; a quote that never closes spoils its own line, not the thousand after it."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator))
    except (csv.Error, StopIteration):
        return []


def separator_of(line: str) -> str:
    """Which sign parts the values of this line."""
    return max("\t;,", key=lambda sign: len(cells(line, sign)))


def json_lines(text: TextIO) -> Iterator[tuple[int, Any]]:
    """Each line's value with its number; None for a line that is no JSON."""
    for number, line in lines(text):
        try:
            yield number, decoded(line)
        except (ValueError, RecursionError):
            yield number, None
