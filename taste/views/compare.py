"""`/@a/with/@b/`: how well two members match, why, and what each should hand over to the other."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.models import Album
from listening.views.tables import file_of
from sidetrack.pacing import paced_reading
from social.models import User
from social.views.profile import for_one_reader
from social.views.recap import as_picture
from taste.comparing.differing import differences
from taste.comparing.handing import Handed, hand_over
from taste.comparing.reading import Pair, pair_of
from taste.comparing.sentences import said
from taste.comparing.shared import N_IN_FILE, Shared, shared_artists
from taste.comparing.together import Ratings, half_stars, rated_by_both, read
from taste.matching.showing import Match, comparable, may_compare, nearest_to, shown_to
from taste.views.compare_parts import card_of, finding_of, table_of, terms_of

N_NEAREST = 50


def two_or_404(request: HttpRequest, handle: str, other: str) -> tuple[User, User]:
    """Both as they may be compared by whoever asks; who may not, or named nobody, finds nothing."""
    shown = comparable(request.user)
    first, second = (shown.by_handle(each).first() for each in (handle, other))
    if first is None or second is None:
        raise Http404
    return first, second


@require_safe
@paced_reading
def compare(request: HttpRequest, handle: str, other: str) -> HttpResponse:
    """The same whichever is named first; the viewer's own side stands first."""
    if handle.lower() == other.lower():
        member = User.objects.by_handle(handle).filter(is_active=True).visible_to(request.user).first()
        if member is None:
            raise Http404
        return redirect(member)
    first, second = two_or_404(request, handle, other)
    if (first.handle, second.handle) != (handle, other):
        return redirect("taste:compare", first.handle, second.handle)
    pair = pair_of(first, second, request.user)
    match = shown_to(pair.a, pair.b, request.user, now=timezone.now())
    if match is None:
        raise Http404
    return for_one_reader(render(request, "taste/compare.html", context_of(pair, match)))


def context_of(pair: Pair, match: Match) -> dict[str, Any]:
    ratings: Ratings = half_stars(pair) if pair.reads_ratings else ({}, {}, {})
    rated = rated_by_both(ratings)
    shared = shared_artists(pair)
    apart = differences(rated)
    albums = Album.objects.select_related("artist").in_bulk([each.album_id for each in apart])
    canonical = sorted((pair.a.handle, pair.b.handle), key=str.lower)
    a, b = pair.voice(pair.a), pair.voice(pair.b)
    return {
        "pair": pair,
        "match": match,
        "member": pair.a,
        "other": pair.b,
        "viewer": pair.viewer,
        "a": a,
        "b": b,
        "terms": terms_of(match),
        "sentences": said(read(pair, ratings)) if match.is_enough else [],
        "shared": shared,
        "shared_finding": finding_of(shared, pair),
        "shared_table": table_of(shared, pair),
        "shared_csv": reverse("taste:compare_artists", args=[pair.a.handle, pair.b.handle]),
        "n_rated": len(rated),
        "apart": [(each, albums[each.album_id]) for each in apart if each.album_id in albums],
        "handed": handed(pair, ratings),
        "canonical": reverse("taste:compare", args=canonical),
        "picture": reverse("taste:compare_card", args=canonical) if is_public(pair) and match.is_enough else "",
        "is_listed": all(each.searchable for each in (pair.a, pair.b)) and not pair.is_own,
    }


def handed(pair: Pair, ratings: Ratings) -> list[tuple[str, bool, list[Handed]]]:
    """(heading, whether it is the viewer who receives, albums) each way; the viewer's own first."""
    of_a, of_b, _facts = ratings
    to_a = hand_over(pair.b, pair.a, pair, given=of_b, known=of_a)
    to_b = hand_over(pair.a, pair.b, pair, given=of_a, known=of_b)
    heading = _("From %(giver)s to %(receiver)s")
    a, b = pair.voice(pair.a).object, pair.voice(pair.b).object
    ways = [
        (heading % {"giver": b, "receiver": a}, pair.is_own, to_a),
        (heading % {"giver": a, "receiver": b}, False, to_b),
    ]
    return ways if to_a or to_b else []


def is_public(pair: Pair) -> bool:
    """A visitor may read the match, so that its picture may be posted; one query."""
    return may_compare(pair.a, pair.b, AnonymousUser())


@require_safe
@paced_reading
def artists_file(request: HttpRequest, handle: str, other: str) -> HttpResponse:
    """The artists whom both play, as CSV, for whoever may read both members' listens."""
    first, second = two_or_404(request, handle, other)
    if first.pk == second.pk:
        raise Http404
    pair = pair_of(first, second, request.user)
    if not pair.reads_listens:
        raise Http404
    shared: Shared = shared_artists(pair, n=N_IN_FILE)
    rows = [(row.artist.name, row.n_a, row.n_b, round(row.share_a, 6), round(row.share_b, 6)) for row in shared.rows]
    of_a, of_b = pair.a.handle, pair.b.handle
    head = ("artist", f"{of_a}_plays", f"{of_b}_plays", f"{of_a}_share", f"{of_b}_share")
    return for_one_reader(file_of("shared-artists", head, rows, ending="csv", about={}))


@require_safe
@paced_reading
def card(request: HttpRequest, handle: str, other: str) -> HttpResponse:
    """The match as a picture to post: what a visitor reads of it, and nothing where a visitor reads nothing."""
    visitor = AnonymousUser()
    shown = comparable(visitor)
    first, second = (shown.by_handle(each).first() for each in sorted((handle, other), key=str.lower))
    match = shown_to(first, second, visitor, now=timezone.now()) if first and second else None
    if match is None or not match.is_enough:
        raise Http404
    return as_picture(request, card_of(match), name=f"{match.a.handle}-{match.b.handle}")


@login_required
@never_cache
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """Whom the member matches best; where they are not compared with anybody, how to change that."""
    member = cast(User, request.user)
    context = {"member": member, "nearest": nearest_to(member, n=N_NEAREST), "shows_matches": member.shows_matches}
    return render(request, "taste/matches.html", context)
