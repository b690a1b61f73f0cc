"""Words in a cell of a table that leaves here: a spreadsheet program must not run what somebody called an album."""

from __future__ import annotations

import re

FORMULA = re.compile(r"^[=+\-@\t\r']")  # what a spreadsheet program would run, and our own mark


def harmless(text: str) -> str:
    """With an apostrophe in front where a spreadsheet would take it for a formula; it does not show it."""
    return f"'{text}" if FORMULA.match(text) else text


def as_written(cell: str) -> str:
    """Without the apostrophe that `harmless` put there."""
    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell[1:]) else cell
