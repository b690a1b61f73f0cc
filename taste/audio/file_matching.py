"""Which track of the catalogue a file is: by the recording's id, else by artist and title, else by the file's name.

A file makes no track: music that nobody named here is of no use here. It waits, and is looked for again when tracks
or names were added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from catalog.bulk_naming import Heard, Names
from catalog.models import Alias, Track
from catalog.naming import standing
from social.models import ModerationAction
from taste.audio.file_names import Guess, guesses
from taste.audio.tags import FileTags
from taste.axes.choosing import choose
from taste.models import AudioFile, TrackEmbedding, TrackScore

MatchedBy = AudioFile.MatchedBy
AT_ONCE = 500
NEVER = datetime.min.replace(tzinfo=UTC)
LONGEST_REASON = AudioFile._meta.get_field("no_match_reason").max_length or 300


@dataclass(frozen=True, slots=True)
class Match:
    """What a file is; no track and a reason where nobody knows."""

    track_id: int | None
    matched_by: str = ""
    reason: str = ""


def waiting() -> QuerySet[AudioFile]:
    """Files that belong to no track and that no operator refused one to."""
    refused = Q(matched_by=MatchedBy.HAND) & ~Q(no_match_reason="")
    return AudioFile.objects.filter(track__isnull=True, gone_at__isnull=True).exclude(refused)


def match_waiting(*, now: datetime) -> int:
    """Look again for the tracks of files that have none, where the catalogue has grown; how many found theirs."""
    due = waiting().filter(Q(match_tried_at__isnull=True) | Q(match_tried_at__lt=_newest_name()))
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    names = Names()
    return sum(match_files(ids[start : start + AT_ONCE], now=now, names=names) for start in range(0, len(ids), AT_ONCE))


def match_files(file_ids: Collection[int], *, now: datetime, names: Names | None = None) -> int:
    """Look for the tracks of these files, except where an operator has spoken; how many have one now."""
    files = [
        file
        for file in AudioFile.objects.filter(pk__in=file_ids).order_by("pk")
        if file.matched_by != MatchedBy.HAND or (file.track_id is None and not file.no_match_reason)
    ]
    matches = matched(files, names or Names())
    as_before = []
    for file, match in zip(files, matches, strict=True):
        if match == Match(file.track_id, file.matched_by, file.no_match_reason):
            as_before.append(file.pk)
        else:
            _set(file, match, now=now)
    AudioFile.objects.filter(pk__in=as_before).update(match_tried_at=now)
    return sum(match.track_id is not None for match in matches)


def match_by_hand(*, file: AudioFile, track: Track | None, now: datetime, reason: str = "") -> None:
    """An operator says which track a file is, or that it is none (with a reason); no job changes it from then on."""
    said = "" if track else (reason or "An operator took its track away.")
    _set(file, Match(standing(track).pk if track else None, MatchedBy.HAND, said), now=now)


def match_again(*, file: AudioFile, now: datetime) -> bool:
    """Forget what an operator said, and look for its track as for a new file; whether it has one."""
    file.matched_by, file.no_match_reason = "", ""
    file.save(update_fields=["matched_by", "no_match_reason"])
    return bool(match_files([file.pk], now=now))


def matched(files: Sequence[AudioFile], names: Names) -> list[Match]:
    """What each file is, in their order; a handful of queries for all of them."""
    tags = [FileTags.from_json(file.tags) for file in files]
    by_mbid = _by_mbid({each.recording for each in tags if each.recording})
    from_tags = [list(_named_by_tags(each)) for each in tags]
    from_names = [[Heard(guess.artist, guess.title) for guess in guesses(file.path)] for file in files]
    found = names.find({heard for each in [*from_tags, *from_names] for heard in each})

    def first(candidates: Iterable[Heard]) -> int | None:
        return next((known.track_id for heard in candidates if (known := found.get(heard))), None)

    matches: list[Match] = []
    for file, told, by_tags, by_name in zip(files, tags, from_tags, from_names, strict=True):
        if track_id := by_mbid.get(told.recording):
            matches.append(Match(track_id, MatchedBy.MBID))
        elif track_id := first(by_tags):
            matches.append(Match(track_id, MatchedBy.TAGS))
        elif track_id := first(by_name):
            matches.append(Match(track_id, MatchedBy.NAME))
        else:
            matches.append(Match(None, reason=_reason(told, guesses(file.path))[:LONGEST_REASON]))
    return matches


def _named_by_tags(tags: FileTags) -> Iterator[Heard]:
    """Artist and title as the tags have them; then the album's artist, or the first of several, as services name it."""
    if tags.title:
        artists = (tags.artist, " & ".join(tags.artists), tags.album_artist, *tags.artists[:1])
        for artist in dict.fromkeys(filter(None, artists)):
            yield Heard(artist, tags.title)


def _by_mbid(recordings: Collection[str]) -> dict[str, int]:
    """Tracks by recording; the one that another was merged into has its id, or is told by it."""
    rows = Track.objects.filter(recording_mbid__in=[UUID(each) for each in recordings]).order_by("-pk")
    by_mbid: dict[str, int] = {}
    for track in rows.select_related("merged_into"):
        mbid = str(track.recording_mbid)
        if track.merged_into_id is None or mbid not in by_mbid:
            by_mbid[mbid] = standing(track).pk
    return by_mbid


def _reason(tags: FileTags, guessed: Sequence[Guess]) -> str:
    """Why a file belongs to no track, and what would change that."""
    waits = "it waits until somebody plays it."
    if tags.title and (tags.artist or tags.album_artist):
        artist = tags.artist or tags.album_artist
        beside = " nor its recording" if tags.recording else ""
        return f"Nobody here knows “{tags.title[:100]}” by {artist[:100]}{beside}: {waits}"
    if tags.recording:
        return f"Nobody here knows recording {tags.recording}: {waits}"
    lack = "artist" if tags.title else "title" if tags.artist or tags.album_artist else "artist or title"
    if guessed:
        guess = guessed[0]
        return f"Its tags name no {lack}; its name may mean “{guess.title[:80]}” by {guess.artist[:80]}: {waits}"
    return f"Its tags name no {lack}, and its name says too little: tag it, or match it by hand."


@transaction.atomic
def _set(file: AudioFile, match: Match, *, now: datetime) -> None:
    """What was heard in a file under another track is withdrawn there, and the file is due again for its new one."""
    before = file.track_id
    file.track_id, file.matched_by, file.no_match_reason = match.track_id, match.matched_by, match.reason
    file.match_tried_at = now
    changed = ["track", "matched_by", "no_match_reason", "match_tried_at"]
    if before != match.track_id:
        file.heard_by = ""
        changed.append("heard_by")
    file.save(update_fields=changed)
    if before is not None and before != match.track_id:
        withdraw([before], now=now)


def withdraw(track_ids: Collection[int], *, now: datetime) -> None:
    """Take back what audio said of these tracks; another file of theirs is heard for them anew."""
    TrackScore.objects.filter(track_id__in=track_ids, source=TrackScore.Source.AUDIO).delete()
    TrackEmbedding.objects.filter(track_id__in=track_ids).delete()
    AudioFile.objects.filter(track_id__in=track_ids).update(heard_by="")
    choose(track_ids, now)


def _newest_name() -> datetime:
    """When a name last came to mean a track: a new track or alias, or a moderator's act."""
    newest = (
        Track.objects.aggregate(at=Max("created_at"))["at"],
        Alias.objects.aggregate(at=Max("created_at"))["at"],
        ModerationAction.objects.aggregate(at=Max("created_at"))["at"],
    )
    return max((at for at in newest if at is not None), default=NEVER)
