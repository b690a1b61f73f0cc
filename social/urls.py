"""Addresses of people: members, their settings, what stands between them."""

from django.urls import path

from social.views import settings
from social.views.community import community
from social.views.profile import profile
from social.views.relations import relate, report_member
from social.views.warnings import read_warnings

app_name = "social"

urlpatterns = [
    path("community/", community, name="community"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/privacy/", settings.privacy, name="settings_privacy"),
    path("settings/appearance/", settings.appearance, name="settings_appearance"),
    path("settings/tokens/", settings.tokens, name="settings_tokens"),
    path("settings/tokens/<int:token_id>/revoke/", settings.revoke, name="revoke_token"),
    path("warnings/read/", read_warnings, name="read_warnings"),
    path("@<str:handle>/", profile, name="profile"),
    path("@<str:handle>/relation/", relate, name="relate"),
    path("@<str:handle>/report/", report_member, name="report"),
    path("@<str:handle>/<slug:tab>/", profile, name="profile_tab"),
]
