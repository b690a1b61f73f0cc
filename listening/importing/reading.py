"""A file as chunks of plays, from where an earlier reading stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from listening.formats.packages import DAMAGED, Package, Unusable, open_package
from listening.formats.recognising import Format, Recognised, recognise
from listening.formats.rows import Around, Broken, LeftOut, Told
from listening.ingest import plays_at_once
from listening.plays import Play, Skipped

N_EXAMPLES = 5
LONGEST_EXAMPLE = 160


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a file is read: whole parts, and records of the one after them."""

    part: int = 0
    record: int = 0

    def as_json(self) -> dict[str, int]:
        return {"part": self.part, "record": self.record}

    @classmethod
    def of(cls, stored: dict[str, int]) -> Place:
        return cls(stored.get("part", 0), stored.get("record", 0))


@dataclass
class LeftOuts:
    """What was left out: how many for each reason, and the first of each in words."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, where: Callable[[], str], what: str) -> None:
        self.counts[reason] += 1
        held = self.examples.setdefault(reason, [])
        if len(held) < N_EXAMPLES:
            held.append((f"{where()}: {what}" if what else where())[:LONGEST_EXAMPLE])


@dataclass
class Chunk:
    """Some records of a file: the plays among them, what is left out, and where the next chunk begins."""

    n_records: int = 0
    plays: list[Play] = field(default_factory=list)
    left_out: LeftOuts = field(default_factory=LeftOuts)
    after: Place = field(default_factory=Place)
    n_bytes: int = 0  # of the file, up to its end
    places: list[tuple[int, int]] = field(default_factory=list)  # of each play: its part, its record's number


class OpenFile:
    """A recognised file, open. Made by `open_file`."""

    def __init__(self, package: Package, recognised: Recognised, zone: ZoneInfo) -> None:
        self._package, self._recognised, self._zone = package, recognised, zone
        self._n_bytes = max(1, sum(part.n_bytes for part in recognised.parts))

    @property
    def format(self) -> Format:
        return self._recognised.format

    @property
    def left_alone(self) -> Sequence[str]:
        """Files of the zip that hold another format."""
        return self._recognised.left_alone

    def chunks(self, start: Place, *, size: int | None = None) -> Iterator[Chunk]:
        """The records from `start` on, `size` at a time, else `plays_at_once()`.

        `Unusable` where the file is damaged, saying where.
        """
        size = size or plays_at_once()
        chunk = Chunk()
        done = sum(part.n_bytes for part in self._recognised.parts[: start.part])
        for index, part in enumerate(self._recognised.parts[start.part :], start.part):
            n_read = start.record if index == start.part else 0
            try:
                with self._package.text(part) as (text, raw):
                    rows = self.format.rows(text, Around(self._zone, part.name))
                    for number, told in islice(rows, n_read, None):
                        n_read += 1
                        self._add(chunk, index, number, told)
                        if chunk.n_records == size:
                            chunk.after, chunk.n_bytes = Place(index, n_read), done + raw.tell()
                            yield chunk
                            chunk = Chunk()
            except (Broken, *DAMAGED) as error:
                words = str(error) if isinstance(error, Broken) else "is damaged"
                name = part.name.rpartition("/")[2]
                raise Unusable(
                    f"{name} {words}: it can be read up to {self.format.unit} {n_read:,}. Bring the file again, whole."
                ) from None
            done += part.n_bytes
            chunk.after, chunk.n_bytes = Place(index + 1), done
        if chunk.n_records:
            yield chunk

    def _add(self, chunk: Chunk, part: int, number: int, told: Told) -> None:
        chunk.n_records += 1
        if isinstance(told, LeftOut):
            chunk.left_out.add(told.reason, partial(self._where, part, number), told.what)
        else:
            chunk.plays.append(told)
            chunk.places.append((part, number))

    def also_left_out(self, chunk: Chunk, skipped: Sequence[Skipped]) -> None:
        """Add the plays that `ingest` would not have to what the chunk leaves out."""
        for each in skipped:
            play, (part, number) = chunk.plays[each.index], chunk.places[each.index]
            what = f"{play.artist} – {play.title}, {play.played_at:%Y-%m-%d %H:%M}"
            chunk.left_out.add(each.reason, partial(self._where, part, number), what)

    def share(self, chunk: Chunk) -> float:
        """How much of the file is read at the end of this chunk, 0 to 1."""
        return min(1.0, chunk.n_bytes / self._n_bytes)

    def _where(self, part: int, number: int) -> str:
        place = f"{self.format.unit} {number:,}"
        return f"{self._recognised.parts[part].name.rpartition('/')[2]}, {place}" if self._package.is_zip else place


@contextmanager
def open_file(path: Path, *, name: str, zone: ZoneInfo) -> Iterator[OpenFile]:
    """The file, recognised. `Unusable` in words for its member where it is none of ours.

    zone: the member's. name: what the member calls the file.
    """
    try:
        with open_package(path, name) as package:
            yield OpenFile(package, recognise(package), zone)
    except FileNotFoundError:
        raise Unusable("The file is not here any more. Bring it again.") from None
