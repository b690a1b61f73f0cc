"""Finding albums and tracks that we hold by a few words, typing errors and missing accents forgiven.

Two steps: the database narrows some ten thousand rows down to a few hundred that share a word, a beginning or a piece
of a word with the query; rapidfuzz ranks those.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from rapidfuzz import fuzz

from catalog.models import Album, Alias, Track
from catalog.names import name_key
from catalog.wanted import only_heard

N_NARROWED = 400
N_PIECES = 10
GOOD_ENOUGH = 68.0

Found = TypeVar("Found", Album, Track)


def search_albums(query: str, *, limit: int = 10) -> list[Album]:
    """The albums that fit best by title, artist or both, best first; none for a blank query.

    Names that only stand in members' listens are no albums yet: those that MusicBrainz knows are found.
    """
    key = name_key(query)
    rows = Album.objects.current().exclude(only_heard(), release_group_mbid__isnull=True).select_related("artist")
    return _search(rows, key, limit, aliases=Alias.Kind.ALBUM)


def search_tracks(query: str, *, limit: int = 10) -> list[Track]:
    """The same for tracks, with the album that each is known from."""
    key = name_key(query)
    rows = Track.objects.current().exclude(recording_mbid__isnull=True, album__isnull=True)
    rows = rows.select_related("artist", "album__artist")
    return _search(rows, key, limit, aliases=Alias.Kind.TRACK)


def _search(rows: QuerySet[Found], key: str, limit: int, *, aliases: str) -> list[Found]:
    if not key or limit < 1:
        return []
    found = {row.pk: row for row in _narrowed(rows, _words(key))}
    pieces = _pieces(key)
    if pieces and _best(found.values(), key) < 95:  # perhaps mistyped: rows that share pieces of words
        found |= {row.pk: row for row in _narrowed(rows, pieces)}
    named = Alias.objects.filter(kind=aliases, title_key__startswith=key).values_list(f"{aliases}_id", flat=True)[:20]
    by_alias = set(named)
    found |= {row.pk: row for row in rows.filter(pk__in=by_alias)}
    scored = [(100.0 if row.pk in by_alias else likeness(key, row), row) for row in found.values()]
    scored = [each for each in scored if each[0] >= GOOD_ENOUGH]
    scored.sort(key=lambda each: (-each[0], len(each[1].title_key), each[1].title_key, each[1].pk))
    return [row for _, row in scored[:limit]]


def _best(rows: Iterable[Album | Track], key: str) -> float:
    return max((likeness(key, row) for row in rows), default=0.0)


def likeness(key: str, row: Album | Track) -> float:
    """0 to 100: how well a query's key fits a title, an artist, or both in either order.

    A title alone counts a little more than an artist alone, and a whole name more than its beginning.
    """
    title, artist = row.title_key, row.artist.name_key
    both = f"{artist} {title}"
    score = max(
        fuzz.ratio(key, title),
        fuzz.ratio(key, artist) * 0.97,
        fuzz.token_sort_ratio(key, both) * 0.99,
        fuzz.token_set_ratio(key, both) * 0.9 if len(key) > 3 else 0.0,
    )
    if len(key) >= 2 and (title.startswith(key) or artist.startswith(key)):
        score = max(score, 90.0)
    if score < 86.0 and len(key) > 3 and _begins_words(key, both):  # “blue jon”, while it is being typed
        score = 86.0
    return score


def _begins_words(key: str, names: str) -> bool:
    """Whether each word of the query is the beginning of a word of the names, each of its own."""
    left = names.split()
    for part in sorted(key.split(), key=len, reverse=True):
        found = next((word for word in left if word.startswith(part)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _words(key: str) -> list[str]:
    """What rows are asked for first: the words; a lone short one only as a beginning."""
    return [word for word in key.split() if len(word) > 1 or not word.isascii()] or [key]


def _pieces(key: str) -> list[str]:
    """Three-letter pieces of the longer words, the query's finger-print when no word is spelled right."""
    words = sorted((word for word in key.split() if len(word) >= 3), key=len, reverse=True)
    pieces = list(dict.fromkeys(word[start : start + 3] for word in words for start in range(len(word) - 2)))
    return pieces[:: max(1, len(pieces) // N_PIECES)][:N_PIECES] if len(pieces) > N_PIECES else pieces


def _narrowed(rows: QuerySet[Found], parts: list[str]) -> list[Found]:
    """The rows that hold most of the parts in their title or artist."""
    n_held: Combinable | None = None
    any_part = Q()
    for part in parts:
        holds = Q(title_key__contains=part) | Q(artist__name_key__contains=part)
        any_part |= holds
        one: Any = Case(When(holds, then=Value(1)), default=Value(0), output_field=IntegerField())
        n_held = one if n_held is None else CombinedExpression(n_held, "+", one, output_field=IntegerField())
    return list(rows.filter(any_part).annotate(n_held=n_held).order_by("-n_held", "title_key")[:N_NARROWED])
