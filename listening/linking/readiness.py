"""What `manage.py doctor` says about linking accounts."""

from __future__ import annotations

from collections.abc import Iterator

from listening.linking.leaving import redirect_uri
from listening.linking.offers import OFFERS
from listening.models import Source
from sidetrack.diagnosis import Finding
from social.models import LinkedAccount


def lines() -> Iterator[Finding]:
    for offer in OFFERS.values():
        missing = offer.missing()
        yield Finding(
            f"Linking of {offer.label} accounts",
            not missing,
            f"Set {missing} to turn it on." if missing else _how(offer.provider),
        )


def _how(provider: str) -> str:
    """Spotify sends nobody back to an address that its application does not list."""
    n_linked = LinkedAccount.objects.filter(provider=provider).count()
    told = f"{n_linked} linked"
    return f"{told}; redirect address {redirect_uri(provider)}" if provider == Source.SPOTIFY else told
