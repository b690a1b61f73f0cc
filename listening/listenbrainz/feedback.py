"""Loved and hated, as programs say it: `feedback/…`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from catalog.models import Track
from catalog.naming import get_or_create_track
from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid, is_uuid
from listening.listenbrainz.showing import info_of, mbid, shown_music
from listening.models import Feedback, ListenEvent, NowPlaying
from listening.plays import msid_of
from social.models import User

KEYS = {"recording_mbid", "recording_msid", "score"}
N_LATELY = 200  # listens: a love follows its play
MAX_ASKED = 200  # recordings a call, as many as an address holds


@endpoint("POST")
def recording_feedback(call: Call) -> Answer:
    """1 loves, -1 hates, 0 takes it back. The recording is one that was heard here, by either of its ids."""
    member = call.writer()
    document = call.document()
    if document.keys() - KEYS:
        raise Invalid("JSON document may only contain recording_msid, recording_mbid and score top level keys.")
    score, ids = document.get("score"), {key: document.get(key) for key in ("recording_mbid", "recording_msid")}
    if "score" not in document or not any(ids.values()):
        raise Invalid("JSON document must contain either recording_msid or recording_mbid, and score top level keys.")
    if isinstance(score, bool) or score not in (-1, 0, 1):
        raise Invalid("Invalid JSON document submitted: score can have a value of 1, 0 or -1.")
    for key, given in ids.items():
        if given and not is_uuid(given):
            raise Invalid(f"Invalid JSON document submitted: {key} is no UUID.")
    track = _recording(member, **{key: UUID(given) if given else None for key, given in ids.items()})
    if score == 0:
        Feedback.objects.filter(user=member, track=track).delete()
    elif track is None:
        raise Invalid("No recording of this id was heard here yet.")
    else:
        msid = UUID(ids["recording_msid"]) if ids["recording_msid"] else _msid(track)
        Feedback.objects.update_or_create(
            user=member, track=track, defaults={"score": score, "msid": msid, "created_at": call.now}
        )
    return {"status": "ok"}


@endpoint("GET")
def feedback_of(call: Call, name: str) -> Answer:
    """The newest first; with `metadata=true`, what the recordings are called."""
    member, score = call.member(name), call.number("score")
    count, offset = call.count(), call.natural("offset", 0)
    if score not in (None, 0, 1, -1):
        raise Invalid("Score can have a value of 1 or -1.")
    every = Feedback.objects.filter(user=member)
    rows = every.filter(score=score) if score else every
    rows = rows.select_related("track__artist", "track__album").order_by("-created_at", "-pk")
    with_music = call.request.GET.get("metadata", "").lower() == "true"
    shown = [_shown(row, member, with_music=with_music) for row in rows[offset : offset + count]]
    return {"feedback": shown, "count": len(shown), "total_count": every.count(), "offset": offset}


@endpoint("GET")
def feedback_for_recordings(call: Call, name: str) -> Answer:
    """The member's word on each recording that is asked for; 0 where there is none."""
    query = call.request.GET
    msids = _ids(query.get("recording_msids") or query.get("recordings") or "")
    mbids = _ids(query.get("recording_mbids") or "")
    if not msids and not mbids:
        raise Invalid("No valid recording msid or recording mbid found.")
    rows: QuerySet[Feedback] = Feedback.objects.filter(user=(member := call.member(name))).select_related("track")
    by_msid = {row.msid: row for row in rows.filter(msid__in=msids)}
    by_mbid = {row.track.recording_mbid: row for row in rows.filter(track__recording_mbid__in=mbids)}
    shown = [_word(by_msid.get(msid), member, recording_msid=msid) for msid in msids]
    shown += [_word(by_mbid.get(each), member, recording_mbid=each) for each in mbids]
    return {"feedback": shown}


def _recording(member: User, *, recording_mbid: UUID | None, recording_msid: UUID | None) -> Track | None:
    """The track that the ids mean: MusicBrainz's, else what the member heard, else what they hear now."""
    if recording_mbid:
        track = Track.objects.current().filter(recording_mbid=recording_mbid).first()
        if track := track or _lately_told(member, recording_mbid):
            return track
    if recording_msid is None:
        return None
    heard = ListenEvent.objects.filter(user=member, msid=recording_msid).values("track")[:1]
    if track := Track.objects.select_related("artist").filter(pk__in=heard).first():
        return track
    playing = NowPlaying.objects.filter(user=member).first()
    if playing and msid_of(playing.artist_name, playing.title) == recording_msid:
        return get_or_create_track(title=playing.title, artist=playing.artist_name, is_demo=member.is_demo)[0]
    return None


def _lately_told(member: User, recording_mbid: UUID) -> Track | None:
    """The track of which a program lately said that it is this recording, before MusicBrainz was asked."""
    listens = ListenEvent.objects.filter(user=member, payload__isnull=False).select_related("payload", "track__artist")
    for listen in listens.order_by("-played_at")[:N_LATELY]:
        if str(info_of(listen.payload.body).get("recording_mbid")).lower() == str(recording_mbid):
            track: Track = listen.track
            return track
    return None


def _msid(track: Track) -> UUID:
    return msid_of(track.artist_credit or track.artist.name, track.title)


def _shown(row: Feedback, member: User, *, with_music: bool) -> dict[str, Any]:
    music = shown_music(row.track, row.track.album, msid=row.msid, info={}) if with_music else None
    return {
        "created": int(row.created_at.timestamp()),
        "recording_mbid": mbid(row.track.recording_mbid),
        "recording_msid": mbid(row.msid),
        "score": row.score,
        "track_metadata": music,
        "user_id": member.handle,
    }


def _word(
    row: Feedback | None, member: User, *, recording_msid: UUID | None = None, recording_mbid: UUID | None = None
) -> dict[str, Any]:
    if row:
        return _shown(row, member, with_music=False)
    return {
        "created": None,
        "recording_mbid": mbid(recording_mbid),
        "recording_msid": mbid(recording_msid),
        "score": 0,
        "track_metadata": None,
        "user_id": member.handle,
    }


def _ids(given: str) -> list[UUID]:
    """The ids of a comma-separated list; Invalid for what is none."""
    words = [word.strip() for word in given.split(",") if word.strip()]
    if len(words) > MAX_ASKED:
        raise Invalid(f"Ask for {MAX_ASKED} recordings at most.")
    if wrong := next((word for word in words if not is_uuid(word)), None):
        raise Invalid(f"{wrong[:100]} is no UUID.")
    return [UUID(word) for word in words]
