"""Listens in: `submit-listens`, and `playing-now/delete`."""

from __future__ import annotations

from listening.ingest import ingest
from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.submissions import PLAYING_NOW, read_submission
from listening.models import Source
from listening.now_playing import nothing_playing, now_playing
from listening.plays import Play
from social.models import User

OK = {"status": "ok"}


@endpoint("POST")
def submit_listens(call: Call) -> Answer:
    """All listens of the body, or none. What the member keeps out of their history is passed over in silence."""
    member = call.writer()
    submission = read_submission(call.body(), now=call.now)
    call.client = submission.client
    if submission.kind == PLAYING_NOW:
        _hear(member, submission.plays[0], call)
    else:
        ingest(user=member, source=Source.SCROBBLER, plays=submission.plays, now=call.now)
    if call.request.GET.get("return_msid", "").lower() == "true" and len(submission.plays) == 1:
        return OK | {"recording_msid": str(submission.plays[0].msid)}
    return OK


def _hear(member: User, play: Play, call: Call) -> None:
    now_playing(
        user=member,
        source=Source.SCROBBLER,
        artist=play.artist,
        title=play.title,
        album=play.album,
        duration_ms=play.duration_ms,
        client=call.program(),
        payload=play.payload,
        now=call.now,
    )


@endpoint("POST")
def playing_now_delete(call: Call) -> Answer:
    """The music stopped."""
    nothing_playing(user=call.writer(), source=Source.SCROBBLER)
    return OK
