"""Personal tokens: a member's own keys to REST. Only a hash is stored; the token is shown once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from social.errors import Refused
from social.models import PersonalToken, User

PREFIX = "sidetrack_"  # lets people and secret scanners recognise a leaked one
MAX_LIVING = 20
USE_RESOLUTION = timedelta(minutes=1)  # "last used" is written at most this often


def hash_of(raw: str) -> str:
    """SHA-256: enough for 256 random bits, and one indexed look-up finds the row."""
    return hashlib.sha256(raw.encode()).hexdigest()


def make_token(
    *, user: User, name: str, scope: str, now: datetime, expires_at: datetime | None = None
) -> tuple[PersonalToken, str]:
    """A new token and its text, which nobody can read again."""
    if living_tokens(user=user, now=now).count() >= MAX_LIVING:
        raise Refused(f"You have {MAX_LIVING} tokens already. Revoke one first.", code="too_many")
    raw = PREFIX + secrets.token_urlsafe(32)
    token = PersonalToken(user=user, name=name.strip(), scope=scope, token_hash=hash_of(raw), expires_at=expires_at)
    token.full_clean(exclude=["user"])
    token.save()
    return token, raw


def living_tokens(*, user: User, now: datetime) -> QuerySet[PersonalToken]:
    """The member's tokens that still open something."""
    return user.personal_tokens.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


def token_for(raw: str, *, now: datetime) -> PersonalToken | None:
    """The token that this text is, with its member; None when it is unknown, revoked or over, or its member is off."""
    token = (
        PersonalToken.objects.select_related("user")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now), token_hash=hash_of(raw), revoked_at=None)
        .filter(user__is_active=True)
        .first()
    )
    if token and (token.last_used_at is None or now - token.last_used_at >= USE_RESOLUTION):
        PersonalToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token


def revoke_token(*, token: PersonalToken, now: datetime) -> None:
    """From now on the token opens nothing; a second call changes nothing."""
    PersonalToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    token.refresh_from_db(fields=["revoked_at"])
