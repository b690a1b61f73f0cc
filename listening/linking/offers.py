"""What each service offers to who links an account: settings that turn it on, and its own page of permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from listening.clients import spotify_permission
from listening.linking.errors import NotLinked
from listening.models import Source


@dataclass(frozen=True)
class Offer:
    """missing: the settings without which nobody links it; empty when it is on.

    permissions: the service's own page on which a member takes a permission back: none of these services lets us do it.
    has_page: the member is sent there to agree; else they paste a token.
    """

    provider: str
    label: str
    missing: Callable[[], str]
    permissions: str
    has_page: bool = True


def _lastfm_missing() -> str:
    """Reading takes the key alone; a session is asked for with a signature."""
    return " and ".join(name for name in ("LASTFM_API_KEY", "LASTFM_API_SECRET") if not getattr(settings, name))


OFFERS: dict[str, Offer] = {
    each.provider: each
    for each in (
        Offer(Source.LASTFM, "Last.fm", _lastfm_missing, "https://www.last.fm/settings/applications"),
        Offer(Source.LISTENBRAINZ, "ListenBrainz", lambda: "", "https://listenbrainz.org/settings/", has_page=False),
        Offer(Source.SPOTIFY, "Spotify", spotify_permission.missing, "https://www.spotify.com/account/apps/"),
    )
}


def offer_that_is_on(provider: str) -> Offer:
    """The service, after making sure that it can be linked here."""
    offer = OFFERS.get(provider)
    if offer is None:
        raise NotLinked("There is no such service.", code="unknown_service")
    if offer.missing():
        raise NotLinked(f"{offer.label} is off on this site.", code="switched_off")
    return offer
