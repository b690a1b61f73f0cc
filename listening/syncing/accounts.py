"""One `SyncState` for each account elsewhere that brings listens: made when it is linked, gone when it is unlinked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from listening.models import Source, SyncState
from listening.syncing.registry import STOPPED, ask_anew
from listening.syncing.sources import SOURCES
from social.models import LinkedAccount, User

OWN_ACCOUNTS = {"lastfm": "LASTFM_USER", "listenbrainz": "LISTENBRAINZ_USER"}  # settings of a one-person site


@dataclass(frozen=True)
class Account:
    """Whose listens are read where; `since` is when its member last gave permission, where we know."""

    user_id: int
    source: str
    name: str
    since: datetime | None = None


def follow_accounts(*, now: datetime, user: User | None = None) -> int:
    """Make the states those of the accounts that are linked now; how many changed. Listens stay in any case.

    A new account is due at once, and so is one that was linked again after it had stopped. One that names somebody
    else than before begins anew. user: only this member's.
    """
    wanted = {(each.user_id, each.source): each for each in accounts(user)}
    states = SyncState.objects.filter(user=user) if user else SyncState.objects.all()
    held = {(state.user_id, state.source): state for state in states}
    n_changed = 0
    for key, account in wanted.items():
        state = held.get(key)
        if state is None:
            _, is_new = SyncState.objects.get_or_create(
                user_id=account.user_id,
                source=account.source,
                defaults={"account_name": account.name, "due_at": now},
            )
            n_changed += is_new
        elif state.account_name != account.name:
            n_changed += _begin_anew(state, account, now)
        elif state.status in STOPPED and account.since and account.since > (state.last_tried_at or now):
            ask_anew(state, now=now)
            n_changed += 1
    gone = [state.pk for key, state in held.items() if key not in wanted]
    n_changed += SyncState.objects.filter(pk__in=gone).delete()[0]
    return n_changed


def accounts(user: User | None = None) -> Iterator[Account]:
    """Linked accounts of services that we read, and those that the settings name for the DEFAULT_USER."""
    links = LinkedAccount.objects.filter(provider__in=SOURCES, user__is_active=True).filter(_of(user))
    links = links.exclude(provider=Source.SPOTIFY, authorised_at__isnull=True)  # only signs in with it
    links = links.defer("access_token", "refresh_token")
    linked = set()
    for link in links.order_by("pk"):
        linked.add((link.user_id, link.provider))
        name = str(link.metadata.get("name") or link.provider_user_id)
        yield Account(link.user_id, link.provider, name[:128], link.authorised_at or link.created_at)
    owner = User.objects.by_handle(settings.DEFAULT_USER).filter(is_active=True).first()
    if settings.DEFAULT_USER and owner and user in (None, owner):
        for source, setting in OWN_ACCOUNTS.items():
            name = getattr(settings, setting)
            if name and source in SOURCES and (owner.pk, source) not in linked:
                yield Account(owner.pk, source, name)


def _of(user: User | None) -> Q:
    return Q(user=user) if user else Q()


def _begin_anew(state: SyncState, account: Account, now: datetime) -> int:
    """Another account of the same service: nothing that we knew of the old one holds."""
    return SyncState.objects.filter(pk=state.pk).update(
        account_name=account.name,
        status=SyncState.Status.NEW,
        last_ingested_at=None,
        checkpoint={},
        snapshot={},
        due_at=now,
        lease_key="",
        lease_until=None,
        n_failures=0,
        error="",
        n_read=0,
        n_expected=0,
    )
