"""What a member does with shelves: buttons on an album's page, a page to log it, a page of four favourites.

Plain forms; each goes back to where it stood. A button pressed twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Album
from catalog.naming import standing
from catalog.search import search_albums
from club.errors import ClubRuleBroken
from club.models import DiaryEntry
from club.models.shelf import N_FAVOURITES
from club.shelf_forms import LogForm, WantForm
from club.shelves import favourites
from club.shelves.checks import today_of
from club.shelves.diary import change_entry, log_album, remove_entry
from club.shelves.wanting import unwant, want
from sidetrack.pacing import paced
from social.models import User

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
N_FOUND = 12
LONGEST_QUERY = 200
LONGEST_ID = 18  # digits


def _album(slug: str) -> Album:
    """The album of this address, or the one that it became."""
    return standing(get_object_or_404(Album.objects.select_related("artist", "merged_into"), slug=slug))


def back(request: HttpRequest, otherwise: str | Album | User) -> HttpResponse:
    """To the page where the button stood."""
    to = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return redirect(to if is_ours and to.startswith("/") else otherwise)  # a bare word would be the name of a view


@login_required
@require_POST
@paced
def want_album(request: HttpRequest, slug: str) -> HttpResponse:
    """On the list of albums to hear, or off it; with `note` and `visibility` where the list itself asks."""
    member, album = cast(User, request.user), _album(slug)
    if request.POST.get("act") == "unwant":
        unwant(member=member, album=album)
        messages.success(request, _("“%(album)s” is off your list of albums to hear.") % {"album": album.title})
        return back(request, album)
    form = WantForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return back(request, album)
    try:
        want(member=member, album=album, now=timezone.now(), **form.given())
    except ClubRuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, _("“%(album)s” is on your list of albums to hear.") % {"album": album.title})
    return back(request, album)


@login_required
@never_cache
@get_or_post
@paced
def log_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one heard an album; correct or remove what one said of it before (`?entry=`)."""
    member, album, now = cast(User, request.user), _album(slug), timezone.now()
    entries = DiaryEntry.objects.filter(user=member, album=album)
    asked = (request.POST if request.method == "POST" else request.GET).get("entry", "")
    entry = None
    if asked:
        is_number = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID
        entry = get_object_or_404(entries, pk=int(asked) if is_number else 0)
    form = LogForm(request.POST if request.method == "POST" else None, today=today_of(member, now), entry=entry)
    status = 200
    if request.method == "POST":
        try:
            if done := _log(form, member, album, entry, is_removal="remove" in request.POST):
                messages.success(request, done)
                return back(request, album)
            status = 400
        except ClubRuleBroken as broken:
            form.add_error(None, broken.message)
            status = 409
    context = {
        "album": album, "form": form, "entry": entry, "entries": entries, "refused": form if form.errors else None
    }  # fmt: skip
    return render(request, "club/log_album.html", context, status=status)


def _log(form: LogForm, member: User, album: Album, entry: DiaryEntry | None, *, is_removal: bool) -> str:
    """What was done in words, or "" where the form is not right yet."""
    now = timezone.now()
    if is_removal:
        if entry is not None:
            remove_entry(entry=entry, by=member)
        return _("The entry is gone from your diary.")
    if not form.is_valid():
        return ""
    if entry is not None:
        change_entry(entry=entry, by=member, now=now, **form.cleaned_data)
        return _("The entry is changed.")
    logged = log_album(member=member, album=album, now=now, **form.cleaned_data)
    if logged.left_list:
        return _("“%(album)s” is in your diary, and off your list of albums to hear.") % {"album": album.title}
    return _("“%(album)s” is in your diary.") % {"album": album.title}


@login_required
@require_POST
@paced
def favour_album(request: HttpRequest, slug: str) -> HttpResponse:
    """Among the four, out of them, or one place earlier or later."""
    member, album, now = cast(User, request.user), _album(slug), timezone.now()
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: favourites.add_favourite(member=member, album=album, now=now),
        "remove": lambda: favourites.remove_favourite(member=member, album=album, now=now),
        "earlier": lambda: favourites.move_favourite(member=member, album=album, earlier=True, now=now),
        "later": lambda: favourites.move_favourite(member=member, album=album, earlier=False, now=now),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        return HttpResponseBadRequest("There is no such button.")
    try:
        act()
    except ClubRuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, _("Your favourite albums are saved."))
    return back(request, "club:favourites")


@login_required
@never_cache
@require_safe
def favourites_page(request: HttpRequest) -> HttpResponse:
    """The four in order, each with its buttons, and a search for more. Works without a script."""
    member = cast(User, request.user)
    albums = favourites.favourites_of(member)
    find = request.GET.get("find", "").strip()[:LONGEST_QUERY]
    context = {
        "page": "favourites",
        "albums": albums,
        "n_free": N_FAVOURITES - len(albums),
        "places": N_FAVOURITES,
        "find": find,
        "found": [album for album in search_albums(find, limit=N_FOUND + len(albums)) if album not in albums][:N_FOUND]
        if find
        else [],
    }
    return render(request, "club/favourites.html", context)
