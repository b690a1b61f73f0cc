"""The pages of signing in that exist here: allauth's, without those that need an e-mail address."""

from allauth.account import views as account
from allauth.socialaccount import views as elsewhere
from django.urls import path

from social.signin import services

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("3rdparty/", elsewhere.connections, name="socialaccount_connections"),
    path("3rdparty/login/cancelled/", elsewhere.login_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", elsewhere.login_error, name="socialaccount_login_error"),
    path("discord/login/", services.discord_login, name="discord_login"),
    path("discord/login/callback/", services.discord_callback, name="discord_callback"),
    path("google/login/", services.google_login, name="google_login"),
    path("google/login/callback/", services.google_callback, name="google_callback"),
    path("spotify/login/", services.spotify_login, name="spotify_login"),
    path("spotify/login/callback/", services.spotify_callback, name="spotify_callback"),
]
