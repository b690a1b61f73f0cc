"""Addresses of the ListenBrainz-compatible server, below `/1/` and `/apis/listenbrainz/1/`.

With or without a slash at the end: programs differ, and a redirect would lose what they send.
"""

from __future__ import annotations

from django.urls import URLPattern, re_path

from listening.listenbrainz import deleting, feedback, importing, lookup, people, reading, stats, submitting
from listening.listenbrainz.answering import unknown_address

MEMBER = r"(?P<name>[^/]+)"

urlpatterns: list[URLPattern] = [
    re_path(r"^submit-listens/?$", submitting.submit_listens),
    re_path(r"^delete-listen/?$", deleting.delete_listen),
    re_path(r"^playing-now/delete/?$", submitting.playing_now_delete),
    re_path(r"^latest-import/?$", importing.latest_import),
    re_path(r"^validate-token/?$", people.validate_token),
    re_path(rf"^user/{MEMBER}/listens/?$", reading.listens),
    re_path(rf"^user/{MEMBER}/listen-count/?$", reading.listen_count),
    re_path(rf"^user/{MEMBER}/playing-now/?$", reading.playing_now),
    re_path(rf"^user/{MEMBER}/followers/?$", people.followers),
    re_path(rf"^user/{MEMBER}/following/?$", people.following),
    re_path(r"^feedback/recording-feedback/?$", feedback.recording_feedback),
    re_path(rf"^feedback/user/{MEMBER}/get-feedback/?$", feedback.feedback_of),
    re_path(rf"^feedback/user/{MEMBER}/get-feedback-for-recordings/?$", feedback.feedback_for_recordings),
    re_path(rf"^stats/user/{MEMBER}/artists/?$", stats.artists),
    re_path(rf"^stats/user/{MEMBER}/releases/?$", stats.releases),
    re_path(rf"^stats/user/{MEMBER}/recordings/?$", stats.recordings),
    re_path(rf"^stats/user/{MEMBER}/listening-activity/?$", stats.listening_activity),
    re_path(r"^metadata/lookup/?$", lookup.look_up),
    re_path(r"^(?P<rest>.*)$", unknown_address),
]
