"""The thread between a member who is sent to another service and the browser that comes back from it.

A state is a secret that is good once, for a while, for one member and one service, and where it was begun on a page
for that browser's session alone. It is kept among the sessions, under its hash: every web process reads them, they end
by themselves, and taking a row out tells who was first. https://datatracker.ietf.org/doc/html/rfc9700#section-4.7
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from listening.clients.spotify_permission import new_verifier
from listening.linking.errors import NotLinked
from social.models import User

LASTS = timedelta(minutes=20)  # to sign in there, with a second factor, and to read what one agrees to
LONGEST = 128


@dataclass(frozen=True)
class Begun:
    """verifier: what proves to Spotify that who redeems is who asked. back: where on this site the member goes on."""

    verifier: str
    back: str


def begin(*, member: User, provider: str, session_key: str, back: str, now: datetime) -> tuple[str, Begun]:
    """A new state. session_key: the only browser in which it is good; empty for one that a program asked for."""
    state, begun = secrets.token_urlsafe(32), Begun(new_verifier(), back)
    kept = {
        "provider": provider,
        "member": member.pk,
        "session": _digest(session_key) if session_key else "",
        "verifier": begun.verifier,
        "back": back,
    }
    Session.objects.create(session_key=_key(state), session_data=SessionStore().encode(kept), expire_date=now + LASTS)
    return state, begun


def claim(state: str, *, member: User, provider: str, session_key: str, now: datetime) -> Begun:
    """What was begun with this state, which is spent by it, also where it is refused."""
    kept = _take(state, now)
    is_own = kept.get("member") == member.pk and kept.get("provider") == provider
    here = kept.get("session", "")
    if not is_own or (here and not (session_key and secrets.compare_digest(here, _digest(session_key)))):
        raise NotLinked(
            "This was begun elsewhere, by another member or too long ago, or is done already. Begin again here.",
            code="unknown_state",
        )
    return Begun(kept["verifier"], kept["back"])


def _take(state: str, now: datetime) -> dict[str, Any]:
    """Empty for a state that is unknown, over or spent: of two who come at once only one takes the row out."""
    if not 0 < len(state) <= LONGEST:
        return {}
    rows = Session.objects.filter(session_key=_key(state))
    row = rows.filter(expire_date__gt=now).first()
    n_gone, _ = rows.delete()
    return row.get_decoded() if row is not None and n_gone else {}


def _key(state: str) -> str:
    """Under which the row stands: the state itself opens no session."""
    return f"link-{_digest(state)[:35]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
