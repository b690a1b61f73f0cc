"""Tracks that nobody could tell: the most played first, what MusicBrainz may mean by them, a moderator's answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import F, OrderBy, QuerySet, Value
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.timezone import now as clock

from catalog.clients.musicbrainz_records import RecordingRecord
from catalog.models import Track
from catalog.names import plain_name, plain_title
from catalog.outside_search import look_up_recording, read_recording_address, search_musicbrainz_recordings
from catalog.recordings import link_by_hand, unlink
from catalog.templatetags.music import duration
from sidetrack import slots
from sidetrack.admin_acts import Act, ReasonForm
from sidetrack.http import ExternalApiError
from social.errors import Refused
from social.models import ModerationAction

N_CANDIDATES = 8


class UnknownFilter(admin.SimpleListFilter):
    """Without a recording, ordered by how much members play it.

    slots.register("catalog:n_plays", n_plays)     # () -> an expression on tracks
    """

    title = "unknown"
    parameter_name = "unknown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Unknown, most played first")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Track]) -> QuerySet[Track]:
        return queryset.filter(recording_mbid__isnull=True) if self.value() else queryset


def by_plays() -> list[OrderBy]:
    """The most played first, then the first."""
    plays = next(slots.call("catalog:n_plays"), Value(0))
    return [OrderBy(plays, descending=True), OrderBy(F("pk"))]


class LinkForm(ReasonForm):
    address = forms.CharField(
        label="MusicBrainz recording", max_length=200, help_text="Its address at musicbrainz.org, or its id alone."
    )
    field_order = ("address", "reason")

    def clean_address(self) -> UUID:
        mbid = read_recording_address(self.cleaned_data["address"])
        if mbid is None:
            raise forms.ValidationError("That is no recording's address: https://musicbrainz.org/recording/…")
        return mbid


class LinkRecording(Act):
    """What jobs could not tell, for everybody."""

    name, label, form_class = "link", "Link to a recording", LinkForm
    explanation = (
        "The track is this recording, for all members, and its name means it from now on. Where another track has the "
        "recording already, this one becomes part of it. Both can be taken back."
    )

    def is_offered(self) -> bool:
        return self.obj.merged_into_id is None

    def facts(self) -> list[tuple[str, Any]]:
        """What it may be; asked of MusicBrainz once, and only as long as a person waits."""
        artist, title = plain_name(self.obj.artist_credit or self.obj.artist.name), plain_title(self.obj.title)
        try:
            found = search_musicbrainz_recordings(words="", artist=artist, title=title, limit=N_CANDIDATES, now=clock())
        except ExternalApiError:
            return [("MusicBrainz", "does not answer now; load this page again in a minute")]
        return [(f"{record.title} — {record.credit.text}", _candidate(record)) for record in found] or [
            ("MusicBrainz", "finds nothing by this name")
        ]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        record = look_up_recording(cleaned["address"], now=now)
        track = link_by_hand(
            track=self.obj, record=record, moderator=self.moderator, reason=cleaned["reason"], now=now
        )  # fmt: skip
        return f"{self.obj} is “{track}” from now on."


class UnlinkRecording(Act):
    name, label, form_class = "unlink", "Take the link back", forms.Form

    def last_link(self) -> ModerationAction | None:
        links = ModerationAction.objects.filter(
            verb="link_track", kind="catalog.track", object_id=self.obj.pk, undone_by=None
        )
        return links.order_by("-id").first()

    def is_offered(self) -> bool:
        return self.last_link() is not None

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        link = self.last_link()
        if link is None:
            raise Refused("There is no link to take back.", code="nothing_to_undo")
        return f"“{unlink(action=link, moderator=self.moderator, now=now)}” is what it was before."


def _candidate(record: RecordingRecord) -> str:
    release = record.releases[0].title if record.releases else ""
    said = " · ".join(text for text in (release, duration(record.length_ms)) if text)
    address = f"https://musicbrainz.org/recording/{record.mbid}"
    return format_html('{} <a href="{}" rel="noopener">{}</a>', said, address, record.mbid)
