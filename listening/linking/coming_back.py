"""A member proves whose account it is: the proof is redeemed at the service, then kept, then the account is read.

The service is asked first and outside of any transaction, for a short while only; what it answers is written at once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from listening.clients import spotify, spotify_permission
from listening.clients.lastfm import Lastfm
from listening.clients.listenbrainz import ListenBrainz
from listening.linking import telling
from listening.linking.errors import NotLinked
from listening.linking.leaving import redirect_uri
from listening.linking.offers import offer_that_is_on
from listening.models import Source
from listening.syncing.asking import ask_for_reading
from listening.syncing.reading import KeyRefused
from sidetrack.http import ExternalApiError, NeedsRelink, TryLater
from social.identity import link_identity
from social.models import LinkedAccount, User
from social.standing import require_active

logger = logging.getLogger(__name__)

WAIT_S = 5.0  # a member is waiting for the page
LONGEST = 2048  # of what a service sends along


@sensitive_variables("code", "verifier", "tokens")
def link_spotify(*, member: User, code: str, verifier: str, now: datetime) -> LinkedAccount:
    """Redeem the code with which the member came back, and ask Spotify who they are there."""
    require_active(member, now)
    offer = offer_that_is_on(Source.SPOTIFY)
    with _in_words(offer.label):
        tokens = spotify_permission.redeem(
            _short(code), redirect_uri=redirect_uri(Source.SPOTIFY), verifier=verifier, wait_s=WAIT_S
        )
        # Left out where it is what was asked for: https://datatracker.ietf.org/doc/html/rfc6749#section-5.1
        granted = tokens.scopes or " ".join(spotify_permission.SCOPES)
        if lacking := set(spotify_permission.TO_READ) - set(granted.split()):
            logger.info("Spotify was permitted without %s.", ", ".join(sorted(lacking)))
            raise NotLinked(
                "You permitted less than reading what you play: nothing was linked. Try again and agree to all of it.",
                code="too_little",
            )
        profile = spotify.profile_of(tokens, wait_s=WAIT_S)
    return _keep(
        member,
        Source.SPOTIFY,
        profile.spotify_id,
        now,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=now + timedelta(seconds=tokens.lasts_s),
        scopes=granted[:500],
        metadata={"display_name": profile.name[:128]},
    )


@sensitive_variables("token", "session")
def link_lastfm(*, member: User, token: str, now: datetime) -> LinkedAccount:
    """Redeem the token that the member authorised on Last.fm's own page."""
    require_active(member, now)
    offer = offer_that_is_on(Source.LASTFM)
    with _in_words(offer.label):
        session = Lastfm(wait_s=WAIT_S).session(_short(token))
    metadata = {"name": session.user_name}
    return _keep(member, Source.LASTFM, session.user_name.lower(), now, access_token=session.key, metadata=metadata)


@sensitive_variables("token")
def link_listenbrainz(*, member: User, token: str, now: datetime) -> LinkedAccount:
    """Ask ListenBrainz whose token the member pasted; it is kept, as playlists are written with it."""
    require_active(member, now)
    offer = offer_that_is_on(Source.LISTENBRAINZ)
    with _in_words(offer.label):
        owner = ListenBrainz(wait_s=WAIT_S).owner_of(_short(token.strip()))
    if not owner.is_valid:
        raise NotLinked(
            "ListenBrainz does not know this token. Copy the user token of listenbrainz.org/settings once more, whole.",
            code="wrong_token",
        )
    metadata = {"name": owner.user_name}
    return _keep(
        member, Source.LISTENBRAINZ, owner.user_name.lower(), now, access_token=token.strip(), metadata=metadata
    )


@sensitive_variables("kept")
def _keep(member: User, provider: str, account_id: str, now: datetime, **kept: Any) -> LinkedAccount:
    """The account is the member's, and read from now on; what they were told of an earlier permission is over."""
    with transaction.atomic():
        link = link_identity(user=member, provider=provider, provider_user_id=account_id[:128], now=now, **kept)
        telling.settle(user_id=member.pk, source=provider, now=now)
        ask_for_reading(user=member, now=now, source=provider)
    return link


@contextmanager
def _in_words(label: str) -> Iterator[None]:
    """What went wrong at the service, as a member can use it; nothing was linked then."""
    try:
        yield
    except KeyRefused as error:
        logger.error("Nobody can link %s: %s", label, error)
        words = f"{label} does not accept this site's own keys. Its operator has to put that right."
        raise NotLinked(words, code="no_answer") from error
    except NeedsRelink as error:
        logger.info("Not linked: %s", error)
        words = str(error) if error.status == 403 else f"{label} says that this is too old, or used already."
        raise NotLinked(f"{words} Nothing was linked: begin again.", code="not_accepted") from error
    except TryLater as error:
        logger.warning("Not linked: %s", error)
        words = f"{label} does not answer at the moment. Nothing was changed: try again in a few minutes."
        raise NotLinked(words, code="no_answer") from error
    except ExternalApiError as error:
        logger.warning("Not linked: %s", error)
        words = f"{label} gave an answer that this site does not understand. Nothing was changed: try again later."
        raise NotLinked(words, code="no_answer") from error


def _short(text: str) -> str:
    """Nobody's code or token is longer."""
    return text if len(text) <= LONGEST else ""
