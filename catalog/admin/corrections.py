"""What albums, artists and tracks share: forms that save through `correct`, tags, merges."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now as clock

from catalog.correcting import correct
from catalog.merging import MergeReport, unmerge
from catalog.tagging import read_tags, set_tags, tags_of
from sidetrack.admin_acts import Act, ActAdmin, Change, OptionalReasonForm, ReasonForm
from social.errors import Refused
from social.models import ModerationAction


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saved while it is checked, by the one function that also keeps names findable and writes the log."""

    moderator: ClassVar[Any]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or not self.instance.pk:
            return cleaned
        fresh = type(self.instance)._default_manager.get(pk=self.instance.pk)
        fields = {name: cleaned[name] for name in self.changed_data if name in cleaned}
        try:
            with transaction.atomic():
                correct(row=fresh, moderator=self.moderator, now=clock(), **fields)
        except ValidationError as error:
            known = set(self.fields) | {"__all__"}
            self.add_error(
                None, [text for name, texts in error.message_dict.items() if name not in known for text in texts]
            )
            raise ValidationError(
                {name: texts for name, texts in error.message_dict.items() if name in known}
            ) from error
        return cleaned

    def _post_clean(self) -> None:
        """`correct` has checked the whole row; the instance takes over what it saved."""
        if not self.errors and self.instance.pk:
            self.instance.refresh_from_db()


class CorrectingAdmin(ActAdmin):
    """Moderators change names and facts; only the function writes them."""

    form = CorrectionForm
    refusals = (Refused,)
    list_per_page = 50

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("CorrectionFormOfModerator", (form,), {"moderator": request.user})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved already."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """New rows come from names that members type, and from sheets; see `has_import_permission`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TagsForm(OptionalReasonForm):
    tags = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text="Separated by commas, the most fitting first.",
    )
    field_order = ["tags", "reason"]


class FixTags(Act):
    name, label, form_class, has_preview = "fix-tags", "Fix tags", TagsForm, True
    explanation = "These become its tags, whatever MusicBrainz or members said before."

    def initial(self) -> dict[str, Any]:
        return {"tags": ", ".join(tags_of(self.obj))}

    def preview(self, cleaned: dict[str, Any]) -> list[Change]:
        before, after = tags_of(self.obj), read_tags(cleaned["tags"])
        if before == after:
            return []
        return [Change("Tags", ", ".join(before) or "none", ", ".join(after) or "none")]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        changed = set_tags(
            row=self.obj, names=read_tags(cleaned["tags"]), moderator=self.moderator, now=now, reason=cleaned["reason"]
        )
        return f"The tags of {self.obj} are {'set' if changed else 'as they were'}."


class MergeAct(Act):
    """Another row becomes this one. Subclasses name the function and what is shown of each row."""

    name, label, is_severe, has_preview = "merge", "Merge another into this", True, True
    explanation = (
        "Everything that points at the other one (nominations, ratings, tracks, tags) will point at this one; the "
        "other one leads here. It can be taken back."
    )
    shown: ClassVar[dict[str, str]] = {}

    def is_offered(self) -> bool:
        return self.obj.merged_into_id is None

    def form(self, data: Any = None) -> forms.Form:
        model: Any = type(self.obj)
        field = forms.ModelChoiceField(
            model.objects.current().exclude(pk=self.obj.pk),
            widget=AutocompleteSelect(model._meta.get_field("merged_into"), admin.site),
            label="The other one",
        )
        form_class = type("MergeForm", (ReasonForm,), {"other": field, "field_order": ["other", "reason"]})
        form: forms.Form = form_class(data, initial={"other": self.request.GET.get("other")})
        return form

    def preview(self, cleaned: dict[str, Any]) -> list[Change]:
        lines = [
            Change(name, getattr(cleaned["other"], field), getattr(self.obj, field))
            for field, name in self.shown.items()
        ]
        return [Change(line.name, line.before or "–", line.after or "–") for line in lines]

    def merge(self, other: Any, reason: str, now: datetime) -> MergeReport:
        raise NotImplementedError

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        return str(self.merge(cleaned["other"], cleaned["reason"], now))


class UnmergeAct(Act):
    name, label, form_class = "unmerge", "Take the last merge back", forms.Form

    def last_merge(self) -> ModerationAction | None:
        kind = self.obj._meta
        merges = ModerationAction.objects.filter(
            verb=f"merge_{kind.model_name}", kind=kind.label_lower, object_id=self.obj.pk, undone_by=None
        )
        return merges.order_by("-id").first()

    def is_offered(self) -> bool:
        return self.last_merge() is not None

    def facts(self) -> list[tuple[str, Any]]:
        merge = self.last_merge()
        if merge is None:
            return []
        dropped = merge.before.get("dropped", {})
        other = dropped.get("title") or dropped.get("name") or f"number {dropped.get('id')}"
        return [("Merged into this", other), ("By", merge.moderator or "the club"), ("Why", merge.reason or "–")]

    def do(self, cleaned: dict[str, Any], now: datetime) -> str:
        merge = self.last_merge()
        if merge is None:
            raise Refused("There is no merge to take back.", code="nothing_to_undo")
        unmerge(action=merge, moderator=self.moderator, now=now)
        return f"{self.obj} and the other one are two again."


@admin.action(description="Merge two selected rows", permissions=["view"])
def merge_selected(model_admin: ActAdmin, request: HttpRequest, rows: QuerySet[Model]) -> HttpResponse | None:
    """To the merge page of the first of the two: the older one is kept."""
    chosen = list(rows.order_by("pk")[:3])
    if len(chosen) != 2:
        messages.error(request, "Select exactly two rows that are the same.")
        return None
    opts = model_admin.model._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_merge", args=[chosen[0].pk])
    return HttpResponseRedirect(f"{address}?other={chosen[1].pk}")
