"""How allauth makes and finds members."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse, SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import now

from social.avatars import ask_for_discords
from social.errors import Refused
from social.handles import check_handle
from social.identity import link_identity, member_for_identity, member_of
from social.models import User
from social.standing import suspended_until
from social.welcome import AFTERWARDS


def settings_address() -> str:
    """Where a member goes on after changing how they sign in."""
    try:
        return reverse("social:settings")
    except NoReverseMatch:  # a face without the settings pages
        return "/"


def suspension_notice(member: User) -> str:
    """What a suspended member reads instead of getting in."""
    until = suspended_until(member) or " until a moderator lifts it"
    return f"You are suspended{until}: {member.suspension_reason}"


class AccountAdapter(DefaultAccountAdapter):
    """Handle and password; no e-mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.ALLOW_SIGNUP)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        check_handle(username)
        return username

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.handle = form.cleaned_data["username"]
        user.set_password(form.cleaned_data["password1"])
        if commit:
            user.save()
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Inactive members are sent to a page that says so; suspended ones read why, and for how long."""
        if user.is_active and user.is_suspended(now()):
            messages.error(request, suspension_notice(user))
            return redirect("account_login")
        # Here, before Django notes the sign-in.
        request.is_first_sign_in = user.last_login is None and user.welcomed_at is None  # type: ignore[attr-defined]
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return refused

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Whoever is here for the first time is shown the first steps; where they were going is remembered."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if getattr(request, "is_first_sign_in", False) and response.status_code == HTTPStatus.FOUND:
            request.session[AFTERWARDS] = response["Location"]
            return redirect("social:welcome")
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return settings_address()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A proved identity is a member: the one it was linked to, whoever made that member, or a new one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(settings.ALLOW_SIGNUP)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return settings_address()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Before allauth decides anything: find or make the member, and link the identity.

        allauth's own sign-up never runs, because from here on the identity always has a member.
        """
        try:
            with transaction.atomic():
                member = self._member(request, sociallogin)
                link = link_identity(
                    user=member,
                    provider=sociallogin.account.provider,
                    provider_user_id=sociallogin.account.uid,
                    now=now(),
                    metadata=sociallogin.account.extra_data,
                )
                ask_for_discords(link=link)
                if sociallogin.account.pk or not self._is_connecting(request, sociallogin):
                    self._keep_account(sociallogin, member)
        except Refused as refusal:
            messages.error(request, refusal.message)
            raise ImmediateHttpResponse(redirect(settings_address())) from refusal

    def _is_connecting(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """A signed-in member adds an account; allauth then stores its own row and says so."""
        return bool(sociallogin.state.get("process") == AuthProcess.CONNECT and request.user.is_authenticated)

    def _member(self, request: HttpRequest, sociallogin: SocialLogin) -> User:
        """Who is at the door: the signed-in member when connecting, the identity's own member otherwise."""
        account = sociallogin.account
        if self._is_connecting(request, sociallogin):
            return cast(User, request.user)
        known = member_of(provider=account.provider, provider_user_id=account.uid)
        if known or sociallogin.is_existing:
            return known or sociallogin.user
        if not self.is_open_for_signup(request, sociallogin):
            raise SignupClosedException
        kept = account.extra_data
        return member_for_identity(
            provider=account.provider,
            provider_user_id=account.uid,
            display_name=kept.get("global_name") or kept.get("display_name") or kept.get("username") or "",
            wanted_handle=kept.get("username") or "",
            now=now(),
        )[0]

    def _keep_account(self, sociallogin: SocialLogin, member: User) -> None:
        """Point allauth's row at the member; two tabs that arrive at once share the row."""
        account = sociallogin.account
        if account.pk and account.user_id == member.pk:
            return
        sociallogin.account, _ = SocialAccount.objects.update_or_create(
            provider=account.provider, uid=account.uid, defaults={"user": member, "extra_data": account.extra_data}
        )
        sociallogin.user = member
