"""What is kept of an account elsewhere: as little as signing in needs, never an e-mail address.

settings.SOCIALACCOUNT_PROVIDERS names these classes as `provider_class`, so that allauth uses them for its own.
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.discord.provider import DiscordProvider as AllauthDiscord
from allauth.socialaccount.providers.google.provider import GoogleProvider as AllauthGoogle
from allauth.socialaccount.providers.spotify.provider import SpotifyOAuth2Provider as AllauthSpotify

from social.signin import services


class Lean:
    """Keeps the fields named in `KEPT`; the id is kept by allauth and by LinkedAccount."""

    KEPT: ClassVar[tuple[str, ...]] = ()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {name: data[name] for name in self.KEPT if data.get(name)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


class DiscordProvider(Lean, AllauthDiscord):
    oauth2_adapter_class = services.Discord
    KEPT = ("username", "global_name", "discriminator", "avatar")


class GoogleProvider(Lean, AllauthGoogle):
    account_class = ProviderAccount


class SpotifyProvider(Lean, AllauthSpotify):
    oauth2_adapter_class = services.Spotify
    account_class = ProviderAccount  # allauth's own stumbles over the pictures that are not kept
    KEPT = ("display_name",)
