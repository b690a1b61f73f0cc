"""Plain tables, each row with what was wanted and whether it was reached."""

from __future__ import annotations

from collections.abc import Sequence


class Tables:
    """Prints tables and remembers whether any row fell short."""

    def __init__(self) -> None:
        self.n_short = 0

    def verdict(self, is_reached: bool) -> str:
        self.n_short += not is_reached
        return "PASS" if is_reached else "FAIL"

    def show(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        cells = [list(heads), *([str(cell) for cell in row] for row in rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
        print(f"\n{title}")
        for n, row in enumerate(cells):
            print("  " + "  ".join(f"{cell:<{width}}" if not c else f"{cell:>{width}}"
                                   for c, (cell, width) in enumerate(zip(row, widths, strict=True))))  # fmt: skip
            if n == 0:
                print("  " + "  ".join("-" * width for width in widths))
        print(flush=True)
