"""What a member does on a week's page. Each calls the club's own function; a refusal comes back with what was typed."""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.naming import get_or_create_album
from club import nominating, voting
from club import ratings as rating_stories
from club.current import Verb, require_open
from club.errors import ClubRuleBroken
from club.forms import BallotForm, NominationForm, RatingForm
from club.models import ClubSettings, Nomination, Rating, Week
from club.views import week_parts
from club.views.week import week_context
from sidetrack.pacing import paced
from social.errors import Refused
from social.models import User

LONGEST_ID = 20  # digits; Python refuses to read numbers of thousands of them


class SentBack(Exception):
    """The form goes back as it was sent, with its errors."""

    def __init__(self, name: str, form: Form, *, status: int = 400, **extra: Any) -> None:
        super().__init__(name)
        self.context = {name: form, "refused": form, **extra}
        self.status = status


def not_right(name: str, form: Form, verb: Verb, week: Week, now: datetime) -> SentBack:
    """What the form itself lacks; where the week takes nothing of the kind any more, that alone, in words."""
    try:
        require_open(verb, week, now)
    except ClubRuleBroken as broken:
        form.errors.clear()
        form.add_error(None, broken.message)
        return SentBack(name, form, status=409)
    return SentBack(name, form)


class Act(Protocol):
    def __call__(self, request: HttpRequest, week: Week, member: User) -> str: ...


def acting(act: Act) -> Any:
    """Turns an act into a POST view: `act` does it and answers where on the page to go back to, or raises SentBack."""

    @wraps(act)
    def view(request: HttpRequest, number: int) -> HttpResponse:
        week = get_object_or_404(Week.objects.with_winner(), number=number)
        try:
            anchor = act(request, week, cast(User, request.user))  # login_required
        except SentBack as refused:
            context = week_context(request, week, now=timezone.now(), **refused.context)
            return render(request, "club/week.html", context, status=refused.status)
        except (ClubRuleBroken, Refused) as broken:
            messages.error(request, str(broken))
            anchor = ""
        return redirect(f"{week.get_absolute_url()}{anchor}")

    return login_required(require_POST(paced(view)))


@acting
def nominate(request: HttpRequest, week: Week, member: User) -> str:
    now = timezone.now()
    form = NominationForm(request.POST)
    if not form.is_valid():
        raise not_right("nomination_form", form, "nominate", week, now)
    said = form.cleaned_data
    try:
        words = {name: said[name] for name in nominating.TEXTS}
        with transaction.atomic():  # what is refused leaves no album behind
            album = said["album"]
            album = album or get_or_create_album(title=said["title"], artist=said["artist"], year=said["year"])[0]
            result = nominating.nominate(member=member, week=week, album=album, now=now, **words)
    except ClubRuleBroken as broken:
        form.add_error(None, broken.message)
        raise SentBack("nomination_form", form, status=409) from broken
    for warning in result.warnings:
        messages.warning(request, warning)
    done = _("%(album)s is nominated.") if result.created else _("%(album)s stays nominated; the words are changed.")
    messages.success(request, done % {"album": album.title})
    return "#nominees"


@acting
def withdraw(request: HttpRequest, week: Week, member: User) -> str:
    nomination = get_object_or_404(
        Nomination.objects.standing(), pk=_number(request, "nomination"), week=week, user=member
    )
    nominating.withdraw(nomination=nomination, by=member, now=timezone.now())
    messages.success(request, _("%(album)s is withdrawn.") % {"album": nomination.album.title})
    return "#nominees"


@acting
def vote(request: HttpRequest, week: Week, member: User) -> str:
    now = timezone.now()
    if "clear" in request.POST:
        voting.clear_ballot(voter=member, week=week, now=now)
        messages.success(request, _("Your ballot is empty again."))
        return "#vote"
    poll = week_parts.poll_shown(week, member)
    nominees = week_parts.nominees_shown(week, member, poll)
    club = ClubSettings.load()
    form = BallotForm(request.POST, nominees=nominees, voter=member, allow_self_vote=club.allow_self_vote)
    if not form.is_valid():
        raise not_right("ballot_form", form, "vote", week, now)
    first, second = form.cleaned_data["first"], form.cleaned_data["second"]
    try:
        voting.cast_ballot(voter=member, week=week, first=first, second=second, now=now)
    except ClubRuleBroken as broken:
        form.add_error(None, broken.message)
        raise SentBack("ballot_form", form, status=409) from broken
    messages.success(request, _("Your ballot is in. You may change it until the poll closes."))
    return "#vote"


@acting
def rate(request: HttpRequest, week: Week, member: User) -> str:
    now = timezone.now()
    own = Rating.objects.filter(week=week, user=member).first()
    if "clear" in request.POST:
        if own:
            rating_stories.clear_rating(rating=own, by=member, now=now)
            messages.success(request, _("Your rating is gone."))
        return "#rate"
    lines = list(week.winner.album.lines.select_related("track")) if week.winner else []
    form = RatingForm(request.POST, lines=lines, rating=own)
    if not form.is_valid():
        raise not_right("rating_form", form, "rate", week, now)
    said = form.cleaned_data
    line = said.pop("track")
    track = line.track if line else None
    said["favorite_track"] = track.title if track else said["favorite_track"]
    try:
        rating, _created = rating_stories.rate(member=member, week=week, track=track, now=now, **said)
    except ClubRuleBroken as broken:
        form.add_error(None, broken.message)
        raise SentBack("rating_form", form, status=409) from broken
    messages.success(request, _("Saved %(stars).1f.") % {"stars": rating.stars})
    return "#rate"


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < LONGEST_ID else 0
