"""Tracks, tags, and the names that sources wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now as clock

from catalog.admin.albums import CurrentFilter
from catalog.admin.corrections import CorrectingAdmin, MergeAct, UnmergeAct, merge_selected
from catalog.merging import MergeReport, merge_tracks
from catalog.models import Alias, Tag, Track
from catalog.names import name_key, tidy
from catalog.outside_search import look_up_recording, read_recording_address
from catalog.recordings import link_by_hand, unlink
from sidetrack.admin_acts import Act, ReadOnlyAdmin, ReasonForm
from social.errors import Refused
from social.models import ModerationAction
from social.moderation import log_action


class MergeTracks(MergeAct):
    explanation = (
        "Everything that points at the other one (listens, album tracks, names) will point at this one; the other one "
        "leads here. It can be taken back."
    )
    shown: ClassVar[dict[str, str]] = {
        "title": "Title",
        "artist": "Artist",
        "album": "Album",
        "duration_ms": "Milliseconds",
        "recording_mbid": "MusicBrainz",
    }

    def merge(self, other: Track, reason: str, now: datetime) -> MergeReport:
        return merge_tracks(keep=self.obj, drop=other, moderator=self.moderator, reason=reason, now=now)


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


@admin.register(Track)
class TrackAdmin(CorrectingAdmin):
    acts = (LinkRecording, UnlinkRecording, MergeTracks, UnmergeAct)
    list_display = ("title", "artist", "album", "duration_ms", "resolution")
    list_filter = ("resolution", ("recording_mbid", admin.EmptyFieldListFilter), CurrentFilter)
    list_select_related = ("artist", "album__artist")
    search_fields = ("title", "artist__name", "=recording_mbid")
    autocomplete_fields = ("artist", "album")
    actions = (merge_selected,)
    fields = (
        "title",
        "artist",
        "artist_credit",
        "album",
        "duration_ms",
        "recording_mbid",
        "resolution",
        "match_quality",
        "merged_into",
    )
    readonly_fields = ("resolution", "match_quality", "merged_into")


class TagForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Tag
        fields = ("name", "is_genre")

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if name_key(name) != self.instance.name_key:
            raise forms.ValidationError(
                "Only the spelling can change here (Hip Hop, hip-hop). For another word, fix the tags of the albums."
            )
        return name


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The spelling of a tag everywhere, and whether it is a genre; which album has it, the album says."""

    list_display = ("name", "is_genre", "n_uses")
    list_filter = ("is_genre",)
    list_per_page = 100
    search_fields = ("name",)
    actions = None
    form = TagForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        tags: QuerySet[Tag] = super().get_queryset(request)
        return tags.annotate(n_uses=Count("taggings"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        before = {name: form.initial.get(name) for name in form.changed_data}
        super().save_model(request, obj, form, change)
        if form.changed_data:
            after = {name: getattr(obj, name) for name in form.changed_data}
            log_action(moderator=request.user, verb="correct", obj=obj, before=before, after=after, now=clock())  # type: ignore[arg-type]

    @admin.display(description="uses", ordering="n_uses")
    def n_uses(self, tag: Any) -> int:
        return int(tag.n_uses)


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "artist", "album", "track", "source", "created_at")
    list_filter = ("kind", "source")
    list_select_related = ("artist", "album__artist", "track__artist")
    search_fields = ("artist_key", "title_key")
    actions = None
