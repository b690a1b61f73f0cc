"""One track on its way to a MusicBrainz id: what the catalogue knows, what sources claim, what a search finds."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count

from catalog.clients.musicbrainz import MusicBrainz
from catalog.merging import MergeRefused, merge_tracks
from catalog.models import Album, Track
from catalog.models.resolution import Resolution
from catalog.names import plain_name, plain_title
from catalog.naming import standing
from catalog.recordings import Choice, settle
from listening.models import RecordingHint
from listening.resolving.choosing import Sought, choose, verified
from listening.resolving.evidence import albums_of, sought
from listening.resolving.neighbours import neighbour_of
from sidetrack.http import NotThere, OddReply, TryLater

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(days=1), timedelta(days=32)
N_HINTS = 3  # ids that are looked up for one track, the most often claimed first
N_FOUND = 25


def pause_after(n_tries: int) -> timedelta:
    """1 day, 2, 4 … 32: how long a track that nobody can tell rests before the next try."""
    factor: int = 2 ** min(max(n_tries - 1, 0), 5)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def resolve_track(*, track: Track, now: datetime) -> Resolution:
    """Find the track's recording and store it; nothing is stored where more than one may be meant.

    TryLater when MusicBrainz cannot now; the track is then due again as soon as it can. What nobody can tell is due
    again after a pause that doubles with each try.
    """
    track = standing(Track.objects.select_related("artist", "merged_into__artist").get(pk=track.pk))
    if track.recording_mbid or track.resolution == Resolution.MANUAL:
        return Resolution(track.resolution)
    track.n_tries += 1
    track.next_try_at = now + pause_after(track.n_tries)  # before the work: a try that kills its process counts too
    track.save(update_fields=["n_tries", "next_try_at"])
    albums = albums_of(track)
    if (known := neighbour_of(track, albums)) is not None:
        try:
            merge_tracks(keep=known, drop=track, moderator=None, reason="One name on one album", now=now)
        except MergeRefused as refusal:
            logger.warning("Tracks %s and %s are the same but stay apart: %s", known.pk, track.pk, refusal)
        else:
            return Resolution.MATCHED
    try:
        choice = _ask(track, sought(track, albums), albums, MusicBrainz(now=now))
    except TryLater as error:
        track.n_tries -= 1
        track.next_try_at = now + timedelta(seconds=error.after)
        track.save(update_fields=["n_tries", "next_try_at"])
        raise
    if choice is not None and settle(track=track, choice=choice, now=now):
        return Resolution.MATCHED
    Track.objects.filter(pk=track.pk, resolution=Resolution.UNRESOLVED).update(
        resolution=Resolution.NO_MATCH, updated_at=now
    )
    return Resolution.NO_MATCH


def _ask(track: Track, wanted: Sought, albums: list[Album], client: MusicBrainz) -> Choice | None:
    """What sources claim, verified; else what a search finds: on the album first, then anywhere."""
    for choice in _claimed(track, wanted, client):
        return choice
    title, artist = plain_title(track.title), plain_name(track.artist_credit or track.artist.name)
    for album in dict.fromkeys([*(plain_title(each.title) for each in albums[:1]), ""]):
        records = client.search_recordings(artist=artist, title=title, album=album, limit=N_FOUND)
        if (chosen := choose(records, wanted)) is not None:
            return chosen
    return None


def _claimed(track: Track, wanted: Sought, client: MusicBrainz) -> Iterator[Choice]:
    """The ids that sources gave, those of more sources first; one that proves wrong is not looked up again."""
    hints = RecordingHint.objects.filter(track=track, is_wrong=False)
    counted = hints.values_list("recording_mbid").annotate(n=Count("pk")).order_by("-n", "recording_mbid")
    for mbid, _ in counted[:N_HINTS]:
        try:
            choice = verified(client.recording(mbid), wanted)
        except (NotThere, OddReply):
            choice = None
        if choice is not None:
            yield choice
        RecordingHint.objects.filter(track=track, recording_mbid=mbid).update(is_wrong=True)
