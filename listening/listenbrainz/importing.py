"""How far a program has brought a history: `latest-import`, by which importers go on where they ended."""

from __future__ import annotations

from django.db import transaction

from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid, whole
from listening.listenbrainz.submissions import SKEW
from listening.models import ListenToken
from social.models import User

DEFAULT_SERVICE = "lastfm"
SERVICES = (DEFAULT_SERVICE, "librefm", "spotify", "listenbrainz", "maloja", "koito", "funkwhale", "navidrome")


@endpoint("GET", "POST")
def latest_import(call: Call) -> Answer:
    """A program tells with POST, and asks with GET, up to which second of a service it has read."""
    if call.request.method == "POST":
        return _move(call)
    service = call.request.GET.get("service") or DEFAULT_SERVICE
    member = call.member(call.request.GET.get("user_name", ""))
    return {"musicbrainz_id": member.handle, "latest_import": _held(member, service.lower())}


def _move(call: Call) -> Answer:
    """Only forward."""
    member = call.writer()
    document = call.document()
    stamp, service = whole(document.get("ts", 0)), document.get("service", DEFAULT_SERVICE)
    if stamp is None or not isinstance(service, str) or service.lower() not in SERVICES:
        raise Invalid("Invalid data sent")
    if not 0 <= stamp < (call.now + SKEW).timestamp():
        raise Invalid("Invalid data sent: ts is no time of the past.")
    with transaction.atomic():
        token = ListenToken.objects.select_for_update().get(pk=call.living_token().pk)
        if stamp > _held(member, service.lower()):
            token.latest_imports |= {service.lower(): stamp}
            token.save(update_fields=["latest_imports"])
    return {"status": "ok"}


def _held(member: User, service: str) -> int:
    """The latest that any of the member's programs told, those of revoked tokens included."""
    told = ListenToken.objects.filter(user=member).values_list("latest_imports", flat=True)
    return max((imports.get(service, 0) for imports in told), default=0)
