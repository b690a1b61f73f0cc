"""How far a long command is: a line that moves at a terminal, a plain line now and then elsewhere. Knows no Django."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 30
CLEAR = "\r\x1b[K"
MOVES_EVERY_S, TELLS_EVERY_S = 0.2, 15.0


@dataclass
class Progress:
    """done of total, a rate, what remains, failures. clock: seconds, monotonic."""

    out: TextIO
    total: int
    verb: str = "Analysing"
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    failed: int = 0
    began: float = field(init=False)
    told: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.told = self.clock()

    def add(self, n_done: int, n_failed: int = 0) -> None:
        """So many more are through; the failed ones are counted in both."""
        self.show(self.done + n_done + n_failed, self.failed + n_failed)

    def show(self, done: int, failed: int = 0, total: int | None = None) -> None:
        self.done, self.failed = done, failed
        if total is not None:
            self.total = total
        self.total = max(self.total, self.done)
        now = self.clock()
        is_live = self.out.isatty()
        if now - self.told < (MOVES_EVERY_S if is_live else TELLS_EVERY_S) and self.done < self.total:
            return
        self.told = now
        if is_live:
            filled = round(WIDTH * self.done / self.total) if self.total else WIDTH
            self.out.write(f"{CLEAR}{self.verb} [{'█' * filled}{' ' * (WIDTH - filled)}] {self}")
        else:
            self.out.write(f"{self.verb}: {self}\n")
        self.out.flush()

    def end(self) -> None:
        if self.out.isatty():
            self.out.write(CLEAR)
            self.out.flush()

    def __str__(self) -> str:
        spent = max(1e-9, self.clock() - self.began)
        rate = self.done / spent
        told = f"{self.done:,} of {self.total:,}, {rate:,.1f}/s"
        if self.done < self.total:
            told += f", {duration((self.total - self.done) / rate)} left" if self.done else ", time left unknown"
        return told + (f", {self.failed:,} failed" if self.failed else "")


def duration(seconds: float) -> str:
    """1 h 05 min, 12 min, 40 s."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 60} min" if whole >= 120 else f"{whole} s"
