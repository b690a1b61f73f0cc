"""A member is sent to a service to agree there that this site reads their account."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from listening.clients import lastfm_permission, spotify_permission
from listening.linking import states
from listening.linking.errors import NotLinked
from listening.linking.offers import offer_that_is_on
from listening.models import Source
from social.models import User
from social.standing import require_active


def authorise_address(*, member: User, provider: str, now: datetime, session_key: str = "", back: str = "") -> str:
    """Where the member agrees; the service sends their browser to `come_back`.

    session_key: of the page on which it was begun; a program that asks has none. back: where they go on afterwards.
    """
    require_active(member, now)
    offer = offer_that_is_on(provider)
    if not offer.has_page:
        raise NotLinked(f"{offer.label} is linked with a token, not on a page of its own.", code="unknown_service")
    state, begun = states.begin(member=member, provider=provider, session_key=session_key, back=back, now=now)
    if provider == Source.SPOTIFY:
        return spotify_permission.authorise_address(
            redirect_uri=redirect_uri(provider), state=state, verifier=begun.verifier
        )
    return lastfm_permission.authorise_address(callback=redirect_uri(provider), state=state)


def redirect_uri(provider: str) -> str:
    """Where the service sends the member back to; Spotify wants to be told of it beforehand."""
    return f"{settings.SITE_URL}{reverse('listening:come_back', args=[provider])}"
