"""The zip that an export becomes, written row by row: however much there is, little of it is ever held."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sidetrack.cells import harmless
from social.models import User
from social.own_data.parts import Files, Part, Row, Table

PIECE = 1 << 20
Beat = Callable[[], None]


class Archive:
    """Used with `with`. beat: called every few thousand rows and every megabyte; what it raises ends the writing."""

    def __init__(self, place: Path, *, member: User, now: datetime, beat: Beat) -> None:
        self.place, self.member, self.now, self.beat = place, member, now, beat
        self.said: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        self.zip = zipfile.ZipFile(self.place, "w", zipfile.ZIP_DEFLATED, compresslevel=6, allowZip64=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.zip.close()

    def add(self, part: Part) -> None:
        if isinstance(part, Table):
            self._add_table(part)
        else:
            self._add_files(part)

    def _add_table(self, table: Table) -> None:
        """JSON straight into the zip; CSV beside it, into a file without a name, and from there."""
        endings = ("json", "csv") if table.has_json else ("csv",)
        self.said.append((f"{table.path}.{', .'.join(endings)}", table.text))
        with tempfile.TemporaryFile(dir=self.place.parent) as beside:
            text = io.TextIOWrapper(beside, "utf-8", newline="")
            rows = csv.writer(text)
            rows.writerow(table.columns)
            self._read_table(table, rows)
            text.flush()
            beside.seek(0)
            self._write(f"{table.path}.csv", iter(lambda: beside.read(PIECE), b""))
            text.detach()

    def _read_table(self, table: Table, rows: Any) -> None:
        if not table.has_json:
            for batch in table.read(self.member):
                self.beat()
                rows.writerows(map(cells, batch))
            return
        with self.zip.open(self._entry(f"{table.path}.json"), "w", force_zip64=True) as file:
            before = b"[\n"
            for batch in table.read(self.member):
                self.beat()
                for row in batch:
                    file.write(before + json.dumps(row, ensure_ascii=False, default=str).encode())
                    before = b",\n"
                rows.writerows(map(cells, batch))
            file.write(b"[]\n" if before == b"[\n" else b"\n]\n")

    def _add_files(self, part: Files) -> None:
        self.said.append((part.path, part.text))
        for path, pieces in part.write():
            self._write(path, pieces)

    def _write(self, path: str, pieces: Iterable[bytes]) -> None:
        n_since = 0
        with self.zip.open(self._entry(path), "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                n_since += len(piece)
                if n_since >= PIECE:
                    self.beat()
                    n_since = 0

    def close_with_readme(self, head: Sequence[str]) -> None:
        """What lies in it, file by file."""
        width = max((len(path) for path, _ in self.said), default=0)
        lines = [*head, "", *(f"{path:<{width}}  {text}" for path, text in self.said)]
        self._write("README.txt", [("\n".join(lines) + "\n").encode()])

    def _entry(self, path: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(path, date_time=self.now.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return entry


def cells(row: Row) -> list[Any]:
    """The row for a spreadsheet: nothing in it is run."""
    return [_cell(value) for value in row.values()]


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return harmless(value) if isinstance(value, str) else value
