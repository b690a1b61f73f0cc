"""How allauth talks to each service. Their addresses come from the settings; allauth's own are written in its code."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.discord.views import DiscordOAuth2Adapter
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.spotify.views import SpotifyOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest


def who_is(address: str, token: SocialToken, service: str) -> dict[str, Any]:
    """The account that a token belongs to, as the service describes it."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, headers={"Authorization": f"Bearer {token.token}"})
    if answer.status_code != 200:
        raise OAuth2Error(f"{service} answered {answer.status_code} when asked whose account this is.")
    account = answer.json()
    if not isinstance(account, dict) or not account.get("id"):
        raise OAuth2Error(f"{service} did not say whose account this is.")
    return account


class Discord(DiscordOAuth2Adapter):
    """https://docs.discord.com/developers/topics/oauth2"""

    @property
    def authorize_url(self) -> str:
        return f"{settings.DISCORD_OAUTH_URL}/api/oauth2/authorize"

    @property
    def access_token_url(self) -> str:
        return f"{settings.DISCORD_OAUTH_URL}/api/oauth2/token"

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        account = who_is(f"{settings.DISCORD_API_BASE}/users/@me", token, "Discord")
        return self.get_provider().sociallogin_from_response(request, account)


class Spotify(SpotifyOAuth2Adapter):
    """https://developer.spotify.com/documentation/web-api/tutorials/code-flow"""

    @property
    def authorize_url(self) -> str:
        return f"{settings.SPOTIFY_ACCOUNTS_URL}/authorize"

    @property
    def access_token_url(self) -> str:
        return f"{settings.SPOTIFY_ACCOUNTS_URL}/api/token"

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any) -> SocialLogin:
        account = who_is(f"{settings.SPOTIFY_API_URL}/v1/me", token, "Spotify")
        return self.get_provider().sociallogin_from_response(request, account)


discord_login = OAuth2LoginView.adapter_view(Discord)
discord_callback = OAuth2CallbackView.adapter_view(Discord)
google_login = OAuth2LoginView.adapter_view(GoogleOAuth2Adapter)
google_callback = OAuth2CallbackView.adapter_view(GoogleOAuth2Adapter)
spotify_login = OAuth2LoginView.adapter_view(Spotify)
spotify_callback = OAuth2CallbackView.adapter_view(Spotify)
