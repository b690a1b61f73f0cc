"""Which file is which track: the ones that nobody could tell, the ones that failed, and an operator's word."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now as clock

from catalog.models import Track
from sidetrack.admin_acts import Act, ActAdmin, ReadOnlyAdmin, ReasonForm
from social.moderation import log_action
from taste.audio import due
from taste.audio.file_matching import match_by_hand, match_files
from taste.audio.tasks import queue_due
from taste.models import AudioFile


class StateFilter(admin.SimpleListFilter):
    """What an operator asks: which belong to no track, which failed, which wait."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("unmatched", "Without a track"),
            ("failed", "Cannot be read"),
            ("due", "To be analysed"),
            ("analysed", "Analysed"),
            ("gone", "Gone"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AudioFile]) -> QuerySet[AudioFile]:
        there = queryset.filter(gone_at__isnull=True)
        match self.value():
            case "unmatched":
                return there.filter(track__isnull=True)
            case "failed":
                return there.exclude(problem="")
            case "due":
                return there.filter(pk__in=due.due(due.plan_now()).values("pk"))
            case "analysed":
                return there.filter(Q(problem="") & ~Q(measured_version=""))
            case "gone":
                return queryset.filter(gone_at__isnull=False)
        return queryset


class MatchByHand(Act):
    """What names could not tell."""

    name, label = "match", "Match by hand"
    explanation = "The file is this track from now on, whatever its tags say. It is analysed for it by the next job."

    def facts(self) -> list[tuple[str, Any]]:
        tags = self.obj.tags
        said = [f"{name}: {value}" for name, value in tags.items() if isinstance(value, str)]
        return [
            ("Its tags", "\n".join(said) or "none"),
            ("Now", f"{self.obj.track}" if self.obj.track_id else self.obj.no_match_reason or "no track"),
        ]

    def form(self, data: Any = None) -> forms.Form:
        field = forms.ModelChoiceField(
            Track.objects.current(),
            widget=AutocompleteSelect(AudioFile._meta.get_field("track"), admin.site),
            label="Track",
        )
        form_class = type("MatchForm", (ReasonForm,), {"track": field, "field_order": ["track", "reason"]})
        form: forms.Form = form_class(data, initial={"track": self.obj.track_id})
        return form

    @transaction.atomic
    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        track = cleaned["track"]
        match_by_hand(file=self.obj, track=track, now=now)
        # Told of the track: moderators read the log, and where music lies is not for them.
        log_action(moderator=self.moderator, verb="match_file", obj=track, reason=cleaned["reason"],
                   after={"audio_file": self.obj.pk}, now=now)  # fmt: skip
        return f"The file is “{track}” now."


class TakeTrackAway(Act):
    """A wrong match, and no right one."""

    name, label = "unmatch", "It is not this track"
    explanation = "The file belongs to no track from now on, and what was heard in it is taken back."

    def is_offered(self) -> bool:
        return self.obj.track_id is not None

    @transaction.atomic
    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        track = self.obj.track
        match_by_hand(file=self.obj, track=None, now=now, reason=cleaned["reason"][:300])
        log_action(moderator=self.moderator, verb="unmatch_file", obj=track, reason=cleaned["reason"],
                   before={"audio_file": self.obj.pk}, now=now)  # fmt: skip
        return f"The file is no longer “{track}”."


@admin.action(description="Match again", permissions=["view"])
def match_again(model_admin: AudioFileAdmin, request: HttpRequest, files: QuerySet[AudioFile]) -> None:
    """As if they were new; what operators said of them is forgotten."""
    ids = list(files.values_list("pk", flat=True))
    AudioFile.objects.filter(pk__in=ids, matched_by=AudioFile.MatchedBy.HAND).update(matched_by="", no_match_reason="")
    n_matched = match_files(ids, now=clock())
    messages.success(request, f"{n_matched} of {len(ids)} files have a track now.")


@admin.action(description="Analyse again", permissions=["view"])
def analyse_again(model_admin: AudioFileAdmin, request: HttpRequest, files: QuerySet[AudioFile]) -> None:
    """Failed ones too: somebody may have mended them."""
    n_due = due.make_due(files.filter(track__isnull=False, gone_at__isnull=True))
    queue_due()
    n_without = files.filter(track__isnull=True).count()
    beside = f" Without a track, to be matched first: {n_without}." if n_without else ""
    told = "1 file is" if n_due == 1 else f"{n_due} files are"
    messages.success(request, f"{told} analysed by the next jobs.{beside}")


@admin.register(AudioFile)
class AudioFileAdmin(ActAdmin, ReadOnlyAdmin):
    """Rows come from scans; an operator says which track one is, and has it heard again."""

    acts: ClassVar[Any] = (MatchByHand, TakeTrackAway)
    list_display = ("path", "track", "matched_by", "state", "measured_at")
    list_filter = (StateFilter, "matched_by")
    list_select_related = ("track__artist",)
    list_per_page = 100
    search_fields = ("path", "no_match_reason", "problem")
    actions = (match_again, analyse_again)
    fields = (
        "path",
        "track",
        "matched_by",
        "no_match_reason",
        "match_tried_at",
        "tags",
        "seconds",
        "n_bytes",
        "modified_at",
        "content_hash",
        "problem",
        "measured_version",
        "measured_at",
        "heard_by",
        "seen_at",
        "gone_at",
    )

    @admin.display(description="state")
    def state(self, file: AudioFile) -> str:
        if file.gone_at:
            return "gone"
        if file.problem or file.no_match_reason:
            return file.problem or file.no_match_reason
        return "analysed" if file.measured_version else "waits"
