"""From thousands of names at once to rows: what `catalog.naming` says of one name, in a handful of queries for all.

A history of a million plays names some hundred thousand tracks. Read `Names.resolve` first. A name means the row that
`get_or_create_artist`, `get_or_create_album` and `get_or_create_track` (without an album) would answer with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from django.db import IntegrityError, OperationalError, connection

from catalog import bulk_making, bulk_rows
from catalog.bulk_rows import Asked
from catalog.models import Alias
from social.models import ModerationAction

N_ROUNDS = 6  # another process may make or remove the same rows between two of our queries


class Heard(NamedTuple):
    """Names as a source wrote them; the album's artist where the source says one, else the track's is meant."""

    artist: str
    title: str
    album: str = ""
    album_artist: str = ""


class Known(NamedTuple):
    """The rows that the names mean: a track, its artist, and the album that it was played from."""

    track_id: int
    artist_id: int
    album_id: int | None


Answer = TypeVar("Answer", Known, "Known | None")


@dataclass
class _Memory(Generic[Answer]):
    """Answers of earlier calls; the oldest go when there are too many."""

    size: int
    answers: dict[Heard, Answer] = field(default_factory=dict)

    def keep(self, answers: Mapping[Heard, Answer]) -> None:
        self.answers.update(answers)
        if len(self.answers) > self.size:
            oldest = list(self.answers)[: len(self.answers) - self.size * 3 // 4]
            for heard in oldest:
                del self.answers[heard]


class Names:
    """Names to rows, remembering across calls, so that a long history asks for each name once.

    One for each reading of a source, in one thread. What is remembered is forgotten when a moderator merges rows or a
    name gets another meaning. Call it outside a transaction: it writes in short ones of its own, so that processes
    that read histories with the same names at the same time do not wait for each other's end.

    is_demo: rows that are made belong to the demo, and no real row is touched. Without it, a row of the demo that is
    named becomes a real one.
    """

    def __init__(self, *, is_demo: bool = False, remember: int = 200_000) -> None:
        self.is_demo = is_demo
        self._resolved = _Memory[Known](remember)
        self._found = _Memory[Known | None](remember)
        self._meanings: tuple[int, int] | None = None

    def resolve(self, wanted: Iterable[Heard]) -> dict[Heard, Known]:
        """The rows of each name, made where nobody is of that name.

        What has no artist or no title (nothing but space and control characters) is left out of the answer.
        """
        self._forget_old_meanings()
        answers, asked = _remembered(self._resolved.answers, wanted)
        if asked:
            resolved = self._resolve(asked)
            self._resolved.keep(resolved)
            answers |= resolved
        return answers

    def find(self, wanted: Iterable[Heard]) -> dict[Heard, Known | None]:
        """The same without writing anything: None where `resolve` would make a row for the track.

        An album that is new answers with None as `album_id`.
        """
        self._forget_old_meanings()
        answers, asked = _remembered(self._found.answers, wanted)
        if asked:
            rows = bulk_rows.look(asked.values())
            found = {heard: _known(names, rows) for heard, names in asked.items()}
            self._found.keep(found)
            answers |= found
        return answers

    def _forget_old_meanings(self) -> None:
        """Merges are logged and aliases are added: the newest of each says whether a name may mean another row now."""
        newest = (
            ModerationAction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
            Alias.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
        )
        if newest != self._meanings:
            self._resolved.answers.clear()
            self._found.answers.clear()
            self._meanings = newest

    def _resolve(self, asked: Mapping[Heard, Asked]) -> dict[Heard, Known]:
        answers: dict[Heard, Known] = {}
        missing = dict(asked)
        for n_round in range(1, N_ROUNDS + 1):
            found = bulk_rows.look(missing.values())
            if not self.is_demo:
                bulk_making.make_real(found)
            _answer(missing, found, answers)
            if not missing:
                return answers
            try:
                bulk_making.make(missing.values(), found, is_demo=self.is_demo)
            except (IntegrityError, OperationalError):
                # An artist that was removed meanwhile; two processes that each wait for a slug of the other.
                if connection.in_atomic_block or n_round == N_ROUNDS:
                    raise
            else:
                _answer(missing, found, answers)
                if not missing:
                    return answers
        raise RuntimeError(f"{len(missing)} names found no row, among them {next(iter(missing))}.")


def _answer(missing: dict[Heard, Asked], found: bulk_rows.Found, answers: dict[Heard, Known]) -> None:
    """Move what is found whole, with its album where one is named, from `missing` to `answers`."""
    for heard, names in list(missing.items()):
        known = _known(names, found)
        if known is not None and (known.album_id is not None or not names.album_key):
            answers[heard] = known
            del missing[heard]


def _remembered(
    held: Mapping[Heard, Answer], wanted: Iterable[Heard]
) -> tuple[dict[Heard, Answer], dict[Heard, Asked]]:
    """The answers that are held, and the keys of the names that are yet to be asked; blank names are neither."""
    answers: dict[Heard, Answer] = {}
    asked: dict[Heard, Asked] = {}
    for heard in wanted:
        if heard in held:
            answers[heard] = held[heard]
        elif heard not in asked and (names := bulk_rows.asked(heard)) is not None:
            asked[heard] = names
    return answers, asked


def _known(names: Asked, found: bulk_rows.Found) -> Known | None:
    track = found.tracks.get((names.artist_key, names.title_key))
    if track is None:
        return None
    album = found.albums.get((names.maker_key, names.album_key)) if names.album_key else None
    return Known(track.id, track.artist_id, album.id if album else None)
