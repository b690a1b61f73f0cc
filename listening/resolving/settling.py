"""A recording that was found becomes the track's: its id, its artists, and what its old name means from now on."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from catalog.clients.musicbrainz_records import Credit
from catalog.merging import MergeRefused, merge_tracks
from catalog.models import Alias, Artist, Track
from catalog.models.resolution import Resolution
from catalog.names import name_key, tidy
from catalog.naming import get_or_create_artist, standing
from listening.resolving.choosing import Choice
from sidetrack import slots

logger = logging.getLogger(__name__)

N_ATTEMPTS = 3
SAME = "One MusicBrainz recording"


def settle(*, track: Track, choice: Choice, now: datetime, is_by_hand: bool = False) -> bool:
    """Write the choice down; False where a rule keeps the track apart from the one that has this recording already.

    Another process may store the same recording or artist meanwhile: the constraint tells, and the next try finds it.
    """
    for attempt in range(N_ATTEMPTS):
        try:
            with transaction.atomic():
                return _settle(track, choice, now, is_by_hand=is_by_hand)
        except MergeRefused as refusal:
            logger.warning("Track %s stays apart from its recording %s: %s", track.pk, choice.record.mbid, refusal)
            return False
        except IntegrityError:
            if attempt == N_ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _settle(track: Track, choice: Choice, now: datetime, *, is_by_hand: bool) -> bool:
    track = Track.objects.select_related("artist").get(pk=track.pk)
    if track.merged_into_id:
        return True
    record = choice.record
    old_keys = (track.artist.name_key, track.title_key)
    twin = Track.objects.current().select_related("artist").filter(recording_mbid=record.mbid).first()
    if twin is not None and twin.pk != track.pk:
        merge_tracks(keep=twin, drop=track, moderator=None, reason=SAME, now=now)
        remember_name(old_keys, twin)
        return True
    list(slots.call("catalog:before_merging", [("track", track.pk)]))  # who heard it, in the order that `ingest` locks
    artist = artist_of(record.credit, heard_as=track.artist)
    credit = tidy(record.credit.text)[:500]
    values: dict[str, Any] = {
        "recording_mbid": record.mbid,
        "artist_id": artist.pk,
        "artist_credit": credit if credit and credit != artist.name else "",
        "duration_ms": record.length_ms or track.duration_ms,
        "resolution": Resolution.MANUAL if is_by_hand else Resolution.MATCHED,
        "match_quality": choice.quality,
        "n_tries": 0,
        "next_try_at": None,
        "updated_at": now,
    }
    Track.objects.filter(pk=track.pk).update(**values)
    if artist.pk != track.artist_id:
        list(slots.call("catalog:track_artists_changed", [track.pk], now=now))
    track.refresh_from_db()
    remember_name(old_keys, track)
    list(slots.call("catalog:changed"))
    return True


def artist_of(credit: Credit, *, heard_as: Artist) -> Artist:
    """Whose track it is: the artist of the credit under whose name it was heard, else the first.

    A joint name (“A & B”) that MusicBrainz knows as two artists is the first one's track; the credit keeps them all.
    """
    if not credit.artists:
        return heard_as
    by_id = [each for each in credit.artists if each.mbid and each.mbid == heard_as.mbid]
    by_name = [
        each for each in credit.artists if heard_as.name_key in {name_key(each.name), name_key(each.credited_as)}
    ]
    meant = next(iter(by_id + by_name), credit.artists[0])
    if not meant.mbid or meant.mbid == heard_as.mbid:
        return heard_as if meant.mbid or by_name else get_or_create_artist(name=meant.name)[0]
    artist, _ = get_or_create_artist(name=meant.name, mbid=meant.mbid, is_demo=heard_as.is_demo)
    return standing(artist)


def remember_name(keys: tuple[str, str], track: Track) -> None:
    """The name that was heard means this track from now on, where it would not by itself."""
    artist_key, title = keys
    others = Track.objects.current().filter(
        artist__name_key=artist_key, title_key=title, recording_mbid__isnull=False
    )  # fmt: skip
    if (track.artist.name_key, track.title_key) == keys and not others.exclude(pk=track.pk).exists():
        return
    Alias.objects.get_or_create(
        kind=Alias.Kind.TRACK,
        artist_key=artist_key,
        title_key=title,
        defaults={"track": track, "source": "musicbrainz"},
    )
