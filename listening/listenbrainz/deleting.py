"""Listens out: `delete-listen`."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from listening.corrections import delete_listens
from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid, is_uuid, whole
from listening.models import ListenEvent


@endpoint("POST")
def delete_listen(call: Call) -> Answer:
    """At once, with what other sources told of the same play; a listen that is not there is gone already.

    Its member finds it among the removed ones, and can put it back.
    """
    member = call.writer()
    document = call.document()
    if "listened_at" not in document:
        raise Invalid("Listen timestamp missing.")
    if "recording_msid" not in document:
        raise Invalid("Recording MSID missing.")
    if not is_uuid(msid := document["recording_msid"]):
        raise Invalid("Recording MSID format invalid.")
    found = ListenEvent.objects.filter(user=member, played_at=_moment(document["listened_at"]), msid=UUID(msid))
    delete_listens(user=member, listen_ids=list(found.values_list("pk", flat=True)), now=call.now)
    return {"status": "ok"}


def _moment(stamp: object) -> datetime:
    seconds = whole(stamp)
    try:
        return datetime.fromtimestamp(seconds if seconds is not None else float("nan"), UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid("Listen timestamp invalid.") from None
