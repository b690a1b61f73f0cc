"""For whom a REST call acts.

A session or a personal token acts for its own member only; naming anybody else is refused. The service token acts for
the member named in the body (`user`, a handle, or `discord_id`), else in the header `X-User-Id` (a handle).
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request

from sidetrack.api.serializers import Body
from social.authentication import is_service
from social.identity import member_for_identity, member_of
from social.models import LinkedAccount, User
from social.models.user import HANDLE
from social.moderation import require_moderator
from social.visibility import Viewer

HEADER = "X-User-Id"


class Person(Body):
    """Whom a body names; every body that acts for a member starts from it."""

    user = serializers.CharField(required=False, max_length=32, help_text="A member's handle.")
    discord_id = serializers.RegexField(
        r"^[0-9]{1,20}$",
        required=False,
        error_messages={"invalid": "A Discord id is a number of up to 20 digits, written as text."},
        help_text="A Discord user id. With the service token a member is made at first sight.",
    )
    display_name = serializers.CharField(
        required=False, allow_blank=True, max_length=64, help_text="What a member made from `discord_id` is called."
    )


def acting_member(request: Request, person: dict[str, str], *, now: datetime) -> User:
    """The member for whom this write acts; made where new, when the service token names an unknown Discord id.

    Call it inside the transaction of the write, so that a refused write leaves no new member behind.
    """
    member = _named(request, person, now=now) if is_service(request) else _own(request, person)
    if member is None:
        message = f"Name a member: user or discord_id in the body, or the header {HEADER}."
        raise ValidationError({"user": [message]}, code="member_needed")
    return _allowed(request, member, now=now)


def acting_moderator(request: Request, person: dict[str, str], *, now: datetime) -> User:
    """The moderator for whom this call acts; the service token must name one."""
    member = _named(request, person, now=None) if is_service(request) else _own(request, person)
    return _allowed(request, require_moderator(member), now=now)


def acting_moderator_or_service(request: Request, person: dict[str, str], *, now: datetime) -> User | None:
    """The same, but the service token may also act in its own name (None)."""
    if is_service(request) and not _names_anybody(request, person):
        return None
    return acting_moderator(request, person, now=now)


def acting_member_or_service(request: Request, person: dict[str, str], *, now: datetime) -> User | None:
    """The member for whom this write acts; None when the service token writes something that is nobody's."""
    if is_service(request) and not _names_anybody(request, person):
        return None
    return acting_member(request, person, now=now)


def named_member(request: Request) -> User:
    """Whose things are asked for where the address names nobody: the caller's, or those of the service's member."""
    member = viewer_of(request)
    if not isinstance(member, User):
        raise ValidationError({HEADER: [f"The service token names a member in the header {HEADER}."]})
    return member


def viewer_of(request: Request) -> Viewer:
    """Through whose eyes a read looks: the caller's own; with the service token whoever X-User-Id names."""
    handle = request.headers.get(HEADER)
    if is_service(request):
        return _by_handle(handle) if handle else None
    if handle and not request.user.is_authenticated:
        raise NotAuthenticated
    return _own(request, {}) if handle else request.user


def _names_anybody(request: Request, person: dict[str, str]) -> bool:
    return bool(person.get("user") or person.get("discord_id") or request.headers.get(HEADER))


def _by_handle(handle: str) -> User:
    try:
        HANDLE(handle)
    except DjangoValidationError:
        raise NotFound("There is no such member.", code="unknown_member") from None
    member: User | None = User.objects.by_handle(handle).filter(is_active=True).first()
    if member is None:
        raise NotFound(f"There is no member with the handle {handle}.", code="unknown_member")
    return member


def _named(request: Request, person: dict[str, str], *, now: datetime | None) -> User | None:
    """The member whom the service names, None for nobody; a new one is made only where `now` is given."""
    named = [_by_handle(handle) for handle in (person.get("user"), request.headers.get(HEADER)) if handle]
    if discord_id := person.get("discord_id"):
        known = member_of(provider=LinkedAccount.Provider.DISCORD, provider_user_id=discord_id)
        if known is None and named:
            _disagree()
        if known is None and now is None:
            raise NotFound("There is no member with this Discord id.", code="unknown_member")
        if known is None and now is not None:
            name = person.get("display_name", "")
            known, _ = member_for_identity(
                provider=LinkedAccount.Provider.DISCORD, provider_user_id=discord_id, display_name=name, now=now
            )
        if known is not None:
            named.append(known)
    if len({member.pk for member in named}) > 1:
        _disagree()
    return named[0] if named else None


def _disagree() -> None:
    message = f"user, discord_id and {HEADER} name different members. Name one."
    raise ValidationError({"user": [message]}, code="members_disagree")


def _own(request: Request, person: dict[str, str]) -> User:
    """The caller, after making sure that nobody else is named."""
    member = request.user
    if not isinstance(member, User):
        raise NotAuthenticated
    handles = [handle for handle in (person.get("user"), request.headers.get(HEADER)) if handle]
    is_other = any(handle.lower() != member.handle.lower() for handle in handles)
    if discord_id := person.get("discord_id"):
        known = member_of(provider=LinkedAccount.Provider.DISCORD, provider_user_id=discord_id)
        is_other = is_other or known != member
    if is_other:
        raise PermissionDenied("You act only for yourself: name yourself, or nobody.", code="not_your_own")
    return member


def _allowed(request: Request, member: User, *, now: datetime) -> User:
    """Refuse whoever may not act just now; from here on history says that this member did it."""
    if not member.is_active:
        raise PermissionDenied("This account is closed.", code="closed_account")
    if member.is_suspended(now):
        raise PermissionDenied("A suspended member may read, but not act in the club.", code="suspended")
    request._request.user = member
    return member
