"""What a member may type about a play of theirs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.names import name_key, title_key
from listening.models import ListenEvent
from listening.plays import MAX_NAME, MAX_TITLE


class TimeForm(forms.Form):
    """When a play began, on the member's own clock."""

    played_at = forms.DateTimeField(
        label=_("When it began"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1", "class": "input"}, format="%Y-%m-%dT%H:%M:%S"
        ),
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={
            "required": _("Say when it began."),
            "invalid": _("Write the time as 2025-11-20 21:04:00."),
        },
    )

    def __init__(self, data: object = None, *, zone: ZoneInfo, played_at: datetime) -> None:
        self.zone = zone
        super().__init__(data, initial={"played_at": timezone.make_naive(played_at, zone)})  # type: ignore[arg-type]

    def full_clean(self) -> None:
        """Fields read their times in the member's zone, whatever the site's is."""
        with timezone.override(self.zone):
            super().full_clean()


class NamesForm(forms.Form):
    """What a play really was."""

    artist = forms.CharField(
        label=_("Artist"), max_length=MAX_NAME, error_messages={"required": _("Say who plays it.")}
    )
    title = forms.CharField(label=_("Title"), max_length=MAX_TITLE, error_messages={"required": _("Say its title.")})
    album = forms.CharField(label=_("Album"), max_length=MAX_TITLE, required=False)

    def __init__(self, data: object = None, *, play: ListenEvent) -> None:
        names = {
            "artist": play.track.artist_credit or play.artist.name,
            "title": play.track.title,
            "album": play.album.title if play.album else "",
        }
        super().__init__(data, initial=names)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "dir": "auto"}

    def clean_artist(self) -> str:
        return _with_letters(self.cleaned_data["artist"], name_key)

    def clean_title(self) -> str:
        return _with_letters(self.cleaned_data["title"], title_key)


def _with_letters(text: str, key: object) -> str:
    if not callable(key) or not key(text):
        raise forms.ValidationError(_("That is no name."))
    return text
