"""Tracks, tags, and the names that sources wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now as clock

from catalog.admin.albums import CurrentFilter
from catalog.admin.corrections import CorrectingAdmin, MergeAct, UnmergeAct, merge_selected
from catalog.admin.linking import LinkRecording, UnknownFilter, UnlinkRecording, by_plays
from catalog.merging import MergeReport, merge_tracks
from catalog.models import Alias, Tag, Track
from catalog.names import name_key, tidy
from sidetrack.admin_acts import ReadOnlyAdmin
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


@admin.register(Track)
class TrackAdmin(CorrectingAdmin):
    acts = (LinkRecording, UnlinkRecording, MergeTracks, UnmergeAct)
    list_display = ("title", "artist", "album", "duration_ms", "resolution")
    list_filter = (UnknownFilter, "resolution", ("recording_mbid", admin.EmptyFieldListFilter), CurrentFilter)
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

    def get_ordering(self, request: HttpRequest) -> Any:
        return by_plays() if UnknownFilter.parameter_name in request.GET else super().get_ordering(request)


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
