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

from catalog.bulk_rows import Asked, Found, Keys, Row, parts
from catalog.models import Album, Artist, Track
from catalog.names import plain_name
from sidetrack.bulk.given import NUMBER, TEXT, TRUTH
from sidetrack.bulk.rows import make_missing, matching

N_AT_ONCE = 1_000  # rows in one statement or transaction: what others wait for
N_NUMBERED = 5  # “nirvana-2” to “nirvana-5”; after these a slug ends in a piece of a checksum of its name


def make(missing: Iterable[Asked], found: Found, *, is_demo: bool) -> None:
    """Artists, then tracks and albums, as far as `found` lacks them; `found` gains what was made here.

    What another process made meanwhile is not in it: `bulk_rows.look` again finds these.
    """
    names = list(missing)
    new_tracks = [each for each in names if (each.artist_key, each.title_key) not in found.tracks]
    new_albums = [each for each in names if each.album_key and (each.maker_key, each.album_key) not in found.albums]
    makers = {each.artist_key: each.artist for each in reversed(new_tracks)}
    makers = {each.maker_key: each.maker for each in reversed(new_albums)} | makers
    known = {key: found.artists[key] for key in makers if key in found.artists}
    if not is_demo:
        _take_from_demo(Artist, {row.id for row in known.values() if row.is_demo})
    _make_artists({key: plain_name(name) for key, name in makers.items() if key not in known}, found, is_demo=is_demo)
    _make_tracks([each for each in new_tracks if each.artist_key in found.artists], found, is_demo=is_demo)
    _make_albums([each for each in new_albums if each.maker_key in found.artists], found, is_demo=is_demo)


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


def _make_artists(names: dict[str, str], found: Found, *, is_demo: bool) -> None:
    slugs = _free_slugs(Artist, names)
    columns = {"name_key": TEXT, "name": TEXT, "slug": TEXT, "is_demo": TRUTH}
    rows = [(key, names[key], slugs[key], is_demo) for key in sorted(names)]
    for part in parts(rows, N_AT_ONCE):
        for pk, key in make_missing(Artist, columns, part, ("id", "name_key")):
            found.artists[key] = Row(pk, pk, is_demo)


def _make_tracks(names: list[Asked], found: Found, *, is_demo: bool) -> None:
    rows: dict[tuple[int, str], tuple[Any, ...]] = {}
    keys_of: dict[tuple[int, str], set[Keys]] = {}
    for each in names:
        place = (found.artists[each.artist_key].id, each.title_key)
        keys_of.setdefault(place, set()).add((each.artist_key, each.title_key))
        if place not in rows:
            credit = each.artist if plain_name(each.artist) != each.artist else ""
            rows[place] = (*place, each.title, credit, is_demo)
    columns = {"artist_id": NUMBER, "title_key": TEXT, "title": TEXT, "artist_credit": TEXT, "is_demo": TRUTH}
    found.tracks |= _made(Track, columns, rows, keys_of, is_demo=is_demo)


def _make_albums(names: list[Asked], found: Found, *, is_demo: bool) -> None:
    first: dict[Keys, Asked] = {}
    for each in names:
        first.setdefault((each.maker_key, each.album_key), each)
    slugs = _free_slugs(Album, {keys: f"{plain_name(each.maker)} {each.album}" for keys, each in first.items()})
    rows: dict[tuple[int, str], tuple[Any, ...]] = {}
    keys_of: dict[tuple[int, str], set[Keys]] = {}
    for keys, each in first.items():
        place = (found.artists[each.maker_key].id, each.album_key)
        keys_of.setdefault(place, set()).add(keys)
        rows[place] = (*place, each.album, slugs[keys], is_demo)
    columns = {"artist_id": NUMBER, "title_key": TEXT, "title": TEXT, "slug": TEXT, "is_demo": TRUTH}
    found.albums |= _made(Album, columns, rows, keys_of, is_demo=is_demo)


def _made(
    model: type[Track | Album],
    columns: dict[str, str],
    rows: dict[tuple[int, str], tuple[Any, ...]],
    keys_of: dict[tuple[int, str], set[Keys]],
    *,
    is_demo: bool,
) -> dict[Keys, Row]:
    """Write the rows, by artist and title key, in that order; the new ones under every pair of keys that names them."""
    made: dict[Keys, Row] = {}
    for part in parts([rows[place] for place in sorted(rows)], N_AT_ONCE):
        for pk, artist_id, title_key in make_missing(model, columns, part, ("id", "artist_id", "title_key")):
            made |= dict.fromkeys(keys_of[artist_id, title_key], Row(pk, artist_id, is_demo))
    return made


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
    return {slug for (slug,) in matching(model, {"slug": TEXT}, [(slug,) for slug in slugs], ("slug",))}
