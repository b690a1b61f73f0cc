"""A member's permission at Spotify: a token for an hour, renewed when it ends, discarded when Spotify says it is over.

Two processes may renew at the same time. The first to store wins and the other takes its tokens; where Spotify gives a
new refresh token each time, the slower one hears `invalid_grant` for a permission that is good, so it looks again
before it discards anything. https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q

from catalog.clients.spotify import MARGIN_S, KeysRefused, ask_for_token, is_configured
from listening.clients.spotify_records import Tokens, read_tokens
from listening.syncing.reading import KeyRefused
from sidetrack.http import NeedsRelink
from social.models import LinkedAccount

TO_READ = ("user-read-recently-played", "user-read-currently-playing")
TO_WRITE = ("playlist-modify-private", "playlist-modify-public")
TO_FIND = ("playlist-read-private",)  # our own playlists again, where the answer that named one was lost
SCOPES = (*TO_READ, *TO_WRITE, *TO_FIND)
MARGIN = timedelta(seconds=MARGIN_S)
RACE_PAUSE_S = 1.0  # between Spotify's answer to another process and its tokens in our database
BUDGET = "members"


def missing() -> str:
    """The settings without which members cannot connect Spotify; empty when it is on."""
    names = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET")
    return " and ".join(name for name in names if not getattr(settings, name))


def new_verifier() -> str:
    """A secret that the member's browser never carries: who redeems the code must be who sent the member (PKCE)."""
    return secrets.token_urlsafe(64)


def authorise_address(*, redirect_uri: str, state: str, verifier: str) -> str:
    """Where a member permits us to read what they play and to write playlists.

    https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.SPOTIFY_CLIENT_ID,
        "scope": " ".join(SCOPES),
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }
    return f"{settings.SPOTIFY_ACCOUNTS_URL}/authorize?{urlencode(query)}"


def redeem(code: str, *, redirect_uri: str, verifier: str, wait_s: float | None = None) -> Tokens:
    """The tokens for the code with which a member came back; NeedsRelink where it is old or used."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    return _ask(form, action="take the permission", wait_s=wait_s)


def token_of(link: LinkedAccount, *, now: datetime, refused: str = "", wait_s: float | None = None) -> str:
    """A token with which to ask for this member. refused: one that Spotify does not take although it looked good.

    NeedsRelink when the permission is over; the tokens are gone then, and nobody asks again.
    """
    if not _is_good(link, now, refused):
        link.refresh_from_db()
    if not _is_good(link, now, refused):
        _renew(link, now=now, wait_s=wait_s)
    return str(link.access_token)


def _is_good(link: LinkedAccount, now: datetime, refused: str) -> bool:
    is_fresh = link.expires_at is not None and link.expires_at - MARGIN > now
    return bool(link.access_token) and is_fresh and link.access_token != refused


def _renew(link: LinkedAccount, *, now: datetime, wait_s: float | None) -> None:
    if not link.refresh_token:
        raise NeedsRelink("You have not permitted us to read what you play on Spotify.")
    seen = LinkedAccount.objects.filter(pk=link.pk, authorised_at=link.authorised_at)
    before = Q(expires_at=link.expires_at) if link.expires_at else Q(expires_at__isnull=True)
    form = {"grant_type": "refresh_token", "refresh_token": link.refresh_token}
    try:
        tokens = _ask(form, action="renew the permission", wait_s=wait_s)
    except NeedsRelink as error:
        time.sleep(RACE_PAUSE_S)
        if seen.filter(before).update(access_token="", refresh_token="", expires_at=None):
            link.refresh_from_db()
            raise NeedsRelink("Spotify no longer accepts your permission.", status=400) from error
        link.refresh_from_db()
        if not link.access_token:
            raise NeedsRelink("Spotify no longer accepts your permission.", status=400) from error
        return
    # What another process discarded while we were given new ones is good after all.
    seen.filter(before | Q(refresh_token="")).update(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or link.refresh_token,
        expires_at=now + timedelta(seconds=tokens.lasts_s),
        **({"scopes": tokens.scopes[:500]} if tokens.scopes else {}),
    )
    link.refresh_from_db()


def _ask(form: dict[str, str], *, action: str, wait_s: float | None) -> Tokens:
    if not is_configured():
        raise KeyRefused(f"Spotify is off: set {missing()}.")
    try:
        # A renewal that may have happened is not repeated by itself: its refresh token may be spent.
        return read_tokens(ask_for_token(form, action=action, budget=BUDGET, wait_s=wait_s, is_safe_twice=False))
    except KeysRefused as error:
        raise KeyRefused(str(error), status=error.status) from error
