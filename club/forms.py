"""What a member fills in on the web. Forms check the shape; the club's functions check the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Album, AlbumTrack
from club.models import Nomination, Rating
from club.models.rating import HALF_STARS
from club.voting import Ballot
from social.models import User
from social.visibility import Visibility

if TYPE_CHECKING:
    from club.views.week_parts import NomineeShown


class NominationForm(forms.Form):
    """An album from the suggestions, or one typed in; then why, and what it is."""

    prefix = "nomination"

    album = forms.ModelChoiceField(Album.objects.current().select_related("artist"), required=False)
    title = forms.CharField(label=_("Album"), max_length=500, required=False)
    artist = forms.CharField(label=_("Artist"), max_length=300, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1860, max_value=2200, required=False)
    pitch = forms.CharField(label=_("Your pitch"), max_length=2000, required=False, widget=forms.Textarea)
    pitch_track = forms.CharField(label=_("A track to start with"), max_length=300, required=False)
    pitch_track_url = forms.URLField(
        label=_("Link to one track"), max_length=500, required=False, assume_scheme="https"
    )
    genre = forms.CharField(label=_("Genre"), max_length=80, required=False)
    decade = forms.CharField(label=_("Decade"), max_length=16, required=False)
    country = forms.CharField(label=_("Country"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("album") and "album" not in self.errors:
            if not cleaned.get("title"):
                self.add_error("title", _("Write the album's title, or choose one of the suggestions."))
            if not cleaned.get("artist"):
                self.add_error("artist", _("Write who made it."))
        return cleaned


class BallotForm(forms.Form):
    """A first and a second choice among the nominees; either may stay empty."""

    prefix = "ballot"

    def __init__(
        self,
        data: Any = None,
        *,
        nominees: Sequence[NomineeShown],
        voter: User,
        allow_self_vote: bool,
        ballot: Ballot | None = None,
    ) -> None:
        initial = {"first": ballot.first.pk if ballot and ballot.first else None}
        initial["second"] = ballot.second.pk if ballot and ballot.second else None
        super().__init__(data, initial=initial)
        self.nominees = [nominee for nominee in nominees if allow_self_vote or nominee.nomination.user_id != voter.pk]
        self.has_ballot = any(initial.values())
        choices = Nomination.objects.filter(pk__in=[nominee.nomination.pk for nominee in self.nominees])
        self.fields["first"] = forms.ModelChoiceField(choices, required=False)
        self.fields["second"] = forms.ModelChoiceField(choices, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("first") and not cleaned.get("second"):
            self.add_error("first", _("Choose at least one album, or clear your ballot."))
        return cleaned

    def rows(self) -> list[tuple[NomineeShown, bool, bool]]:
        """Each nominee, and whether it is the first or the second choice as the form stands."""
        first, second = str(self["first"].value()), str(self["second"].value())
        return [(each, str(each.nomination.pk) == first, str(each.nomination.pk) == second) for each in self.nominees]


class RatingForm(forms.Form):
    """Stars in halves, the track that stayed, and words for whoever the member chooses."""

    prefix = "rating"

    half_stars = forms.TypedChoiceField(
        label=_("Your rating"),
        choices=HALF_STARS,
        coerce=int,
        error_messages={
            "required": _("Choose a rating from 1.0 to 5.0."),
            "invalid_choice": _("Choose one of the nine."),
        },
    )
    track = forms.ModelChoiceField(AlbumTrack.objects.none(), label=_("Favourite track"), required=False)
    favorite_track = forms.CharField(label=_("Favourite track"), max_length=300, required=False)
    review = forms.CharField(label=_("Review"), max_length=8000, required=False, widget=forms.Textarea)
    spoiler = forms.BooleanField(label=_("Fold it away until somebody asks for it"), required=False)
    visibility = forms.ChoiceField(label=_("Who may read it"), choices=Visibility.choices, initial=Visibility.PUBLIC)

    def __init__(self, data: Any = None, *, lines: Sequence[AlbumTrack], rating: Rating | None = None) -> None:
        initial: dict[str, Any] = {}
        if rating is not None:
            names = ("half_stars", "favorite_track", "review", "spoiler", "visibility")
            initial = {name: getattr(rating, name) for name in names}
            initial["track"] = next((line.pk for line in lines if line.track_id == rating.track_id), None)
        super().__init__(data, initial=initial)
        self.lines = lines
        self.rating = rating
        tracks = cast("forms.ModelChoiceField[AlbumTrack]", self.fields["track"])
        tracks.queryset = AlbumTrack.objects.filter(pk__in=[line.pk for line in lines]).select_related("track")

    def stops(self) -> list[tuple[int, str, bool]]:
        """The nine stops of the rail: half stars, how they read, whether one is chosen."""
        chosen = str(self["half_stars"].value() or "")
        return [(half, words, str(half) == chosen) for half, words in HALF_STARS]

    def chosen_line(self) -> str:
        return str(self["track"].value() or "")
