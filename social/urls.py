"""Addresses of people: members, their settings, what stands between them."""

from django.urls import path, re_path

from social.views import leaving, notifications, own_data, picture, recap, sessions, settings, welcome
from social.views.community import community
from social.views.feed import feed
from social.views.follow_lists import follow_list, requests
from social.views.notification_settings import notification_settings
from social.views.profile import profile
from social.views.relations import relate, report_member
from social.views.reports import own_reports
from social.views.warnings import read_warnings

app_name = "social"

urlpatterns = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/introduce/", welcome.introduce, name="welcome_introduce"),
    path("welcome/finish/", welcome.finish, name="welcome_finish"),
    path("welcome/<slug:slug>/", welcome.welcome, name="welcome_step"),
    path("community/", community, name="community"),
    path("feed/", feed, name="feed"),
    path("follow-requests/", requests, name="requests"),
    path("@<str:handle>/followers/", follow_list, {"side": "followers"}, name="followers"),
    path("@<str:handle>/following/", follow_list, {"side": "following"}, name="following"),
    path("@<str:handle>/friends/", follow_list, {"side": "friends"}, name="friends"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/profile/picture/", picture.change_picture, name="change_picture"),
    path("settings/privacy/", settings.privacy, name="settings_privacy"),
    path("settings/appearance/", settings.appearance, name="settings_appearance"),
    path("settings/notifications/", notification_settings, name="settings_notifications"),
    path("settings/sessions/", sessions.sessions, name="settings_sessions"),
    path("settings/sessions/others/", sessions.end_others, name="end_other_sessions"),
    path("settings/sessions/<int:session_id>/", sessions.end_session, name="end_session"),
    path("settings/data/", own_data.own_data, name="settings_data"),
    path("settings/data/exports/", own_data.exports_list, name="exports_list"),
    path("settings/data/exports/new/", own_data.ask_for_export, name="ask_for_export"),
    path("settings/data/exports/<int:export_id>/", own_data.fetch_export, name="fetch_export"),
    path("settings/data/exports/<int:export_id>/delete/", own_data.forget_export, name="forget_export"),
    path("settings/data/leave/", leaving.leave, name="leave"),
    path("settings/data/stay/", leaving.stay, name="stay"),
    path("settings/reports/", own_reports, name="settings_reports"),
    path("settings/tokens/", settings.tokens, name="settings_tokens"),
    path("settings/tokens/<int:token_id>/revoke/", settings.revoke, name="revoke_token"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read_all, name="read_notifications"),
    path("notifications/<int:notification_id>/", notifications.follow, name="follow_notification"),
    path("warnings/read/", read_warnings, name="read_warnings"),
    path("@<str:handle>/", profile, name="profile"),
    path("@<str:handle>/relation/", relate, name="relate"),
    path("@<str:handle>/report/", report_member, name="report"),
    re_path(r"^@(?P<handle>\w+)/(?P<year>[12][0-9]{3})/$", recap.recap_page, name="recap"),
    re_path(r"^@(?P<handle>\w+)/(?P<year>[12][0-9]{3})/(?P<place>[a-z]+)\.png$", recap.recap_card, name="recap_card"),
    path("@<str:handle>/<slug:tab>/", profile, name="profile_tab"),
]
