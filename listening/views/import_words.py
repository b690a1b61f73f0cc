"""An import as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localtime

from listening.formats.recognising import BY_SLUG
from listening.importing.counting import Counts
from listening.models import ImportBatch
from listening.models.listen import Source

State = ImportBatch.State
MOVING = {State.UPLOADED, State.QUEUED, State.RUNNING, State.UNDOING}


@dataclass(frozen=True, slots=True)
class Shown:
    """counts: of the dry run until something is imported, then what came of it."""

    row: ImportBatch
    counts: Counts
    label: str
    source: str
    left_alone: tuple[str, ...]

    @property
    def is_moving(self) -> bool:
        return self.row.state in MOVING

    @property
    def has_counts(self) -> bool:
        return bool(self.counts.n_lines) or self.row.state in {State.PREVIEWED, State.DONE}

    @property
    def has_listens(self) -> bool:
        return bool(self.row.n_new or self.row.n_duplicates)

    @property
    def is_of_a_day(self) -> bool:
        """In the zone that the page is written in."""
        first, last = self.counts.first_at, self.counts.last_at
        return bool(first and last and localtime(first).date() == localtime(last).date())

    @property
    def percent(self) -> int:
        return round(self.row.share_read * 100)

    @property
    def can(self) -> set[str]:
        """Which buttons it has."""
        match self.row.state:
            case State.UPLOADED:
                return {"forget"}
            case State.PREVIEWED:
                return {"confirm", "forget"}
            case State.QUEUED | State.RUNNING:
                return set() if self.row.wants_stop else {"stop"}
            case State.STOPPED | State.FAILED:
                undo = {"undo"} if self.has_listens else {"forget"}
                return undo | ({"resume"} if self.row.file else set())
            case State.DONE:
                return {"undo"} if self.has_listens else {"forget"}
            case State.UNDONE:
                return {"forget"}
        return set()


def shown(batch: ImportBatch) -> Shown:
    is_ahead = batch.state in {State.UPLOADED, State.PREVIEWED, State.QUEUED} and not batch.n_lines
    counts = Counts.from_json(batch.preview) if is_ahead else Counts.of(batch)
    known = BY_SLUG.get(batch.file_format)
    return Shown(
        row=batch,
        counts=counts,
        label=known.label if known else "",
        source=str(Source(batch.source).label) if batch.source in Source.values else "",
        left_alone=tuple(batch.preview.get("left_alone", ())),
    )
