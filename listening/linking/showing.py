"""How a member's accounts elsewhere stand: whose they are, when they were read and will be, what is wrong, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from listening.clients.spotify_permission import TO_WRITE
from listening.linking.offers import OFFERS
from listening.models import Source, SyncState
from listening.spotify_endings import ends_at, words_about
from listening.syncing.accounts import accounts
from listening.syncing.registry import STOPPED
from listening.syncing.sources import SOURCES
from social.models import LinkedAccount, User


@dataclass(frozen=True)
class Connection:
    """One service and the member's account there.

    account: whose listens are read, as the service calls them; "" where none are. link: None where the account is the
    site's own setting, or is not linked. state: None until the account is first looked at. missing: the settings
    without which nothing is read there; missing_to_link: without which nobody links it.
    """

    source: str
    label: str
    missing: str
    missing_to_link: str
    account: str
    link: LinkedAccount | None
    state: SyncState | None
    now: datetime
    is_held: bool = True  # its tokens were not discarded

    @property
    def is_off(self) -> bool:
        return bool(self.missing)

    @property
    def is_linked(self) -> bool:
        """The member connected it to be read, and may disconnect it."""
        return self.link is not None and bool(self.account)

    @property
    def only_signs_in(self) -> bool:
        return self.link is not None and not self.account

    @property
    def may_be_linked(self) -> bool:
        return not self.missing_to_link and not self.is_linked

    @property
    def is_reading(self) -> bool:
        lease = self.state.lease_until if self.state else None
        return lease is not None and lease > self.now

    @property
    def is_stopped(self) -> bool:
        return self.state is not None and self.state.status in STOPPED

    @property
    def is_moving(self) -> bool:
        """Whether the page is worth looking at again in a moment: it is read, or waits for its first reading."""
        is_new = self.state is None or self.state.status == SyncState.Status.NEW
        return self.is_reading or (bool(self.account) and not self.is_off and is_new)

    @property
    def must_be_linked_again(self) -> bool:
        return self.state is not None and self.state.status == SyncState.Status.NEEDS_RELINK

    @property
    def may_be_linked_again(self) -> bool:
        """Where a new permission mends or lengthens something."""
        wanted = self.must_be_linked_again or bool(self.warning) or bool(self.lacks)
        return self.link is not None and not self.missing_to_link and wanted

    @property
    def may_be_asked(self) -> bool:
        """Whether reading it out of turn could bring anything."""
        return bool(self.account) and not (self.is_off or self.is_reading or self.must_be_linked_again)

    @property
    def share_read(self) -> int | None:
        """Percent of the reading that runs; None where the service does not say how much there is."""
        state = self.state
        if state is None or not self.is_reading or not state.n_expected:
            return None
        return min(100, 100 * state.n_read // state.n_expected)

    @property
    def ends_at(self) -> datetime | None:
        """When the permission ends, where it does."""
        if self.source != Source.SPOTIFY or self.link is None or self.link.authorised_at is None:
            return None
        return ends_at(self.link.authorised_at)

    @property
    def warning(self) -> str:
        """That the permission ends soon or is over; "" while an error already says so."""
        if self.source != Source.SPOTIFY or self.link is None or self.is_stopped:
            return ""
        return words_about(self.link, is_held=self.is_held, now=self.now)

    @property
    def lacks(self) -> str:
        """What a permission that reads does not reach."""
        if self.source != Source.SPOTIFY or self.link is None or not self.account or not self.is_held:
            return ""
        granted = set(self.link.scopes.split())
        return "" if granted.issuperset(TO_WRITE) else "Playlists cannot be saved there: that was not permitted."

    @property
    def has_page(self) -> bool:
        """Whether the member is sent to the service to agree; else they paste a token here."""
        return OFFERS[self.source].has_page

    @property
    def permissions(self) -> str:
        """The service's own page of permissions."""
        return OFFERS[self.source].permissions


def connections_of(member: User, *, now: datetime) -> list[Connection]:
    """All services that are read, linked or not, in a constant number of queries."""
    states = {state.source: state for state in SyncState.objects.filter(user=member)}
    rows = _links(member).filter(provider__in=SOURCES).annotate(is_held=~Q(refresh_token=""))
    links = {link.provider: link for link in rows}
    read = {account.source: account.name for account in accounts(member)}
    found = []
    for source, offer in OFFERS.items():
        link, name = links.get(source), read.get(source, "")
        found.append(
            Connection(
                source,
                offer.label,
                missing=SOURCES[source].missing(),
                missing_to_link=offer.missing(),
                account=(link.name_there if link else name) if name else "",
                link=link,
                state=states.get(source) if name else None,
                now=now,
                is_held=link.is_held if link else True,
            )
        )
    return found


def sign_ins_of(member: User) -> list[LinkedAccount]:
    """Accounts of services that are not read: the member signs in with them."""
    return list(_links(member).exclude(provider__in=SOURCES))


def _links(member: User) -> QuerySet[LinkedAccount]:
    """Without the tokens: a page shows none, and one that no key opens must not break it."""
    return LinkedAccount.objects.filter(user=member).defer("access_token", "refresh_token").order_by("provider")
