"""What members say themselves about names that nobody could tell; it counts for their own listens and can be undone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from catalog.clients.musicbrainz_records import RecordingRecord
from catalog.models import Track
from catalog.models.resolution import Resolution
from catalog.recordings import track_of
from listening import corrections
from listening.models import Correction, ListenEvent, TrackTotal
from social.errors import Refused
from social.models import User


def unresolved_of(user: User) -> QuerySet[TrackTotal]:
    """What the member plays of which no recording is known, the most played first."""
    totals = TrackTotal.objects.filter(user=user, n_listens__gt=0, track__recording_mbid__isnull=True)
    totals = totals.exclude(track__resolution=Resolution.MANUAL)
    return totals.select_related("track__artist").order_by("-n_listens", "track_id")


@transaction.atomic
def link(*, user: User, track: Track, meant: Track | RecordingRecord, now: datetime) -> tuple[Track, list[Correction]]:
    """Whatever this member's sources call so is the track that is meant, for the past and for what comes."""
    msids = _names(user, track)
    if isinstance(meant, RecordingRecord):
        meant = track_of(record=meant, heard_as=track)
    if meant.pk == track.pk:
        raise Refused("That is the same track.", code="same_track")
    said = [corrections.relink(user=user, msid=msid, track=meant, now=now) for msid in msids]
    return meant, said


@transaction.atomic
def not_music(*, user: User, track: Track, now: datetime) -> list[Correction]:
    """Whatever this member's sources call so is no music: its plays are taken out."""
    return [corrections.not_music(user=user, msid=msid, now=now) for msid in _names(user, track)]


def _names(user: User, track: Track) -> list[UUID]:
    """Under which names the member's sources have it: spellings differ."""
    msids = list(
        ListenEvent.objects.filter(user=user, track=track).order_by().values_list("msid", flat=True).distinct()
    )
    if not msids:
        raise Refused("None of your plays is of this track any more.", code="no_such_listen")
    return sorted(msids)
