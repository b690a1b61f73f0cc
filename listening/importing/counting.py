"""What is counted of a file while it is read, in a dry run and in earnest: the same columns, the same words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from listening.importing.reading import N_EXAMPLES, Chunk
from listening.models import ImportBatch
from listening.plays import Outcome, Play


@dataclass
class Counts:
    """n_lines = n_new + n_known + n_duplicates + the sum of `skipped`."""

    n_lines: int = 0
    n_new: int = 0
    n_known: int = 0
    n_duplicates: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add(self, chunk: Chunk, outcome: Outcome) -> None:
        """chunk: with the plays that `ingest` left out among those left out."""
        self.n_lines += chunk.n_records
        self.n_new += outcome.n_new
        self.n_known += outcome.n_known
        self.n_duplicates += outcome.n_duplicates
        for reason, count in chunk.left_out.counts.items():
            self.skipped[reason] = self.skipped.get(reason, 0) + count
        for reason, found in chunk.left_out.examples.items():
            self.examples[reason] = [*self.examples.get(reason, ()), *found][:N_EXAMPLES]
        gone = {each.index for each in outcome.skipped}
        self._reach(play for index, play in enumerate(chunk.plays) if index not in gone)

    def _reach(self, plays: Iterable[Play]) -> None:
        moments = [play.played_at for play in plays]
        if moments:
            self.first_at = min([*filter(None, [self.first_at]), *moments])
            self.last_at = max([*filter(None, [self.last_at]), *moments])

    def as_json(self) -> dict[str, Any]:
        """For `ImportBatch.preview`."""
        values = dict(vars(self))
        values["first_at"], values["last_at"] = (
            each.isoformat() if each else None for each in (self.first_at, self.last_at)
        )
        return values

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Counts:
        moments = {
            name: datetime.fromisoformat(stored[name]) if stored.get(name) else None for name in ("first_at", "last_at")
        }
        names = ("n_lines", "n_new", "n_known", "n_duplicates", "skipped", "examples")
        values: dict[str, Any] = {name: stored[name] for name in names if name in stored}
        return cls(**values | moments)

    @classmethod
    def of(cls, batch: ImportBatch) -> Counts:
        """As the batch's columns hold them."""
        return cls(**{each.name: getattr(batch, each.name) for each in fields(cls)})

    def keep(self, batch: ImportBatch) -> None:
        """Into the batch's columns; whoever calls saves it."""
        for name, value in vars(self).items():
            setattr(batch, name, value)

    @property
    def n_skipped(self) -> int:
        return sum(self.skipped.values())

    @property
    def reasons(self) -> list[tuple[str, int, list[str]]]:
        """Each reason with its count and examples, the most frequent first."""
        found = sorted(self.skipped.items(), key=lambda each: -each[1])
        return [(reason, count, self.examples.get(reason, [])) for reason, count in found]
