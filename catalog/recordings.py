"""A recording that was found becomes the track's: its id, its artists, and what its old name means from now on.

`settle` is for jobs, which are sure; `link_by_hand` for moderators, who can take it back; `track_of` for members, whose
word on a name counts for themselves: it makes the track that they mean, and leaves the name to others as it was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from catalog.clients.musicbrainz_records import Credit, RecordingRecord
from catalog.merging import MergeRefused, merge_tracks
from catalog.models import Alias, Artist, Track
from catalog.models.resolution import Resolution
from catalog.names import name_key, tidy, title_key
from catalog.naming import get_or_create_artist, standing
from sidetrack import slots
from social.errors import Refused
from social.models import ModerationAction, User
from social.moderation import log_action, require_moderator

logger = logging.getLogger(__name__)

N_ATTEMPTS = 3
SAME = "One MusicBrainz recording"
LINKED = ("recording_mbid", "artist_id", "artist_credit", "duration_ms", "resolution", "match_quality")


@dataclass(frozen=True)
class Choice:
    """A recording, and how sure it is that it is meant: 0 to 1."""

    record: RecordingRecord
    quality: float


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
    if is_by_hand or track.lines.exists():  # pages of the archive show it
        list(slots.call("catalog:changed"))
    return True


@transaction.atomic
def link_by_hand(*, track: Track, record: RecordingRecord, moderator: User, reason: str, now: datetime) -> Track:
    """A moderator's answer, for everybody: the track is this recording. `unlink` takes it back, `unmerge` a merge."""
    require_moderator(moderator)
    twin = Track.objects.current().filter(recording_mbid=record.mbid).exclude(pk=track.pk).first()
    if twin is not None:
        merge_tracks(keep=twin, drop=track, moderator=moderator, reason=reason, now=now)
        return twin
    before = _linked(track)
    last_alias = Alias.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    _settle(track, Choice(record, 1.0), now, is_by_hand=True)
    track = Track.objects.select_related("artist").get(pk=track.pk)
    aliases = list(Alias.objects.filter(pk__gt=last_alias, track=track).values_list("pk", flat=True))
    after = _linked(track) | {"aliases": aliases}
    log_action(moderator=moderator, verb="link_track", obj=track, reason=reason, before=before, after=after, now=now)
    return track


@transaction.atomic
def unlink(*, action: ModerationAction, moderator: User, now: datetime) -> Track:
    """The track is again what it was before a moderator linked it."""
    require_moderator(moderator)
    list(slots.call("catalog:before_merging", [("track", action.object_id)]))
    track = Track.objects.select_for_update(of=("self",)).filter(pk=action.object_id).first()
    if action.verb != "link_track" or ModerationAction.objects.filter(undoes=action).exists():
        raise Refused("There is no link to take back.", code="nothing_to_undo")
    if track is None or track.merged_into_id or _linked(track) != {name: action.after[name] for name in LINKED}:
        raise Refused("The track has changed since.", code="changed_since")
    Alias.objects.filter(pk__in=action.after["aliases"]).delete()
    Track.objects.filter(pk=track.pk).update(**action.before, updated_at=now)
    list(slots.call("catalog:track_artists_changed", [track.pk], now=now))
    list(slots.call("catalog:changed"))
    log_action(
        moderator=moderator, verb="unlink_track", obj=track, reason=f"Undid: {action}"[:1000], before=action.after,
        after=action.before, now=now, undoes=action,
    )  # fmt: skip
    return Track.objects.select_related("artist").get(pk=track.pk)


def _linked(track: Track) -> dict[str, Any]:
    """What a link changes, fit for the log."""
    values = {name: getattr(track, name) for name in LINKED}
    return values | {"recording_mbid": str(track.recording_mbid) if track.recording_mbid else None}


@transaction.atomic
def track_of(*, record: RecordingRecord, heard_as: Track) -> Track:
    """The track of this recording, made where nobody has it; what was heard by its name means what it meant."""
    known = Track.objects.current().select_related("artist").filter(recording_mbid=record.mbid).first()
    if known is not None:
        return known
    artist = artist_of(record.credit, heard_as=heard_as.artist)
    title, credit = tidy(record.title)[:500], tidy(record.credit.text)[:500]
    made = Track.objects.create(
        title=title,
        title_key=title_key(title),
        artist=artist,
        artist_credit=credit if credit and credit != artist.name else "",
        duration_ms=record.length_ms,
        recording_mbid=record.mbid,
        resolution=Resolution.MATCHED,
        match_quality=1.0,
    )
    keys = (heard_as.artist.name_key, heard_as.title_key)
    if (artist.name_key, made.title_key) == keys:  # an identified track would be meant before one without an id
        remember_meaning(keys, heard_as)
    return made


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
    remember_meaning(keys, track)


def remember_meaning(keys: tuple[str, str], track: Track) -> None:
    """Artist and title, as keys, mean this track, unless they have a meaning already."""
    Alias.objects.get_or_create(
        kind=Alias.Kind.TRACK,
        artist_key=keys[0],
        title_key=keys[1],
        defaults={"track": track, "source": "musicbrainz"},
    )
