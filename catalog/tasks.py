"""Jobs of the catalogue. Each takes ids, may run twice, and says in a line what it did."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from catalog.clients import remembering, spotify
from catalog.covers import fetch_cover
from catalog.forgetting import forget_unused_names
from catalog.identification import identify_album
from catalog.models import Album
from catalog.naming import standing
from catalog.wanted import in_order_of_need
from sidetrack.http import ExternalApiError, TryLater

logger = logging.getLogger(__name__)

N_AT_ONCE = 40  # a sweep every five minutes at one request a second: more would only wait in the queue
N_HEARD_AT_ONCE = 15  # albums that were only heard leave the greater part of each five minutes to whoever waits
QUEUED_FOR = timedelta(minutes=30)
COVER_RESTS = timedelta(days=30)


def identify(album_id: int) -> str:
    """Find one album at MusicBrainz."""
    album = Album.objects.filter(pk=album_id).first()
    if album is None:
        return f"Album {album_id} is gone."
    try:
        resolution = identify_album(album=album, now=timezone.now())
    except TryLater as error:
        return f"Album {album_id} waits: {error}"
    except ExternalApiError as error:
        logger.warning("Album %s was not identified: %s", album_id, error)
        return f"Album {album_id} failed: {error}"
    return f"Album {album_id}: {resolution.label}."


def identify_due() -> str:
    """Queue a look-up of each album whose next try is due; an album in the queue is not due for a while."""
    now = timezone.now()
    due = Album.objects.unidentified().filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now), is_demo=False)
    n_queued = 0
    for album_id in in_order_of_need(due, N_AT_ONCE, n_heard=N_HEARD_AT_ONCE, order=("n_tries", "id")):
        is_ours = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
        if Album.objects.filter(is_ours, pk=album_id).update(next_try_at=now + QUEUED_FOR):
            async_task("catalog.tasks.identify", album_id)
            n_queued += 1
    return f"Queued {n_queued} albums to identify."


def cover(album_id: int) -> str:
    """Fetch one album's cover."""
    album = Album.objects.select_related("artist", "merged_into").filter(pk=album_id).first()
    if album is None:
        return f"Album {album_id} is gone."
    album = standing(album)
    try:
        has_cover = fetch_cover(album=album, now=timezone.now())
    except TryLater as error:
        return f"The cover of album {album.pk} waits: {error}"
    return f"Album {album.pk} has {'its' if has_cover else 'no'} cover."


def fetch_due_covers() -> str:
    """Queue a fetch for identified albums without a cover that were not asked about lately."""
    now = timezone.now()
    without = Album.objects.current().filter(cover_300="", is_demo=False)
    if not spotify.is_configured():
        without = without.filter(release_group_mbid__isnull=False)
    is_due = Q(cover_checked_at__isnull=True) | Q(cover_checked_at__lte=now - COVER_RESTS)
    n_queued = 0
    for album_id in in_order_of_need(without.filter(is_due), N_AT_ONCE, n_heard=N_HEARD_AT_ONCE, order=("-id",)):
        # Marked as asked until an hour from now: a fetch that fails for the moment is due again then.
        if Album.objects.filter(is_due, pk=album_id).update(cover_checked_at=now - COVER_RESTS + timedelta(hours=1)):
            async_task("catalog.tasks.cover", album_id)
            n_queued += 1
    return f"Queued {n_queued} covers to fetch."


def forget_old_answers() -> str:
    """Delete remembered answers of outside services that have expired."""
    return f"Forgot {remembering.forget_old_answers(now=timezone.now())} old answers."


def forget_names() -> str:
    """Delete artists, albums and tracks that are names alone and that nothing needs any more."""
    return f"Forgot {forget_unused_names(now=timezone.now())} names that nobody uses."
