"""Everything that changes a playlist. Each function may be called twice; the second call changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from catalog.models import Track
from catalog.names import tidy
from social.errors import NotAllowed, Refused
from social.models import User
from social.standing import require_active
from social.visibility import Visibility
from taste.mixtapes import Mixtape
from taste.models import Playlist, PlaylistTrack

MAX_TRACKS, MAX_LISTS = 500, 300
FOUND_KEY, FOUND_TITLE = "found", "Found by the way"
ASIDE = 10_000  # positions above any in use: one place is held by one line at every moment
LENGTHS = {"title": 120, "note": 500, "reason": 200, "key": 80}


@dataclass(frozen=True, slots=True)
class Line:
    """origin: of a blend's track, one of PlaylistTrack.Origin."""

    track: Track
    reason: str = ""
    origin: str = ""


@transaction.atomic
def save(
    *, user: User, kind: str, key: str, title: str, note: str = "", lines: Sequence[Line], now: datetime
) -> Playlist:
    """Keep a list that Sidetrack made; the same member, kind and key again replaces its tracks and its note.

    Its visibility stays as the member chose it. A track stands on it once, where it comes first.
    """
    require_active(user, now)
    playlist = _get_or_make(user, kind, key, title=title, now=now)
    return _fill(playlist, title=title, note=note, lines=lines, now=now)


@transaction.atomic
def save_of_club(*, key: str, title: str, note: str, lines: Sequence[Line], now: datetime) -> Playlist:
    """The same for a list that is the club's own."""
    about = {"title": title[: LENGTHS["title"]], "created_at": now, "updated_at": now, "visibility": Visibility.MEMBERS}
    known = {"user": None, "kind": Playlist.Kind.CLUB, "key": key}
    playlist: Playlist = Playlist.objects.select_for_update().get_or_create(**known, defaults=about)[0]
    return _fill(playlist, title=title, note=note, lines=lines, now=now)


def save_mixtape(*, user: User, mixtape: Mixtape, now: datetime) -> Playlist:
    """Keep a week's mixtape among the member's lists."""
    return save(
        user=user,
        kind=Playlist.Kind.MIXTAPE,
        key=mixtape.key,
        title=f"Mixtape of {mixtape.key}",
        note=mixtape.method,
        lines=[Line(each.track, each.reason) for each in mixtape.tracks],
        now=now,
    )


@transaction.atomic
def make(*, user: User, title: str, now: datetime) -> Playlist:
    """An empty list of the member's own; one of the same name is answered as it is."""
    require_active(user, now)
    title = tidy(title)[: LENGTHS["title"]]
    if not title:
        raise Refused("Give the list a name.", code="bad_list")
    return _get_or_make(user, Playlist.Kind.MINE, _key_of(title), title=title, now=now)


@transaction.atomic
def add_track(
    *, user: User, track: Track, now: datetime, playlist: Playlist | None = None, reason: str = ""
) -> Playlist:
    """Put a track at the end of one of the member's own lists; none named: “Found by the way”, made when missing."""
    require_active(user, now)
    if playlist is None:
        playlist = _get_or_make(user, Playlist.Kind.MINE, FOUND_KEY, title=FOUND_TITLE, now=now)
    playlist = _owned(user, playlist)
    if playlist.kind != Playlist.Kind.MINE:
        raise Refused("Sidetrack makes this list: add tracks to one of your own.", code="bad_list")
    if playlist.lines.filter(track=track).exists():
        return playlist
    last = playlist.lines.aggregate(last=Max("position"))["last"] or 0
    if last >= MAX_TRACKS:
        raise Refused(f"“{playlist}” has {MAX_TRACKS} tracks: that is as many as a list holds.", code="too_many")
    reason = tidy(reason)[: LENGTHS["reason"]]
    PlaylistTrack.objects.create(playlist=playlist, track=track, position=last + 1, reason=reason)
    _touch(playlist, now)
    return playlist


@transaction.atomic
def remove(*, user: User, playlist: Playlist, line_id: int, now: datetime) -> bool:
    """Take a line out; whether it was there. Those behind it move up."""
    playlist = _owned(user, playlist)
    if not playlist.lines.filter(pk=line_id).delete()[0]:
        return False
    _number(playlist, list(playlist.lines.order_by("position").values_list("pk", flat=True)))
    _touch(playlist, now)
    return True


