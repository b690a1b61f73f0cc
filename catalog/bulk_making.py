"""Rows for thousands of names that nobody has yet, made with a handful of queries.

Always in the order of the keys: two processes that make the same rows then wait for each other, and never in a ring.
What another process made first is left as it is. New albums queue no job: the sweep finds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from unidecode import unidecode

from catalog import bulk_rows
from catalog.bulk_rows import Asked, Found, Keys, Row, parts
from catalog.models import Album, Artist, Track
from catalog.names import plain_name

N_AT_ONCE = 1_000  # rows in one statement or transaction: what others wait for
N_NUMBERED = 5  # “nirvana-2” to “nirvana-5”; after these a slug ends in a piece of a checksum of its name


def make(missing: Iterable[Asked], found: Found, *, is_demo: bool) -> None:
    """Artists, then tracks and albums, as far as `found` lacks them."""
    names = list(missing)
    new_tracks = [each for each in names if (each.artist_key, each.title_key) not in found.tracks]
    new_albums = [each for each in names if each.album_key and (each.maker_key, each.album_key) not in found.albums]
    makers = {each.artist_key: each.artist for each in reversed(new_tracks)}
    makers = {each.maker_key: each.maker for each in reversed(new_albums)} | makers
    artists = {key: found.artists[key] for key in makers if key in found.artists}
    if unknown := {key: plain_name(name) for key, name in makers.items() if key not in artists}:
        _make_artists(unknown, is_demo=is_demo)
        artists |= bulk_rows.artists_of(unknown.keys())
    if not is_demo:
        _take_from_demo(Artist, {row.id for row in artists.values() if row.is_demo})
    # An artist whom another process removed meanwhile is made in the next round.
    _make_tracks([each for each in new_tracks if each.artist_key in artists], artists, is_demo=is_demo)
    _make_albums([each for each in new_albums if each.maker_key in artists], artists, is_demo=is_demo)


def make_real(found: Found) -> None:
    """Rows of the demo that a real listen names belong to the demo no longer, and neither do their artists."""
    tracks = [row for row in found.tracks.values() if row.is_demo]
    albums = [row for row in found.albums.values() if row.is_demo]
    _take_from_demo(Track, {row.id for row in tracks})
    _take_from_demo(Album, {row.id for row in albums})
    _take_from_demo(Artist, {row.artist_id for row in (*tracks, *albums)})


def _take_from_demo(model: type[Artist | Album | Track], ids: set[int]) -> None:
    for part in parts(sorted(ids), N_AT_ONCE):
        model._default_manager.filter(pk__in=part, is_demo=True).update(is_demo=False, updated_at=timezone.now())


def _make_artists(names: dict[str, str], *, is_demo: bool) -> None:
    slugs = _free_slugs(Artist, names)
    rows = [Artist(name=names[key], name_key=key, slug=slugs[key], is_demo=is_demo) for key in sorted(names)]
    Artist.objects.bulk_create(rows, ignore_conflicts=True, batch_size=N_AT_ONCE)


def _make_tracks(names: list[Asked], artists: dict[str, Row], *, is_demo: bool) -> None:
    rows: dict[tuple[int, str], Track] = {}
    for each in names:
        place = (artists[each.artist_key].id, each.title_key)
        if place not in rows:
            credit = each.artist if plain_name(each.artist) != each.artist else ""
            rows[place] = Track(
                title=each.title, title_key=each.title_key, artist_id=place[0], artist_credit=credit, is_demo=is_demo
            )
    Track.objects.bulk_create([rows[place] for place in sorted(rows)], ignore_conflicts=True, batch_size=N_AT_ONCE)


def _make_albums(names: list[Asked], artists: dict[str, Row], *, is_demo: bool) -> None:
    first: dict[Keys, Asked] = {}
    for each in names:
        first.setdefault((each.maker_key, each.album_key), each)
    slugs = _free_slugs(Album, {keys: f"{plain_name(each.maker)} {each.album}" for keys, each in first.items()})
    rows: dict[tuple[int, str], Album] = {}
    for keys, each in first.items():
        place = (artists[each.maker_key].id, each.album_key)
        rows[place] = Album(
            title=each.album, title_key=each.album_key, artist_id=place[0], slug=slugs[keys], is_demo=is_demo
        )
    Album.objects.bulk_create([rows[place] for place in sorted(rows)], ignore_conflicts=True, batch_size=N_AT_ONCE)


def _free_slugs(model: type[Artist | Album], texts: dict[Any, str]) -> dict[Any, str]:
    """A slug for each text, none of them in use: the text's own, else with a number, else with a checksum."""
    limit = (model._meta.get_field("slug").max_length or 100) - 8
    own = {
        key: slugify(unidecode(text))[:limit].strip("-") or str(model._meta.model_name) for key, text in texts.items()
    }
    taken = _taken(model, set(own.values()))
    slugs: dict[Any, str] = {}
    crowded: dict[Any, list[str]] = {}
    for key, slug in own.items():
        if slug in taken:
            checksum = hashlib.sha1(repr(key).encode(), usedforsecurity=False).hexdigest()[:6]
            crowded[key] = [*(f"{slug}-{number}" for number in range(2, N_NUMBERED + 1)), f"{slug}-{checksum}"]
        else:
            taken.add(slug)
            slugs[key] = slug
    taken |= _taken(model, {slug for choices in crowded.values() for slug in choices})
    for key, choices in crowded.items():
        slugs[key] = next((slug for slug in choices if slug not in taken), choices[-1])
        taken.add(slugs[key])
    return slugs


def _taken(model: type[Artist | Album], slugs: set[str]) -> set[str]:
    taken: set[str] = set()
    for part in parts(sorted(slugs), bulk_rows.N_KEYS):
        taken.update(model._default_manager.filter(slug__in=part).values_list("slug", flat=True))
    return taken
