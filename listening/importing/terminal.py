"""`manage.py ingest FILE --user HANDLE`: the same import as on the page, read where the file lies, with a bar."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.utils import timezone

from listening.formats.recognising import BY_SLUG
from listening.importing import leases
from listening.importing.counting import Counts
from listening.importing.receiving import digest_of, tidy_name
from listening.importing.tasks import work
from listening.models import ImportBatch
from social.models import User

State = ImportBatch.State
WIDTH = 30
EVERY_S = 0.2


class FileFailed(Exception):
    """The file was not imported, in words."""


@dataclass
class Bar:
    """How far a file is read: one line that moves at a terminal, nothing where nobody watches."""

    out: TextIO
    verb: str
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def __call__(self, batch: ImportBatch) -> None:
        now = time.monotonic()
        if not self.out.isatty() or (now - self.told < EVERY_S and batch.share_read < 1):
            return
        self.told = now
        n_lines = batch.n_lines or batch.preview.get("n_lines", 0)
        done = round(batch.share_read * WIDTH)
        pace = f"{n_lines / max(0.1, now - self.began):,.0f}/s"
        bar = "█" * done + " " * (WIDTH - done)
        self.out.write(f"\r{self.verb} [{bar}] {batch.share_read:4.0%} {n_lines:,} ({pace})")
        self.out.flush()

    def end(self) -> None:
        if self.out.isatty():
            self.out.write("\r\x1b[K")


def read_file(
    *,
    path: Path,
    member: User,
    out: TextIO,
    is_dry: bool = False,
    agree: Callable[[], bool] = lambda: True,
) -> Counts:
    """Look at a file, say what it would bring, and import it if `agree()` says so; what came of it.

    The same command after one that broke off goes on where that stopped. `FileFailed` in words.
    """
    if not path.is_file():
        raise FileFailed(f"There is no file {path}.")
    batch = _broken_off(member, path) if not is_dry else None
    if batch is None:
        batch = _begin(member, path)
        with _forgotten_unless_kept(batch):
            batch = _work(batch, path, Bar(out, "Looking"))
            out.write(report(batch, Counts.from_json(batch.preview), is_dry=True))
            if is_dry or not agree():
                return Counts.from_json(batch.preview)
            batch.state = State.QUEUED
            batch.save(update_fields=["state"])
    else:
        out.write(f"Going on with the import of {batch.created_at:%Y-%m-%d %H:%M} at {batch.share_read:.0%}.\n")
    batch = _work(batch, path, Bar(out, "Reading"))
    out.write(report(batch, Counts.of(batch), is_dry=False))
    return Counts.of(batch)


def _broken_off(member: User, path: Path) -> ImportBatch | None:
    """This member's import of the same file that a terminal began and did not end."""
    begun = ImportBatch.objects.filter(
        leases.free(timezone.now()),
        user=member,
        file="",
        n_bytes=path.stat().st_size,
        state__in=[State.QUEUED, State.RUNNING, State.STOPPED, State.FAILED],
    )
    if not begun or (batch := begun.filter(file_hash=digest_of(path)).exclude(file_format="").first()) is None:
        return None
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.QUEUED, wants_stop=False, n_starts=0, error="")
    return batch


def _begin(member: User, path: Path) -> ImportBatch:
    return ImportBatch.objects.create(
        user=member,
        file_name=tidy_name(path.name),
        file_hash=digest_of(path),
        n_bytes=path.stat().st_size,
        created_at=timezone.now(),
    )


@contextmanager
def _forgotten_unless_kept(batch: ImportBatch) -> Iterator[None]:
    """A look that ends without an import leaves no trace."""
    try:
        yield
    finally:
        ImportBatch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.PREVIEWED, State.FAILED]).delete()


def _work(batch: ImportBatch, path: Path, bar: Bar) -> ImportBatch:
    """Until it is looked at, or imported."""
    leased = leases.take(batch.pk, [State.UPLOADED, State.QUEUED], now=timezone.now())
    if leased is None:
        raise FileFailed("Another process reads this file at the moment.")
    try:
        work(leased, path=path, tell=bar)
    except KeyboardInterrupt:
        ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING).update(state=State.STOPPED, lease_until=None)
        raise FileFailed(f"{os.linesep}Stopped. The same command goes on where it stopped.") from None
    finally:
        bar.end()
    batch = ImportBatch.objects.select_related("user").get(pk=batch.pk)
    if batch.state == State.FAILED:
        raise FileFailed(batch.error)
    return batch


def report(batch: ImportBatch, counts: Counts, *, is_dry: bool) -> str:
    """What came, or would come, of a file, with the first examples of what is left out."""
    file_format = BY_SLUG[batch.file_format]
    records = f"{counts.n_lines:,} {'lines' if file_format.unit == 'line' else 'entries'}"
    lines = [f"{batch.file_name}: {file_format.label}, {records}"]
    if counts.first_at and counts.last_at:
        lines.append(f"  from {counts.first_at:%Y-%m-%d} to {counts.last_at:%Y-%m-%d}")
    lines += [
        f"  {counts.n_new:>9,} new{' (nothing is written yet)' if is_dry else ''}",
        f"  {counts.n_known:>9,} held already, or repeated in the file",
        f"  {counts.n_duplicates:>9,} that another source tells too",
    ]
    for reason, count, examples in counts.reasons:
        lines.append(f"  {count:>9,} left out: {reason}")
        lines += [f"            {example}" for example in examples[:2]]
    return "\n".join(lines) + "\n"
