"""A file as parts to read: itself, or the files in a zip that a stranger made. Nothing is ever unpacked to disk."""

from __future__ import annotations

import codecs
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

MAX_MEMBERS = 2_000
MAX_DIRECTORY = 8 << 20  # bytes of a zip's list of contents, which is held in memory
MAX_UNPACKED = 64 << 30
MAX_RATIO, FREE_OF_RATIO = 200, 16 << 20  # histories pack 7 to 30 times smaller; small files may be empty space
HEAD = 64 << 10
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError)  # what reading a damaged file raises
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"


class Unusable(Exception):
    """Not a file that is read, in words that say what to bring instead."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file to read: its name in the zip (the file's own where there is no zip), its length unpacked."""

    name: str
    n_bytes: int


class Package:
    """Opens parts, one at a time, as bytes or as text. Made by `open_package`."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None, parts: list[Part]) -> None:
        self.path, self.parts, self._archive = path, parts, archive

    @property
    def is_zip(self) -> bool:
        return self._archive is not None

    @contextmanager
    def opened(self, part: Part) -> Iterator[IO[bytes]]:
        with sound():
            file: IO[bytes] = self._archive.open(part.name) if self._archive else self.path.open("rb")
        with file:
            yield file

    @contextmanager
    def text(self, part: Part) -> Iterator[tuple[TextIO, IO[bytes]]]:
        """The part as text, and the bytes under it, whose `tell()` says how far it is read."""
        encoding = self.encoding(part)
        with self.opened(part) as raw:
            yield io.TextIOWrapper(raw, encoding=encoding, errors="replace"), raw

    def encoding(self, part: Part) -> str:
        """By its first bytes; else UTF-8, or what Windows wrote where a text is no UTF-8. JSON is UTF-8 by law."""
        with self.opened(part) as file, sound():
            piece = file.read(HEAD)
            if piece.startswith(codecs.BOM_UTF8):
                return "utf-8-sig"
            if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if piece[1:2] == b"\0" or piece[:1] == b"\0":
                return "utf-16-le" if piece[1:2] == b"\0" else "utf-16-be"
            if piece.lstrip()[:1] in {b"[", b"{"}:
                return "utf-8"
            decoder = codecs.getincrementaldecoder("utf-8")()
            try:
                while piece:
                    decoder.decode(piece)
                    piece = file.read(1 << 20)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1252"
        return "utf-8"

    def head(self, part: Part, n_bytes: int = 16) -> bytes:
        with self.opened(part) as file, sound():
            return file.read(n_bytes)


@contextmanager
def open_package(path: Path, name: str = "") -> Iterator[Package]:
    """The file's parts, in the order of their numbers. `Unusable` for a zip that is broken, locked or a trap.

    name: what the member calls the file, where it is stored under another name.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start not in {b"PK\x03\x04", _END}:
        yield Package(path, None, [Part(name or path.name, path.stat().st_size)])
        return
    with sound():
        _check_directory(path)
        archive = zipfile.ZipFile(path)
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check_members(members, path.stat().st_size)
        parts = [Part(member.filename, member.file_size) for member in members if not _is_litter(member.filename)]
        yield Package(path, archive, sorted(parts, key=lambda part: _by_number(part.name)))


@contextmanager
def sound() -> Iterator[None]:
    """What a damaged file does to whoever opens it, in words."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (*DAMAGED, NotImplementedError, RuntimeError, ValueError):
        raise Unusable("The zip is damaged or not whole. Download it again.") from None


def _check_directory(path: Path) -> None:
    """Refuse a list of contents that would fill the memory, before it is read."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise Unusable("The zip is not whole. Download it again.")
        n_members, n_bytes = struct.unpack_from("<HL", tail, at + 10)
        if (n_members == 0xFFFF or n_bytes == 0xFFFFFFFF) and tail[max(0, at - 20) : at].startswith(_LOCATOR64):
            file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
            end = file.read(56)
            if end.startswith(_END64) and len(end) == 56:
                n_members, n_bytes = struct.unpack_from("<QQ", end, 32)
    if n_members > MAX_MEMBERS or n_bytes > MAX_DIRECTORY:
        raise Unusable(
            f"The zip holds {n_members:,} files; a listening history has at most {MAX_MEMBERS:,}. "
            "Bring only the files of the history itself."
        )


def _check_members(members: list[zipfile.ZipInfo], n_bytes: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise Unusable(f"The zip holds more than {MAX_MEMBERS:,} files. Bring only those of the history itself.")
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise Unusable("The zip holds two files of the same name. Unpack it, and bring the right one.")
    if any(_leads_astray(name) for name in names):
        raise Unusable("The zip holds file names that lead out of it. No service makes such a zip.")
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise Unusable("The zip holds links instead of files. Zip the files themselves.")
    if any(member.flag_bits & 0x1 for member in members):
        raise Unusable("The zip is locked with a password. Unpack it, and zip the files without one.")
    if any(member.compress_type not in _METHODS for member in members):
        raise Unusable("The zip is packed in an unusual way. Unpack it, and zip the files anew.")
    if sum(member.compress_size for member in members) > n_bytes or len({m.header_offset for m in members}) < len(
        members
    ):
        raise Unusable("The zip claims to hold more than it can. No service makes such a zip.")
    is_bomb = any(
        member.file_size > FREE_OF_RATIO and member.file_size > MAX_RATIO * max(1, member.compress_size)
        for member in members
    )
    if is_bomb or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Unusable("The zip unpacks to far more than any listening history. No service makes such a zip.")


def _leads_astray(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name.split("/")[0] or ".." in name.split("/")


def _is_litter(name: str) -> bool:
    """What file managers leave in zips."""
    return name.startswith("__MACOSX/") or any(
        part.startswith(".") and part != ".scrobbler.log" for part in name.split("/")
    )


def _by_number(name: str) -> list[tuple[int, int | str]]:
    return [(0, int(piece)) if piece.isdecimal() else (1, piece) for piece in re.split(r"(\d+)", name.lower()) if piece]
