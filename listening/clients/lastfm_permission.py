"""A member's permission at Last.fm: a session key that does not end by itself. https://www.last.fm/api/webauth"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings


def authorise_address(*, callback: str, state: str) -> str:
    """Where a member lets us in. Last.fm adds `token` to the address that it is given to send them back to."""
    back = f"{callback}?{urlencode({'state': state})}"
    return f"{settings.LASTFM_AUTH_URL}/api/auth/?{urlencode({'api_key': settings.LASTFM_API_KEY, 'cb': back})}"
