"""What a member may type about a play of theirs."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.names import name_key, title_key
from listening.forms import LocalTimeField, LocalTimeForm
from listening.models import ListenEvent
from listening.plays import MAX_NAME, MAX_TITLE


class TimeForm(LocalTimeForm):
    """When a play began."""

    played_at = LocalTimeField(label=_("When it began"), missing=_("Say when it began."), step=1)

    def __init__(self, data: object = None, *, zone: ZoneInfo, played_at: datetime) -> None:
        super().__init__(data, zone=zone, initial={"played_at": timezone.make_naive(played_at, zone)})


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
