"""Outside accounts and the members they belong to: the one way in which an identity becomes a member."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from sidetrack import slots
from social.errors import Refused
from social.handles import free_handle
from social.models import LinkedAccount, User

__all__ = [
    "forget_identity",
    "free_handle",
    "link_identity",
    "member_for_identity",
    "member_of",
    "require_other_way_in",
    "sign_in_is_on",
    "unlink_identity",
]

SIGN_IN_PROVIDERS = (LinkedAccount.Provider.DISCORD, LinkedAccount.Provider.GOOGLE, LinkedAccount.Provider.SPOTIFY)
N_TRIES = 5  # two first messages of one person, or two people of one name, may arrive at once


def sign_in_is_on(provider: str) -> bool:
    """Whether this site has the service's keys."""
    providers: Any = settings.SOCIALACCOUNT_PROVIDERS
    return bool(providers.get(provider, {}).get("APPS"))


def member_of(*, provider: str, provider_user_id: str) -> User | None:
    """The member to whom this identity belongs, if any."""
    link = (
        LinkedAccount.objects.select_related("user")
        .filter(provider=provider, provider_user_id=provider_user_id)
        .first()
    )
    return link.user if link else None


def member_for_identity(
    *, provider: str, provider_user_id: str, display_name: str = "", wanted_handle: str = "", now: datetime
) -> tuple[User, bool]:
    """The member with this identity, made at first sight; the second answer is whether it is new.

    Whoever calls vouches for the id only (the bot, or REST with the service token): the link stays unverified
    until its owner signs in with it.
    """
    name = display_name.strip()[:64]
    wanted = wanted_handle or name
    for attempt in range(N_TRIES):
        if attempt > 1:  # a crowd of one name comes at once: counting up would lose against it again and again
            wanted = f"{(wanted_handle or name)[:20]}_{secrets.randbelow(10_000):04d}"
        if member := member_of(provider=provider, provider_user_id=provider_user_id):
            return member, False
        try:
            with transaction.atomic():
                member = User.objects.create_user(free_handle(wanted), display_name=name, date_joined=now)
                LinkedAccount.objects.create(user=member, provider=provider, provider_user_id=provider_user_id)
            return member, True
        except IntegrityError:
            if attempt == N_TRIES - 1:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def link_identity(
    *,
    user: User,
    provider: str,
    provider_user_id: str,
    now: datetime,
    verified: bool = True,
    access_token: str = "",
    refresh_token: str = "",
    expires_at: datetime | None = None,
    scopes: str = "",
    metadata: dict[str, Any] | None = None,
) -> LinkedAccount:
    """Record that `user` is this account elsewhere. The same call twice changes nothing; tokens are kept when given.

    Refuses an identity that belongs to another member, and a second identity of the same service.
    """
    label = LinkedAccount.Provider(provider).label
    # Without its tokens: those that no key opens any more are what a new permission takes the place of.
    rows = LinkedAccount.objects.filter(provider=provider, provider_user_id=provider_user_id)
    link = rows.defer("access_token", "refresh_token").first()
    if link is None:
        if LinkedAccount.objects.filter(user=user, provider=provider).exists():
            raise Refused(f"You have linked another {label} account already. Unlink it first.", code="other_identity")
        try:
            with transaction.atomic():
                link = LinkedAccount.objects.create(user=user, provider=provider, provider_user_id=provider_user_id)
        except IntegrityError:  # somebody else's sign-in, or our own second tab, was faster
            link = rows.defer("access_token", "refresh_token").first()
    if link is None or link.user_id != user.pk:
        raise Refused(f"This {label} account belongs to another member.", code="identity_taken")
    if verified and link.verified_at is None:
        link.verified_at = now
    if access_token:
        link.access_token = access_token
        if refresh_token:
            link.refresh_token = refresh_token
        link.expires_at, link.scopes, link.authorised_at = expires_at, scopes, now
    if metadata is not None:
        link.metadata = {**link.metadata, **metadata}
    link.save()
    return link


@transaction.atomic
def unlink_identity(*, user: User, provider: str) -> bool:
    """Forget the member's account at this service, with its tokens; False when there was none.

    Refuses to take away the only way in which the member can sign in.
    """
    from allauth.socialaccount.models import SocialAccount

    require_other_way_in(user=user, provider=provider)
    links = LinkedAccount.objects.filter(user=user, provider=provider)
    was_linked = links.exists()
    n_accounts, _ = SocialAccount.objects.filter(user=user, provider=provider).delete()
    links.delete()
    _say_unlinked(user.pk, provider)
    return was_linked or n_accounts > 0


def require_other_way_in(*, user: User, provider: str) -> None:
    """Refuse where without this account the member could not sign in any more."""
    links = LinkedAccount.objects.filter(user=user, provider__in=SIGN_IN_PROVIDERS)
    if provider not in SIGN_IN_PROVIDERS or user.has_usable_password() or links.exclude(provider=provider).exists():
        return
    if links.exists():
        label = LinkedAccount.Provider(provider).label
        raise Refused(f"{label} is your only way to sign in. Set a password first.", code="last_way_in")


def _say_unlinked(user_id: int, provider: str) -> None:
    """Whoever does something with the account stops; asked again it changes nothing."""
    for _answer in slots.call("people:unlinked", user_id, provider):
        pass


def forget_identity(*, instance: Any, **kwargs: Any) -> None:
    """After allauth's row of an account is gone (unlinked on its own page), nobody signs in with that account."""
    LinkedAccount.objects.filter(
        user=instance.user_id, provider=instance.provider, provider_user_id=instance.uid
    ).delete()
    _say_unlinked(instance.user_id, instance.provider)
