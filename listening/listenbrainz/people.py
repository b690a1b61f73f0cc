"""Who asks, and whom they follow: `validate-token`, `followers`, `following`, `latest-import`."""

from __future__ import annotations

from django.db.models import Q

from listening.listenbrainz.answering import Answer, endpoint
from listening.listenbrainz.calls import Call
from listening.listenbrainz.documents import Invalid
from listening.tokens import token_for
from social.models import Follow, User

ACCEPTED = Follow.State.ACCEPTED
MISSING = "User {} not found"


@endpoint("GET")
def validate_token(call: Call) -> Answer:
    """The token of the header, else of the query, as programs from before the header send it."""
    if not (call.request.headers.get("Authorization") or call.request.GET.get("token")):
        raise Invalid("You need to provide an Authorization token.")
    token = call.token or token_for(call.request.GET.get("token", ""))
    if token is None:
        return {"code": 200, "message": "Token invalid.", "valid": False}
    return {"code": 200, "message": "Token valid.", "valid": True, "user_name": token.user.handle}


@endpoint("GET")
def followers(call: Call, name: str) -> Answer:
    member = call.member(name, area="visibility", missing=MISSING)
    found = Q(following__followed=member, following__state=ACCEPTED)
    return {"followers": _handles(found, call), "user": member.handle}


@endpoint("GET")
def following(call: Call, name: str) -> Answer:
    member = call.member(name, area="visibility", missing=MISSING)
    found = Q(followers__follower=member, followers__state=ACCEPTED)
    return {"following": _handles(found, call), "user": member.handle}


def _handles(found: Q, call: Call) -> list[str]:
    """Those of them whom the caller may see."""
    shown = User.objects.visible_to(call.viewer).filter(found, is_active=True)
    return list(shown.order_by("handle").values_list("handle", flat=True))
