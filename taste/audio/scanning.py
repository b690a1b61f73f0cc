"""Which music files lie below AUDIO_ROOT: found, told apart from what is known already, read and matched.

What is unchanged in size and time is passed over; what has other times but the same bytes keeps all that was measured;
a known file in another place is the same file. Nothing that is wrong with one file stops the others.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from catalog.bulk_naming import Names
from taste.audio.file_matching import match_files
from taste.audio.tags import FileTags, TagsUnreadable, read_tags
from taste.models import AudioFile

KINDS = frozenset({".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".wav"})
AT_ONCE = 50  # files read between two writes: what a scan that is cut off has to do again
AT_ONCE_MARKED = 5_000  # ids in one statement: databases limit them
LONGEST_PATH = AudioFile._meta.get_field("path").max_length or 1000
LONGEST_PROBLEM = AudioFile._meta.get_field("problem").max_length or 500
MATCHED_BY_PLACE = ("", AudioFile.MatchedBy.NAME)


class Tell(Protocol):
    def __call__(self, n_read: int, n_found: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """One file as the file system tells it. path: below the root, as it is stored; problem: why it cannot be read."""

    path: str
    place: Path
    n_bytes: int
    modified_at: datetime
    problem: str = ""


@dataclass
class Scanned:
    """What a scan did. is_whole: it saw everything; else the next one goes on."""

    n_found: int = 0
    n_new: int = 0
    n_changed: int = 0
    n_moved: int = 0
    n_gone: int = 0
    n_matched: int = 0
    n_problems: int = 0
    is_whole: bool = True
    ids: set[int] = field(default_factory=set)
    unread: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        counts = {
            "new": self.n_new,
            "changed": self.n_changed,
            "moved": self.n_moved,
            "gone": self.n_gone,
            "unreadable": self.n_problems,
        }
        told = ", ".join(f"{n:,} {word}" for word, n in counts.items() if n)
        rest = "" if self.is_whole else " The time was over: the next scan goes on."
        beside = "".join(f" The folder {path} could not be read: {why}." for path, why in list(self.unread.items())[:3])
        return (
            f"{self.n_found:,} file{'s' * (self.n_found != 1)}{f': {told}' if told else ', all known'}.{beside}{rest}"
        )


class NoFolder(Exception):
    """The folder of music is not there."""


def scan(root: Path, *, below: Path | None = None, longest_s: float | None = None, tell: Tell | None = None) -> Scanned:
    """Make the rows of AudioFile what lies below `root` now.

    below: only that file or folder. longest_s: stop reading then, and say so. Two at once do no harm.
    """
    if not root.is_dir():
        raise NoFolder(f"AUDIO_ROOT names no folder: {root}.")
    root = root.resolve()
    began, now = time.monotonic(), timezone.now()
    done = Scanned()
    found = sorted(_walk(root, below or root, done.unread), key=lambda each: each.path)
    done.n_found = len(found)
    known = {
        path: (pk, n_bytes, modified_at, bool(content_hash))
        for pk, path, n_bytes, modified_at, content_hash in AudioFile.objects.order_by().values_list(
            "pk", "path", "n_bytes", "modified_at", "content_hash"
        )
    }
    unread, seen = [], []
    for each in found:
        pk, *facts = known.get(each.path, (0,))
        if pk and facts == [each.n_bytes, each.modified_at, True]:
            seen.append(pk)
        else:
            unread.append(each)
    _see(seen, now)
    done.ids.update(seen)
    names = Names()
    for start in range(0, len(unread), AT_ONCE):
        if longest_s is not None and time.monotonic() - began > longest_s:
            done.is_whole = False
            break
        _take_in(root, unread[start : start + AT_ONCE], names, done)
        if tell:
            tell(min(start + AT_ONCE, len(unread)), len(unread))
    if done.is_whole:
        done.n_gone = _miss(root, below or root, {each.path for each in found}, done.unread, now)
    return done


def locate(root: Path, path: str) -> Path | None:
    """The file that a row names, where it still lies below the root and is no link; else None."""
    place = root.resolve() / path
    try:
        return place if place.resolve() == place and place.is_file() else None
    except OSError:
        return None


def _walk(root: Path, top: Path, unread: dict[str, str]) -> Iterator[Found]:
    """Every music file below `top`; no link is followed, nothing hidden is looked at."""
    top = top.resolve()
    if not top.is_relative_to(root):
        raise NoFolder(f"{top} does not lie in AUDIO_ROOT.")
    if not top.exists():
        raise NoFolder(f"There is no file or folder {top}.")
    if top.is_file():
        if top.suffix.lower() not in KINDS:
            raise NoFolder(f"{top.name} is none of {', '.join(sorted(kind[1:] for kind in KINDS))}.")
        yield _found(root, top, top.stat())
        return
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    elif Path(entry.name).suffix.lower() in KINDS and entry.is_file(follow_symlinks=False):
                        try:
                            yield _found(root, Path(entry.path), entry.stat(follow_symlinks=False))
                        except FileNotFoundError:  # it went while we looked
                            continue
        except OSError as error:
            unread[_shown(folder, root)] = error.strerror or "unknown reason"


def _found(root: Path, place: Path, facts: os.stat_result) -> Found:
    path = _shown(place, root)
    problem = ""
    if path != str(place.relative_to(root)):
        problem = "Its name is not UTF-8: rename it."
    if len(path) > LONGEST_PATH:
        path, problem = path[:LONGEST_PATH], f"Its path is longer than {LONGEST_PATH} characters: move it."
    if not facts.st_size:
        problem = problem or "It is empty."
    return Found(path, place, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC), problem)


def _shown(place: Path, root: Path) -> str:
    """Below the root, as text that a database takes: bytes that are no UTF-8 as \\xe9."""
    return os.fsencode(place.relative_to(root)).decode("utf-8", "backslashreplace")


def _take_in(root: Path, found: Sequence[Found], names: Names, done: Scanned) -> None:
    """Read some files that are new or look changed; write what was read at once."""
    now = timezone.now()
    looked_at = [_look(each) for each in found]
    rows = {row.path: row for row in AudioFile.objects.filter(path__in=[each.path for each in found])}
    moved = _moved(root, [file for file in looked_at if file.path not in rows])
    unmatched: list[int] = []
    with transaction.atomic():
        for file in looked_at:
            row = rows.get(file.path)
            if row is None and (row := moved.pop(file.content_hash, None)) is not None:
                done.n_moved += 1
                row.path = file.path
                row.matched_by = "" if row.matched_by in MATCHED_BY_PLACE else row.matched_by
            elif row is None:
                row = AudioFile(path=file.path)
                done.n_new += 1
            elif row.content_hash != file.content_hash:
                done.n_changed += 1
            is_other = row._state.adding or not file.content_hash or row.content_hash != file.content_hash
            _write(row, file, now, is_other=is_other)
            done.n_problems += bool(file.problem)
            done.ids.add(row.pk)
            if is_other or not row.matched_by:
                unmatched.append(row.pk)
    done.n_matched += match_files(unmatched, now=now, names=names)


def _write(row: AudioFile, file: AudioFile, now: datetime, *, is_other: bool) -> None:
    """The row as the file is now; what was measured in other bytes is no longer true."""
    row.n_bytes, row.modified_at, row.seen_at, row.gone_at = file.n_bytes, file.modified_at, now, None
    if is_other:
        row.content_hash, row.tags, row.seconds, row.problem = (
            file.content_hash, file.tags, file.seconds, file.problem,
        )  # fmt: skip
        row.measured, row.measured_version, row.measured_at = {}, "", None
        row.heard_by, row.n_starts, row.lease_until = "", 0, None
    if row._state.adding:
        row.pk = AudioFile.objects.update_or_create(
            path=row.path,
            defaults={
                each.name: getattr(row, each.name)
                for each in AudioFile._meta.concrete_fields
                if not each.primary_key and each.name != "path"
            },
        )[0].pk
    else:
        row.save()


def _look(found: Found) -> AudioFile:
    """Hash and tags of one file, as a row that is not stored; what is wrong with it in words."""
    file = AudioFile(path=found.path, n_bytes=found.n_bytes, modified_at=found.modified_at, problem=found.problem)
    if found.problem:
        return file
    try:
        file.content_hash = _hash(found.place)
        tags, file.seconds = read_tags(found.place)
        file.tags = tags.as_json()
    except TagsUnreadable:  # it may hold sound all the same: whoever measures it will tell
        file.tags = FileTags().as_json()
    except OSError as error:
        file.content_hash, file.problem = "", f"It cannot be opened: {error.strerror}."[:LONGEST_PROBLEM]
    return file


def _hash(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _moved(root: Path, new: Sequence[AudioFile]) -> dict[str, AudioFile]:
    """By hash the rows whose file is no longer where it was."""
    hashes = [file.content_hash for file in new if file.content_hash]
    rows = AudioFile.objects.filter(content_hash__in=hashes).order_by("-gone_at", "pk")
    return {row.content_hash: row for row in rows if locate(root, row.path) is None}


def _see(ids: Sequence[int], now: datetime) -> None:
    """Files that are as they were; one that was missed for a while is back with all that was known of it."""
    for start in range(0, len(ids), AT_ONCE_MARKED):
        AudioFile.objects.filter(pk__in=ids[start : start + AT_ONCE_MARKED]).update(seen_at=now, gone_at=None)


def _miss(root: Path, top: Path, there: set[str], unread: Iterable[str], began: datetime) -> int:
    """Mark what was known below `top` and is no longer there; not what lies in a folder that could not be read."""
    below = _shown(top.resolve(), root)
    rows = AudioFile.objects.filter(gone_at__isnull=True).order_by()
    if below != ".":
        rows = rows.filter(path__startswith=f"{below}/") | rows.filter(path=below)
    hidden = tuple("" if folder == "." else f"{folder}/" for folder in unread)
    missed = [
        pk for pk, path in rows.values_list("pk", "path") if path not in there and not path.startswith(hidden)
    ]  # fmt: skip
    n_gone = 0
    for start in range(0, len(missed), AT_ONCE_MARKED):
        part = AudioFile.objects.filter(pk__in=missed[start : start + AT_ONCE_MARKED], seen_at__lt=began)
        n_gone += part.update(gone_at=began)
    return n_gone