@transaction.atomic
def move(*, user: User, playlist: Playlist, line_id: int, to: int, now: datetime) -> bool:
    """Put a line in that place, from 1; beyond the end is the end. Whether the list has the line."""
    playlist = _owned(user, playlist)
    ids = list(playlist.lines.order_by("position").values_list("pk", flat=True))
    if line_id not in ids:
        return False
    before = list(ids)
    ids.remove(line_id)
    ids.insert(max(0, to - 1), line_id)
    if ids != before:
        _number(playlist, ids)
        _touch(playlist, now)
    return True


@transaction.atomic
def edit(*, user: User, playlist: Playlist, title: str, note: str, visibility: str, now: datetime) -> Playlist:
    """Name, note and who may see it. The name of a list that Sidetrack makes stays with it."""
    require_active(user, now)
    playlist = _owned(user, playlist)
    title = tidy(title)[: LENGTHS["title"]]
    if not title:
        raise Refused("Give the list a name.", code="bad_list")
    if visibility not in Visibility.values:
        raise Refused("Choose who may see the list.", code="bad_list")
    if playlist.kind == Playlist.Kind.BLEND and visibility != Visibility.ME:
        raise Refused("A blend tells what both of you play: it is for the two of you.", code="bad_list")
    if playlist.kind == Playlist.Kind.MINE:
        playlist.title, playlist.note = title, note.replace("\x00", "").strip()[: LENGTHS["note"]]
    playlist.visibility, playlist.updated_at = visibility, now
    playlist.save(update_fields=["title", "note", "visibility", "updated_at"])
    return playlist


@transaction.atomic
def delete(*, user: User, playlist: Playlist) -> bool:
    """Forget the list; whether it was still there."""
    if not Playlist.objects.filter(pk=playlist.pk).exists():
        return False
    _owned(user, playlist).delete()
    return True


def _owned(user: User, playlist: Playlist) -> Playlist:
    """The row, locked; refused to everybody but its owner."""
    row: Playlist | None = Playlist.objects.select_for_update().filter(pk=playlist.pk).first()
    if row is None or row.user_id != user.pk:
        raise NotAllowed("Only its owner changes a list.", code="not_owner")
    return row


def _key_of(title: str) -> str:
    """The same for one name in any case, and for no two: “C” and “C++” are two lists, and neither is `FOUND_KEY`."""
    return f"named {hashlib.sha256(title.casefold().encode()).hexdigest()[:32]}"


def _get_or_make(user: User, kind: str, key: str, *, title: str, now: datetime) -> Playlist:
    key = key[: LENGTHS["key"]]
    found: Playlist | None = Playlist.objects.select_for_update().filter(user=user, kind=kind, key=key).first()
    if found is not None:
        return found
    if Playlist.objects.filter(user=user).count() >= MAX_LISTS:
        raise Refused(f"You have {MAX_LISTS} lists: delete one first.", code="too_many")
    about = {"title": title[: LENGTHS["title"]], "created_at": now, "updated_at": now}
    made: Playlist = Playlist.objects.get_or_create(user=user, kind=kind, key=key, defaults=about)[0]
    return made


def _fill(playlist: Playlist, *, title: str, note: str, lines: Sequence[Line], now: datetime) -> Playlist:
    """The row with these lines, name and note; nothing is written anew where nothing differs."""
    playlist.title, playlist.note = title[: LENGTHS["title"]], note[: LENGTHS["note"]]
    first_of: dict[int, Line] = {}
    for line in lines:
        first_of.setdefault(line.track.pk, line)
    wanted = list(first_of.values())[:MAX_TRACKS]
    kept = list(playlist.lines.order_by("position").values_list("track_id", "reason", "origin"))
    if kept == [(line.track.pk, line.reason[: LENGTHS["reason"]], line.origin) for line in wanted]:
        playlist.save(update_fields=["title", "note"])
        return playlist
    playlist.lines.all().delete()
    PlaylistTrack.objects.bulk_create(
        PlaylistTrack(
            playlist=playlist,
            track=line.track,
            position=at,
            reason=line.reason[: LENGTHS["reason"]],
            origin=line.origin,
        )
        for at, line in enumerate(wanted, start=1)
    )
    playlist.updated_at = now
    playlist.save(update_fields=["title", "note", "updated_at"])
    return playlist


def _number(playlist: Playlist, ids: list[int]) -> None:
    """Give the lines the places 1 to n in this order."""
    playlist.lines.update(position=F("position") + ASIDE)
    PlaylistTrack.objects.bulk_update(
        [PlaylistTrack(pk=pk, position=at) for at, pk in enumerate(ids, start=1)], ["position"], batch_size=MAX_TRACKS
    )


def _touch(playlist: Playlist, now: datetime) -> None:
    Playlist.objects.filter(pk=playlist.pk).update(updated_at=now)
