"""Covers are fetched once by a job, checked, made small, and served by us: no page asks another site for a picture."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from catalog.clients import spotify
from catalog.clients.coverart import LARGEST_PICTURE, CoverArtArchive
from catalog.cover_pictures import BadPicture, CoverFiles, cover_files
from catalog.models import Album
from catalog.names import loose_title_key, name_key, plain_title
from sidetrack import slots
from sidetrack.http import ExternalApiError, NotThere, TryLater, fetch_public

logger = logging.getLogger(__name__)

WIDEST = 600
FOLDER = "covers"


def fetch_cover(*, album: Album, now: datetime) -> bool:
    """Find, check and store the album's cover; whether it has one now. Asked again, an unchanged cover changes nothing.

    The Cover Art Archive first, Spotify after it where keys are set. TryLater when a source cannot now and no other
    has one.
    """
    later: TryLater | None = None
    for name, fetch in _sources(album, now):
        try:
            pictures = cover_files(fetch())
        except NotThere:
            continue
        except TryLater as error:
            later = error
            continue
        except BadPicture as error:
            logger.warning("%s's cover of album %s is not used: %s", name, album.pk, error)
            continue
        except ExternalApiError as error:
            logger.warning("No cover of album %s: %s", album.pk, error)
            continue
        _store(album, pictures, now)
        return True
    if later is not None:
        raise later
    Album.objects.filter(pk=album.pk).update(cover_checked_at=now)
    return bool(album.cover_300)


def _sources(album: Album, now: datetime) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if (group := album.release_group_mbid) is not None:
        yield "The Cover Art Archive", lambda: CoverArtArchive(now=now).front_of(group, size=WIDEST)
    if spotify.is_configured():
        yield "Spotify", lambda: _from_spotify(album, now)


def _from_spotify(album: Album, now: datetime) -> bytes:
    client = spotify.SpotifyCatalogue(now=now)
    if album.spotify_id:
        found = client.album(album.spotify_id)
    else:
        named = client.search_albums(artist=album.artist.name, title=plain_title(album.title))
        same = [each for each in named if _is_same(album, each)]
        if not same:
            raise NotThere(f"Spotify has no album “{album.title}” by {album.artist.name}.")
        found = min(same, key=lambda each: abs((each.year or 0) - (album.release_year or each.year or 0)))
    address = found.image_for(WIDEST)
    if not address:
        raise NotThere(f"Spotify has no cover of “{album.title}”.")
    reply = fetch_public(
        address, action="fetch the cover of", subject=album.title, accept="image/*", max_bytes=LARGEST_PICTURE,
        trusted=spotify.trusted_hosts(),
    )  # fmt: skip
    return reply.content


def _is_same(album: Album, found: spotify.SpotifyAlbum) -> bool:
    by = {name_key(name) for name in found.artists}
    return loose_title_key(found.title) == loose_title_key(album.title) and name_key(album.artist.name) in by


def _store(album: Album, pictures: CoverFiles, now: datetime) -> None:
    """Files named after their content: the same cover is the same file, another one is another address."""
    names = {size: _save(content, size) for size, content in pictures.files.items()}
    with transaction.atomic():
        album.refresh_from_db()
        before = (album.cover_300.name, album.cover_600.name, album.cover_hue)
        album.cover_300.name, album.cover_600.name = names[300], names[600]
        album.cover_hue, album.cover_checked_at = pictures.hue, now
        album.save(update_fields=["cover_300", "cover_600", "cover_hue", "cover_checked_at", "updated_at"])
        if before != (names[300], names[600], pictures.hue):
            list(slots.call("catalog:changed"))
            old = [name for name in before[:2] if name]
            transaction.on_commit(lambda: _delete_unused(old))


def _save(content: bytes, size: int) -> str:
    name = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:20]}-{size}.webp"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))


def _delete_unused(names: list[str]) -> None:
    for name in names:
        if not Album.objects.filter(Q(cover_300=name) | Q(cover_600=name)).exists():
            default_storage.delete(name)
